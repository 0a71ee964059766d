// Opening a chat, measured.

/**
 * Loads the page anew and presses the link of the first chat; tells when its last message was there and
 * painted, and when all were, in milliseconds.
 * @param {import('@playwright/test').Page} page
 * @param {string} url Where Wick is.
 * @param {string} title Of that chat.
 * @param {number} n_messages In it.
 */
export async function open(page, url, title, n_messages) {
  await page.goto('about:blank');
  await page.goto(url);
  await page.getByRole('link', { name: title }).waitFor();
  return page.evaluate(async (n_messages) => {
    const link = document.querySelector('.chat a');
    if (!(link instanceof HTMLElement)) throw new Error('There is no chat');
    const began = performance.now();
    link.click();
    // Laid out and painted, not only made.
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    /** @param {number} least */
    const there = async (least) => {
      while (document.querySelectorAll('article').length < least) await painted();
      await painted();
      return performance.now() - began;
    };
    return { end: await there(1), all: await there(n_messages) };
  }, n_messages);
}
