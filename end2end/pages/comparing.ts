// The dialog in which a message goes to a second model, and the answers side by side.

import { expect, type Locator, type Page } from '@playwright/test';

export class ComparingDialog {
  readonly dialog: Locator;
  readonly model: Locator;
  readonly write: Locator;
  readonly columns: Locator;

  constructor(readonly page: Page) {
    this.dialog = page.getByRole('dialog', { name: 'Compare', exact: true });
    this.model = this.dialog.getByRole('group', { name: 'Model of the other answer' });
    this.write = this.dialog.getByRole('button', { name: 'Write it' });
    this.columns = page.getByRole('dialog', { name: 'Versions' }).locator('section');
  }

  /** Opens it from the palette. */
  async open(): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.getByRole('combobox').fill('compare');
    await this.page.keyboard.press('Enter');
    await expect(this.dialog).toBeVisible();
  }

  setting(name: string): Locator {
    return this.dialog.getByRole('textbox', { name, exact: true });
  }
}
