import { expect, test } from '../fixtures';
import { GREEDY } from './words';

test.use({ byChance: true });

test('what is set is kept, and defaults come back', async ({ chat }) => {
  await chat.settings.set({ Temperature: '0.3', 'Top-k': '12', 'Longest answer': '77', 'Stop strings': 'END\nSTOP' });
  // The page shows what the server has heard of.
  await chat.settings.show();
  await expect(chat.settings.field('Temperature')).toHaveValue('0.3');

  await chat.reload();
  await chat.settings.show();
  await expect(chat.settings.field('Temperature')).toHaveValue('0.3');
  await expect(chat.settings.field('Top-k')).toHaveValue('12');
  await expect(chat.settings.field('Longest answer')).toHaveValue('77');
  await expect(chat.settings.field('Stop strings')).toHaveValue('END\nSTOP');

  await chat.settings.defaults.click();
  await expect(chat.settings.field('Temperature')).toHaveValue('0.8');
  await expect(chat.settings.field('Top-k')).toHaveValue('40');
  await expect(chat.settings.field('Longest answer')).toHaveValue('');
  await expect(chat.settings.field('Stop strings')).toHaveValue('');
});

test('what is set on another page is shown, and what is written here stays', async ({ chat }) => {
  await chat.settings.show();
  await chat.settings.limitTo(55);
  await expect(chat.settings.field('Longest answer')).toHaveValue('55');
  await chat.settings.fill({ Temperature: '0.4' });
  await chat.settings.limitTo(66);
  await expect(chat.settings.field('Longest answer')).toHaveValue('55');
  await chat.settings.save.click();
  await expect(chat.settings.dialog).toBeHidden();
  await chat.settings.show();
  await expect(chat.settings.field('Temperature')).toHaveValue('0.4');
  await expect(chat.settings.field('Longest answer')).toHaveValue('55');
});

test('answers keep to a format, which is kept, and one that can not be used is said', async ({ chat }) => {
  const schema = '{"enum": ["red", "blue"]}';
  await chat.settings.set({ Format: schema });

  await chat.ask('Name a colour.');
  expect(await chat.textOf(chat.answer)).toMatch(/^"(red|blue)"$/);

  await chat.reload();
  await chat.settings.show();
  await expect(chat.settings.field('Format')).toHaveValue(schema);
  await chat.settings.defaults.click();
  await expect(chat.settings.field('Format')).toHaveValue('');
  await chat.settings.fill({ Format: '{"type": "tower"}' });
  await chat.settings.save.click();
  await expect(chat.settings.dialog).toBeHidden();

  await chat.say('Name a tower.');

  await expect(chat.answers).toHaveCount(2);
  await expect(chat.answer).toContainText("The format of answers can't be used");
});

test('Close leaves everything as it was, and a value out of range is said beside its field and not saved', async ({ chat }) => {
  await chat.settings.show();
  await chat.settings.field('Temperature').fill('0.1');
  await chat.settings.close.click();
  await expect(chat.settings.dialog).toBeHidden();

  await chat.settings.show();
  await expect(chat.settings.field('Temperature')).toHaveValue('0.8');
  await chat.settings.field('Temperature').fill('9');
  await chat.settings.save.click();

  await expect(chat.settings.dialog).toContainText('Temperature is 9; it goes from 0 to 5');
  // The field has the focus, and nothing lies over it.
  const field = chat.settings.field('Temperature');
  await expect(field).toBeFocused();
  const seen = await field.evaluate((it) => {
    const { left, top, bottom } = it.getBoundingClientRect();
    return [top + 4, bottom - 4].map((y) => document.elementFromPoint(left + 20, y) === it);
  });
  expect(seen).toEqual([true, true]);
  await expect(chat.settings.dialog).toBeVisible();
  await chat.reload();
  await chat.settings.show();
  await expect(chat.settings.field('Temperature')).toHaveValue('0.8');
});

test('the same seed gives the same answer, and temperature 0 needs none', async ({ chat }) => {
  const question = 'Tell me about the sea.';
  const answers: string[] = [];
  await chat.settings.set({ Temperature: '1.2', Seed: '7', 'Longest answer': '12' });
  for (const _ of [1, 2]) {
    await chat.sidebar.newChat.click();
    await chat.ask(question);
    answers.push(await chat.textOf(chat.answer));
  }
  await chat.settings.set({ Seed: '8' });
  await chat.sidebar.newChat.click();
  await chat.ask(question);
  answers.push(await chat.textOf(chat.answer));

  expect(answers[1]).toBe(answers[0]);
  expect(answers[2]).not.toBe(answers[0]);
});

test('the longest answer ends it and it can be continued, and a stop string ends it for good', async ({ chat }) => {
  await chat.settings.set({ ...GREEDY, 'Longest answer': '20' });
  await chat.ask('Tell me about the sea.');
  await expect(chat.answer).toContainText('20 tokens');
  const first = await chat.textOf(chat.answer);
  await chat.goOn();
  expect(await chat.textOf(chat.answer)).toContain(first.trimEnd());
  const whole = (await chat.textOf(chat.answer)).trim();
  const stop = /\w+ \w+$/.exec(whole.slice(0, 60).replace(/\s+\S*$/, ''))![0];

  await chat.settings.set({ 'Stop strings': stop });
  await chat.sidebar.newChat.click();
  await chat.ask('Tell me about the sea.');

  const cut = (await chat.textOf(chat.answer)).trim();
  expect(cut).toBe(whole.slice(0, whole.indexOf(stop)).trim());
  await expect(chat.continueButton).toBeHidden();
});

test('a theme is applied at once and before the first paint of the next load', async ({ chat }) => {
  const isLight = () => chat.page.evaluate(isPageLight);
  for (const theme of ['Light', 'Dark'] as const) {
    await chat.page.emulateMedia({ colorScheme: theme === 'Light' ? 'dark' : 'light' });

    await chat.settings.show();
    await chat.settings.theme(theme).check();

    await expect.poll(isLight).toBe(theme === 'Light');
    await chat.page.goto('/', { waitUntil: 'commit' });
    await chat.page.waitForFunction(() => document.styleSheets.length && document.body);
    expect(await isLight()).toBe(theme === 'Light');
    await chat.isReady();
    expect(await isLight()).toBe(theme === 'Light');
  }
});

function isPageLight(): boolean {
  const colours = [document.body, document.documentElement].map((it) => getComputedStyle(it).backgroundColor);
  const colour = colours.find((it) => it !== 'rgba(0, 0, 0, 0)') ?? 'rgb(255, 255, 255)';
  // Painted, because a colour may be written in ways that are hard to read.
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).every((it) => it > 127);
}
