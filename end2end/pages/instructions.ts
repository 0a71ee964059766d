// The dialogs of instructions, presets, and the exact prompt.

import { expect, type Locator, type Page } from '@playwright/test';

export class InstructionsDialog {
  readonly dialog: Locator;
  readonly field: Locator;
  readonly save: Locator;
  readonly close: Locator;
  readonly showPrompt: Locator;
  readonly presetName: Locator;
  readonly presets: Locator;
  readonly prompt: Locator;
  readonly promptText: Locator;

  constructor(private readonly page: Page) {
    this.dialog = page.getByRole('dialog', { name: 'Instructions' });
    this.field = this.dialog.getByRole('textbox', { name: 'Instructions for the model' });
    this.save = this.dialog.getByRole('button', { name: 'Save', exact: true });
    this.close = this.dialog.getByRole('button', { name: 'Close', exact: true });
    this.showPrompt = this.dialog.getByRole('button', { name: /how the exact prompt$/ });
    this.presetName = this.dialog.getByRole('textbox', { name: 'New preset' });
    this.presets = this.dialog.getByRole('group');
    this.prompt = page.getByRole('dialog', { name: 'The exact prompt' });
    this.promptText = this.prompt.getByRole('region', { name: 'Prompt' });
  }

  /** Goes to something by the palette. */
  private async go(to: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k');
    await expect(this.page.getByRole('combobox', { name: 'A chat, a model or something to do' })).toBeFocused();
    await this.page.keyboard.type(to);
    await this.page.keyboard.press('Enter');
  }

  async show(): Promise<void> {
    await this.go('instructions');
    await expect(this.dialog).toBeVisible();
  }

  /** Opens the dialog, saves these and leaves it. */
  async set(text: string): Promise<void> {
    await this.show();
    await this.field.fill(text);
    await this.save.click();
    await expect(this.dialog).toBeHidden();
  }

  async closePrompt(): Promise<void> {
    await this.prompt.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(this.prompt).toBeHidden();
  }

  /** Opens the exact prompt and waits until it is there. */
  async openPrompt(): Promise<void> {
    await this.go('exact prompt');
    await expect(this.promptText).toBeVisible();
  }

  preset(name: string): Locator {
    return this.dialog.getByRole('group', { name, exact: true });
  }

  /** Presses a button of a preset. */
  async press(name: string, button: 'Use' | 'Rename' | 'Delete'): Promise<void> {
    await this.preset(name).getByRole('button', { name: button, exact: true }).click();
  }

  forNewChats(name: string): Locator {
    return this.preset(name).getByRole('checkbox', { name: 'For new chats' });
  }

  async saveAsPreset(name: string): Promise<void> {
    await this.presetName.fill(name);
    await this.presetName.press('Enter');
    await expect(this.preset(name)).toBeVisible();
  }
}
