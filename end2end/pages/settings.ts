// The dialog of settings.

import { expect, type Locator, type Page } from '@playwright/test';

/** The fields of sampling, as they are labelled. */
export type Field =
  | 'Temperature'
  | 'Top-k'
  | 'Top-p'
  | 'Min-p'
  | 'Repeat penalty'
  | 'Seed'
  | 'Longest answer'
  | 'Stop strings'
  | 'Format';

export class SettingsDialog {
  readonly opener: Locator;
  readonly dialog: Locator;
  readonly save: Locator;
  readonly close: Locator;
  readonly defaults: Locator;

  constructor(private readonly page: Page) {
    this.opener = page.getByRole('button', { name: 'Settings', exact: true });
    this.dialog = page.getByRole('dialog', { name: 'Settings' });
    this.save = this.dialog.getByRole('button', { name: 'Save', exact: true });
    this.close = this.dialog.getByRole('button', { name: 'Close', exact: true });
    this.defaults = this.dialog.getByRole('button', { name: 'Back to defaults' });
  }

  field(name: Field): Locator {
    return this.dialog.getByLabel(name, { exact: true });
  }

  theme(name: 'System' | 'Light' | 'Dark' | 'Contrast'): Locator {
    return this.dialog.getByRole('radio', { name });
  }

  async show(): Promise<void> {
    await this.opener.click();
    await expect(this.dialog).toBeVisible();
  }

  async fill(values: Partial<Record<Field, string>>): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      await this.field(name as Field).fill(value);
    }
  }

  /** Opens the dialog, saves these values and leaves it. */
  async set(values: Partial<Record<Field, string>>): Promise<void> {
    await this.show();
    await this.fill(values);
    await this.save.click();
    await expect(this.dialog).toBeHidden();
  }

  /** Makes this the longest answer, as another page would that is open beside this one. */
  async limitTo(tokens: number | null): Promise<void> {
    await this.page.evaluate(limitTo, tokens);
  }
}

/** Says to the server, within a page, how many tokens an answer has at the most. */
function limitTo(tokens: number | null): Promise<void> {
  const socket = new WebSocket(`ws://${location.host}/ws`, wickProtocols());
  socket.onopen = () => socket.send(JSON.stringify({ hello: { seen: null, chat: null, reached: null } }));
  return new Promise((done, fail) => {
    socket.onerror = () => fail(new Error('The server can not be reached'));
    socket.onmessage = ({ data }) => {
      const { welcome, news } = JSON.parse(data);
      if (welcome) socket.send(JSON.stringify({ set_sampling: { sampling: { ...welcome.sampling, max_tokens: tokens } } }));
      if (!news?.what.sampling_changed) return;
      socket.close();
      done();
    };
  });
}
