// The dialog in which a person chooses the model.

import { expect, type Locator, type Page } from '@playwright/test';

export class ModelsDialog {
  readonly opener: Locator;
  readonly dialog: Locator;
  readonly radios: Locator;
  readonly lookAgain: Locator;

  constructor(page: Page) {
    this.opener = page.getByRole('button', { name: /^Model/ });
    this.dialog = page.getByRole('dialog', { name: 'Models' });
    this.radios = this.dialog.getByRole('radio');
    this.lookAgain = this.dialog.getByRole('button', { name: 'Look again' });
  }

  async show(): Promise<void> {
    await this.opener.click();
    await expect(this.dialog).toBeVisible();
  }

  async close(): Promise<void> {
    await this.dialog.press('Escape');
    await expect(this.dialog).toBeHidden();
  }

  radio(name: string | RegExp): Locator {
    return this.dialog.getByRole('radio', { name });
  }

  /** All that is said of a model, by its name or its file. */
  line(text: string | RegExp): Locator {
    return this.dialog.locator('label').filter({ hasText: text });
  }

  async choose(name: string | RegExp): Promise<void> {
    await this.show();
    await this.radio(name).click();
    await expect(this.dialog).toBeHidden();
  }
}
