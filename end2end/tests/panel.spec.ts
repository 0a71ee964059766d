import { expect, test } from '../fixtures';

test('the engine panel shows what happened, as a picture', async ({ chat, page }) => {
  const panel = chat.enginePanel;
  await chat.settings.limitTo(20);
  await expect(panel.opener).toHaveAttribute('aria-expanded', 'false');
  await panel.show();
  await panel.isShown();
  await expect(page.locator('button[aria-label=Engine]')).toHaveAttribute('aria-expanded', 'true');
  expect(await panel.text()).toContain('Nothing has been loaded');
  await page.keyboard.press('Escape');
  await expect(panel.dialog).toBeHidden();
  await expect(panel.opener).toBeFocused();

  await chat.ask('Hello');
  await panel.show();
  await panel.isShown();
  await expect(panel.dialog).toContainText(/SmolLM2-135M-Instruct: ready, \d+ MB: weights \d+ MB/);
  await expect(panel.picture).toHaveAccessibleName(/Engine: \d+ MB: weights \d+ MB/);
  const svg = await panel.text();
  for (const says of ['SmolLM2-135M-Instruct loaded', 'context 2,048', 'at most']) expect(svg).toContain(says);
  expect(svg, 'samples').toMatch(/<path d="M[\d.]+ [\d.]+(L[\d.]+ [\d.]+){3,}" fill="#/);

  await panel.rest.click();
  await expect(panel.dialog).toContainText('Nothing is loaded.');
  await panel.showsNew();
  expect(await panel.text()).toContain('ended at rest');
  await panel.close.click();
  await expect(panel.dialog).toBeHidden();
});

test('the picture is renewed in its place, and only while it is shown', async ({ chat, page }) => {
  await page.clock.install();
  // Timers of before can't be taken back any more.
  await chat.reload();
  const panel = chat.enginePanel;
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/engine.svg')) asked.push(request.url());
  });
  await panel.show();
  await panel.isShown();
  const place = await panel.picture.boundingBox();
  const { width, height } = place!;
  const drawn = await panel.picture.evaluate((it) => (it instanceof HTMLImageElement ? [it.naturalWidth, it.naturalHeight] : []));
  expect(drawn[0]! / drawn[1]!, 'drawn as wide as it is shown').toBeCloseTo(width / height, 1);

  await panel.showsNew();
  expect(await panel.picture.boundingBox()).toEqual(place);
  await panel.reachesBack('Hour').check();
  await expect.poll(() => panel.address()).toContain('minutes=60');
  expect(await panel.picture.boundingBox()).toEqual(place);

  await panel.close.click();
  await expect(panel.dialog).toBeHidden();
  asked.length = 0;
  await page.clock.runFor(10_000);
  await chat.health();
  expect(asked).toEqual([]);
});

test('the picture has the colours of the page', async ({ chat, page }) => {
  const panel = chat.enginePanel;
  await page.emulateMedia({ colorScheme: 'light' });
  await panel.show();
  await expect.poll(() => panel.address()).toContain('theme=light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => panel.address()).toContain('theme=dark');
  await panel.close.click();
  await chat.settings.show();
  await chat.settings.theme('Light').check();
  await chat.settings.close.click();
  await panel.show();
  await expect.poll(() => panel.address()).toContain('theme=light');
});
