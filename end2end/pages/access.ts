// The dialog that says who may use Wick.

import { expect, type Locator, type Page } from '@playwright/test';

export class AccessDialog {
  readonly dialog: Locator;
  readonly close: Locator;
  readonly keyless: Locator;
  readonly made: Locator;
  readonly openOnPhone: Locator;
  readonly invited: Locator;
  readonly code: Locator;
  readonly phoneWantsIn: Locator;
  readonly plain: Locator;
  readonly app: Locator;

  constructor(readonly page: Page) {
    this.dialog = page.getByRole('dialog', { name: 'Who may use Wick' });
    this.close = this.dialog.getByRole('button', { name: 'Close', exact: true });
    this.keyless = this.dialog.getByRole('checkbox', { name: 'Programs on this computer need no key' });
    this.openOnPhone = this.dialog.getByRole('button', { name: 'Open on phone' });
    this.plain = this.dialog.getByRole('checkbox', { name: 'Without encryption' });
    this.app = this.dialog.getByRole('heading', { name: 'An app on this phone' });
    this.invited = this.dialog.locator('pre').filter({ hasText: '#pair=' });
    this.code = this.dialog.getByRole('img', { name: 'Code for the phone’s camera' });
    this.phoneWantsIn = page.getByRole('dialog', { name: 'A phone wants in' });
    this.made = this.dialog.getByRole('status').locator('pre');
  }

  async show(): Promise<void> {
    await this.page.getByRole('button', { name: 'Settings', exact: true }).click();
    await this.page.getByRole('button', { name: 'Browsers and programs' }).click();
    await expect(this.dialog.getByRole('heading', { name: 'Programs' })).toBeVisible();
  }

  /** Opens the dialog and the way in for phones; says the address that lets one in. */
  async invite(): Promise<string> {
    await this.show();
    await this.openOnPhone.click();
    return this.invited.innerText();
  }

  /** A browser or a key by its name. */
  row(name: string | RegExp): Locator {
    return this.dialog.getByRole('group', { name });
  }

  rows(): Locator {
    return this.dialog.getByRole('group').filter({ has: this.page.getByRole('button') });
  }

  /** Makes a key and says it. */
  async makeKey(name: string): Promise<string> {
    await this.dialog.getByLabel('Name', { exact: true }).fill(name);
    await this.dialog.getByRole('button', { name: 'Make a key' }).click();
    await expect(this.row(name)).toBeVisible();
    return this.made.innerText();
  }
}
