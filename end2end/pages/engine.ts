// The engine's panel.

import { expect, type Locator, type Page } from '@playwright/test';

export class EnginePanel {
  readonly opener: Locator;
  readonly dialog: Locator;
  readonly picture: Locator;
  readonly rest: Locator;
  readonly close: Locator;

  constructor(readonly page: Page) {
    this.opener = page.getByRole('button', { name: 'Engine', exact: true });
    this.dialog = page.getByRole('dialog', { name: 'Engine' });
    this.picture = this.dialog.getByRole('img');
    this.rest = this.dialog.getByRole('button', { name: 'Rest now', exact: true });
    this.close = this.dialog.getByRole('button', { name: 'Close', exact: true });
  }

  reachesBack(span: 'Minutes' | 'Hour' | 'Day'): Locator {
    return this.dialog.getByRole('radio', { name: span });
  }

  async show(): Promise<void> {
    await this.opener.click();
    await expect(this.dialog).toBeVisible();
  }

  /** Waits until the picture is there. */
  async isShown(): Promise<void> {
    const width = () =>
      this.picture.evaluate((it) => (it instanceof HTMLImageElement && it.complete ? it.naturalWidth : 0));
    await expect.poll(width).toBeGreaterThan(0);
  }

  /** Waits until the picture that is shown was asked for from now on. */
  async showsNew(): Promise<void> {
    const asked = await this.address();
    await expect.poll(() => this.address()).not.toBe(asked);
    await this.isShown();
  }

  /** What the picture that is shown was asked for. */
  async address(): Promise<string> {
    return (await this.picture.getAttribute('data-of')) ?? '';
  }

  /** The picture that is shown, as text. */
  async text(): Promise<string> {
    const drawn = (await this.picture.getAttribute('src')) ?? '';
    return decodeURIComponent(drawn.replace('data:image/svg+xml,', ''));
  }
}
