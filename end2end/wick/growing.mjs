// Answers that arrive at a page over its own socket, from this process, a token at a time.

/** Tokens that arrive in a second. */
export const PACE = 100;

const PARAGRAPH = `A lighthouse warns ships with **light**, and in fog with *sound*. The keeper lights the lamp when the sun
sets, and a lens gathers its light into beams that turn, so that each lighthouse has a \`rhythm\` of its own.`;

/** What an answer says, again and again: some 200 tokens of what answers consist of. */
export const SAMPLE = `${`${PARAGRAPH}\n\n`.repeat(3)}
1. The lamp burns oil, **gas** or nothing at all.
2. The lens is made of *rings* of glass.

| Name | Built | Height |
|------|------:|-------:|
| Pharos | 280 BC | 103 m |
| Eddystone | 1882 | 49 m |

\`\`\`js
function isVisible(height, distance) {
  return distance < 3.57 * Math.sqrt(height);
}
\`\`\`

`;

/** A token that begins in one may end in the next. */
const ON = SAMPLE.repeat(2);

/** Such an answer, at the end of the chat that a page shows. */
export class Growing {
  /** Bytes that were sent of it. */
  bytes = 0;

  /**
   * @param {import('@playwright/test').Page} page
   * @param {import('./between.mjs').Between} between
   * @param {number} message Its number.
   */
  constructor(page, between, message) {
    this.page = page;
    this.between = between;
    this.message = message;
  }

  /** The id of its element. */
  get id() {
    return `m${this.message}`;
  }

  /**
   * Begins one.
   * @param {import('@playwright/test').Page} page
   * @param {import('./between.mjs').Between} between
   */
  static async begin(page, between) {
    const { chat, after } = await page.evaluate(() => ({
      chat: Number(location.hash.slice(1)),
      after: Number([...document.querySelectorAll('article')].at(-1)?.id.slice(1)),
    }));
    const message = after + 1;
    const author = { model: { name: 'A model', state: 'writing', stats: null } };
    between.say({ thread_changed: { chat, after, messages: [{ id: message, chat, author, text: '' }], forks: [] } });
    return new Growing(page, between, message);
  }

  /**
   * Lets this arrive at once.
   * @param {string} text
   */
  say(text) {
    this.between.say({ delta: { message: this.message, at: this.bytes, text } });
    this.bytes += Buffer.byteLength(text);
  }

  /**
   * Lets it grow for so many seconds, by tokens of so many characters.
   * @param {{ seconds: number, token: number }} how
   */
  async grow({ seconds, token }) {
    let n_sent = 0;
    const began = performance.now();
    await new Promise((done) => {
      const timer = setInterval(() => {
        const due = Math.min((performance.now() - began) / 1000, seconds) * PACE;
        for (; n_sent < due; n_sent++) {
          const from = (n_sent * token) % SAMPLE.length;
          this.say(ON.slice(from, from + token));
        }
        if (n_sent < seconds * PACE) return;
        clearInterval(timer);
        done(undefined);
      }, 1000 / PACE);
    });
  }

  /**
   * Lets it grow like that, and end.
   * @param {{ seconds: number, token: number }} how
   */
  async growToItsEnd(how) {
    await this.grow(how);
    await this.end();
  }

  /** Ends it. */
  async end() {
    this.between.say({ state_changed: { message: this.message, state: { finished: { why: 'end_of_turn' } } } });
    // A locator looks at every element, for which a browser keeps something that is not of the page.
    await this.page.waitForFunction((id) => document.getElementById(id)?.ariaBusy === 'false', this.id);
  }
}
