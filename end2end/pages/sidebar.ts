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

  constructor(private readonly page: Page) {
    this.navigation = page.getByRole('navigation', { name: 'Chats' });
    this.opener = page.getByRole('button', { name: 'Chats', exact: true });
    this.newChat = this.navigation.getByRole('button', { name: 'New chat' });
    this.links = this.navigation.getByRole('link');
    this.current = this.navigation.locator('[aria-current=page]');
    this.titleBox = this.navigation.getByRole('textbox', { name: 'Title' });
    this.undo = page.getByRole('button', { name: 'Undo' });
  }

  /** Opens the drawer where the list is one. */
  async show(): Promise<void> {
    if (await this.navigation.isHidden()) await this.opener.click();
    await expect(this.navigation).toBeVisible();
  }

  link(title: string): Locator {
    return this.navigation.getByRole('link', { name: title, exact: true });
  }

  async startRenaming(title: string): Promise<void> {
    await this.press(`Rename ${title}`, title);
    await expect(this.titleBox).toBeFocused();
  }

  async rename(title: string, to: string): Promise<void> {
    await this.startRenaming(title);
    await this.titleBox.fill(to);
    await this.titleBox.press('Enter');
  }

  async delete(title: string): Promise<void> {
    await this.press(`Delete ${title}`, title);
  }

  /** Presses a button of a chat, which a mouse finds by pointing at the chat first. */
  private async press(button: string, title: string): Promise<void> {
    await this.show();
    await this.link(title).hover();
    await this.navigation.getByRole('button', { name: button, exact: true }).click();
  }

  /** What the status line says beside "Undo". */
  get deleted(): Locator {
    return this.page.getByRole('status').filter({ has: this.undo });
  }
}
