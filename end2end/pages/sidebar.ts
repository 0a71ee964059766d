// The list of chats; on a phone a drawer.

import { expect, type Locator, type Page } from '@playwright/test';

export class Sidebar {
  readonly navigation: Locator;
  readonly opener: Locator;
  readonly newChat: Locator;
  readonly links: Locator;
  readonly current: Locator;
  readonly titleBox: Locator;
  readonly undo: Locator;
  readonly options: Locator;
  readonly search: Locator;
  readonly hits: Locator;

  constructor(private readonly page: Page) {
    this.navigation = page.getByRole('navigation', { name: 'Chats' });
    this.opener = page.getByRole('button', { name: 'Chats', exact: true });
    this.newChat = this.navigation.getByRole('button', { name: 'New chat' });
    this.links = this.navigation.getByRole('link');
    this.current = this.navigation.locator('[aria-current=page]');
    this.options = page.getByRole('dialog', { name: 'Options' });
    this.titleBox = this.options.getByRole('textbox', { name: 'Title' });
    this.search = this.navigation.getByRole('searchbox', { name: 'Search chats' });
    this.hits = this.navigation.locator('.hit');
    this.undo = page.getByRole('button', { name: 'Undo' });
  }

  /** Opens the drawer where the list is one. */
  async show(): Promise<void> {
    // A drawer that is about to close can still be seen.
    const isDrawer = await this.opener.isVisible();
    if (isDrawer && (await this.opener.getAttribute('aria-expanded')) !== 'true') await this.opener.click();
    await expect(this.navigation).toBeVisible();
  }

  link(title: string): Locator {
    return this.navigation.getByRole('link', { name: title, exact: true });
  }

  /** What opens a chat when it stands behind the page's address. */
  async fragmentOf(title: string): Promise<string> {
    const link = this.page.locator('nav a[href^="#"]').filter({ hasText: title }).first();
    return (await link.getAttribute('href'))!;
  }

  folder(name: string): Locator {
    return this.navigation.getByRole('button', { name, exact: true });
  }

  /** Opens what can be done with a chat, which a mouse finds by pointing at the chat first. */
  async showOptions(title: string): Promise<void> {
    await this.show();
    await this.link(title).hover();
    await this.navigation.getByRole('button', { name: `Options of ${title}`, exact: true }).click();
    await expect(this.options).toBeVisible();
  }

  /** Presses a button of these options. */
  async choose(title: string, button: string): Promise<void> {
    await this.showOptions(title);
    await this.options.getByRole('button', { name: button, exact: true }).click();
  }

  async closeOptions(): Promise<void> {
    await this.options.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(this.options).toBeHidden();
  }

  async rename(title: string, to: string): Promise<void> {
    await this.showOptions(title);
    await this.titleBox.fill(to);
    await this.titleBox.press('Enter');
  }

  async delete(title: string): Promise<void> {
    await this.choose(title, 'Delete');
  }

  /** What the status line says beside "Undo". */
  get deleted(): Locator {
    return this.page.getByRole('status').filter({ has: this.undo });
  }
}
