// The page as a person sees it, by accessible names.

import { expect, type Locator, type Page } from '@playwright/test';
import { Attachments } from './attachments';
import { EnginePanel } from './engine';
import { InstructionsDialog } from './instructions';
import { ModelsDialog } from './models';
import { SettingsDialog } from './settings';
import { Sidebar } from './sidebar';
import { type Seen, startWatching } from './watch';

/** What can be done with a message. */
export type Tool =
  | 'Copy message'
  | 'Edit message'
  | 'Write again'
  | 'Continue in a new chat'
  | 'Delete message'
  | 'More about this answer'
  | 'Version before'
  | 'Next version';

declare global {
  /** In `door.js`: fetches as the page does. */
  function wickFetch(address: string, init?: RequestInit): Promise<Response>;
  /** In `door.js`: what the page's socket shows. */
  function wickProtocols(): string[];
}

export class ChatPage {
  readonly message: Locator;
  readonly sendButton: Locator;
  readonly stopButton: Locator;
  readonly continueButton: Locator;
  readonly conversation: Locator;
  readonly said: Locator;
  readonly answers: Locator;
  readonly answer: Locator;
  readonly waiting: Locator;
  readonly queueButton: Locator;
  readonly editor: Locator;
  readonly temporary: Locator;
  readonly engine: Locator;
  readonly restButton: Locator;
  readonly endOfLeftOut: Locator;
  readonly notConnected: Locator;
  readonly sidebar: Sidebar;
  readonly enginePanel: EnginePanel;
  readonly models: ModelsDialog;
  readonly settings: SettingsDialog;
  readonly files: Attachments;
  readonly instructions: InstructionsDialog;

  constructor(readonly page: Page) {
    this.message = page.getByRole('textbox', { name: 'Message', exact: true });
    this.sendButton = page.getByRole('button', { name: 'Send', exact: true });
    this.stopButton = page.getByRole('button', { name: 'Stop', exact: true });
    this.continueButton = page.getByRole('button', { name: 'Continue', exact: true });
    this.conversation = page.getByRole('log', { name: 'Conversation' });
    this.said = this.conversation.getByRole('article', { name: 'You', exact: true });
    this.answers = this.conversation.getByRole('article', { name: /^(?!You$|Waiting$)/ });
    this.answer = this.answers.last();
    this.waiting = this.conversation.getByRole('article', { name: 'Waiting', exact: true });
    this.queueButton = page.getByRole('button', { name: 'Queue', exact: true });
    this.editor = this.conversation.getByRole('textbox', { name: 'Edited message' });
    this.temporary = page.getByRole('checkbox', { name: 'Temporary chat' });
    this.engine = page.getByRole('contentinfo');
    this.restButton = this.engine.getByRole('button', { name: 'Rest now', exact: true });
    this.endOfLeftOut = this.conversation.getByRole('separator', {
      name: 'The model no longer sees what is above this line',
    });
    this.notConnected = page
      .getByRole('status')
      .filter({ hasText: 'Not connected to Wick. Trying again.' });
    this.sidebar = new Sidebar(page);
    this.enginePanel = new EnginePanel(page);
    this.models = new ModelsDialog(page);
    this.settings = new SettingsDialog(page);
    this.files = new Attachments(page);
    this.instructions = new InstructionsDialog(page);
  }

  /** Opens the page, or a chat by its fragment, and waits until one can write. */
  async open(fragment = ''): Promise<void> {
    await this.page.goto(`/${fragment}`);
    await this.isReady();
  }

  async isReady(): Promise<void> {
    await expect(this.message).toBeEditable();
    await expect(this.sendButton.or(this.stopButton)).toBeVisible();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.isReady();
  }

  /** Another tab on what this one shows. */
  async anotherTab(): Promise<ChatPage> {
    const tab = new ChatPage(await this.page.context().newPage());
    await tab.page.goto(this.page.url());
    await tab.isReady();
    return tab;
  }

  /** Writes a message and sends it. */
  async say(text: string): Promise<void> {
    await this.message.fill(text);
    await this.sendButton.click();
  }

  /** Sends a message and waits until its answer has ended. */
  async ask(text: string): Promise<void> {
    const n_answers = await this.answers.count();
    await this.say(text);
    await expect(this.answers).toHaveCount(n_answers + 1);
    await this.hasAnswered();
  }

  /** Waits until there is an answer and it is not being written any more. */
  async hasAnswered(): Promise<void> {
    await expect(this.answer).toHaveAttribute('aria-busy', 'false', { timeout: 45_000 });
    await expect(this.sendButton).toBeVisible();
  }

  /** Lets the model go on with the answer, and waits until it has. */
  async goOn(): Promise<void> {
    const before = await this.textOf(this.answer);
    await this.continueButton.click();
    await expect.poll(() => this.textOf(this.answer)).not.toBe(before);
    await this.hasAnswered();
  }

  /** Waits until the answer, which is still being written, is longer than so many characters. */
  async isWriting(longerThan = 40): Promise<void> {
    const length = async () => (await this.textOf(this.answer)).length;
    // Whoever asks more often takes the time from the model.
    await expect.poll(length, { intervals: [100] }).toBeGreaterThan(longerThan);
    await expect(this.stopButton).toBeVisible();
  }

  /** Waits until the answer is this text. */
  async answersWith(text: string): Promise<void> {
    await expect.poll(() => this.textOf(this.answer)).toBe(text);
  }

  /** Presses a button under a message, which a mouse finds by pointing at the message first. */
  async press(message: Locator, button: Tool): Promise<void> {
    await message.hover();
    await message.getByRole('button', { name: button, exact: true }).click();
  }

  /** Writes something else in place of a message. */
  async edit(message: Locator, text: string): Promise<void> {
    await this.press(message, 'Edit message');
    await this.editor.fill(text);
    await this.editor.press('Control+Enter');
    await expect(this.editor).toBeHidden();
  }

  /** The text of a message alone, without the lines under it. */
  async textOf(message: Locator): Promise<string> {
    return message.evaluateAll(([article, ...others]) => {
      if (others.length) throw new Error('There are several such messages');
      return article?.querySelector('.markdown, .said')?.textContent ?? '';
    });
  }

  /** What the server says of itself. */
  async health(): Promise<{ status: string; engine: string }> {
    return this.page.evaluate(async () => (await wickFetch('/health')).json());
  }

  /** Notes from now on what the last answer shows, however briefly. */
  async watch(): Promise<() => Promise<Seen>> {
    return startWatching(this.page);
  }

  /** Whether the end of the conversation is in view. */
  async isAtEnd(): Promise<boolean> {
    return this.conversation.evaluate((log) => {
      const scroller = [log, ...ancestors(log)].find((it) => it.scrollHeight > it.clientHeight);
      return !scroller || scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < 4;

      function ancestors(of: Element): Element[] {
        return of.parentElement ? [of.parentElement, ...ancestors(of.parentElement)] : [];
      }
    });
  }
}
