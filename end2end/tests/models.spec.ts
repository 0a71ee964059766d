import { appendFileSync, copyFileSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures';
import { GEMMA, realModels, STARTER } from '../wick/places.mjs';
import * as broken from '../wick/broken';

test.describe('with two models', () => {
  test.use({ modelFiles: [STARTER, GEMMA] });

  test('the picker says what there is to know of each model', async ({ chat }) => {
    await chat.models.show();

    await expect(chat.models.radios).toHaveCount(2);
    const starter = chat.models.line(/smollm2/i);
    await expect(starter).toContainText('98 MB');
    await expect(starter).toContainText('Q4_1');
    await expect(starter).toContainText('135M');
    await expect(starter).toContainText('8,192');
    await expect(starter).toContainText('on disk');
    await expect(starter).toContainText(/fits: needs 1\d\d MB, [\d.]+ GB are free/);
    const gemma = chat.models.line(/gemma/i);
    await expect(gemma).toContainText('253 MB');
    await expect(gemma).toContainText('Q4_K_M');
    await expect(gemma).toContainText('messages laid out as ChatML, because the file has no template');
    await expect(starter).not.toContainText('ChatML');
  });

  test('a model is on disk, then loading in per cent, then ready, and stays so when another one answers', async ({ chat, wick }) => {
    await chat.models.choose(/gemma/i);
    await expect(chat.models.opener).toHaveAccessibleName(/gemma/i);
    await chat.settings.limitTo(8);
    const second = await chat.anotherTab();
    await second.models.show();
    const states = await second.page.evaluateHandle(() => {
      const states: string[] = [];
      const look = () => {
        const text = document.querySelector('dialog[open]')?.textContent ?? '';
        const state = /loading \d+ %|ready/.exec(text)?.[0] ?? 'on disk';
        if (states.at(-1) !== state) states.push(state);
      };
      look();
      new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
      return states;
    });
    const watched = await chat.watch();

    await chat.ask('Once upon a time');

    const { loading } = await watched();
    expect(loading.length, 'distinct percentages').toBeGreaterThan(1);
    expect(loading).toEqual(loading.toSorted((a, b) => a - b));
    expect(Math.max(...loading)).toBeLessThanOrEqual(100);
    await expect(second.models.line(/gemma/i)).toContainText('ready');
    await expect(second.models.line(/smollm2/i)).toContainText('on disk');
    const seen = await states.jsonValue();
    expect(seen[0]).toBe('on disk');
    expect(seen.at(-1)).toBe('ready');
    expect(seen.slice(1, -1).join()).toMatch(/loading \d+ %/);
    await expect(chat.answer).toHaveAccessibleName(/gemma/i);
    await second.page.close();

    await chat.models.choose(/smollm2/i);
    await chat.ask('Hello again');

    await expect(chat.answers.first()).toHaveAccessibleName(/gemma/i);
    await expect(chat.answers.last()).toHaveAccessibleName(/smollm2/i);
    expect(wick.engines(), 'both stay loaded').toHaveLength(2);
    await chat.models.show();
    await expect(chat.models.line(/gemma/i)).toContainText('ready');
    await chat.models.close();

    await chat.models.choose(/gemma/i);
    await chat.page.goto('about:blank');
    await wick.stop();
    await wick.startAgain();
    await chat.open();
    await expect(chat.models.opener).toHaveAccessibleName(/gemma/i);
  });
});

test('Look again finds a model that was put there meanwhile', async ({ chat, wick }) => {
  await chat.models.show();
  await expect(chat.models.dialog).toContainText(wick.models);
  symlinkSync(join(realModels, GEMMA), join(wick.models, GEMMA));

  await chat.models.lookAgain.click();

  await expect(chat.models.radios).toHaveCount(2);
  rmSync(join(wick.models, GEMMA));
  await chat.models.lookAgain.click();
  await expect(chat.models.radios).toHaveCount(1);
});

test('files that are no use are listed with a sentence, and the good one still works', async ({ chat, wick }) => {
  broken.noGguf(join(wick.models, 'letter.gguf'));
  broken.truncated(join(wick.models, 'half.gguf'));
  await chat.models.show();
  await chat.models.lookAgain.click();
  await expect(chat.models.radios).toHaveCount(3);
  await expect(chat.models.line(/^letter /)).not.toContainText('are free');

  await expect(chat.models.line(/^letter /)).toContainText(/not a GGUF/i);
  await expect(chat.models.line(/^half /)).toContainText(/cut off/);
  for (const name of [/^letter /, /^half /]) {
    await expect(chat.models.line(name).getByRole('radio')).toBeDisabled();
  }

  await chat.models.close();
  await chat.settings.limitTo(5);
  await chat.ask('Hello');
  await expect(chat.answer).toContainText(/\d tokens?, /);
});

test('a model that is too big for this computer is not loaded, and another one can answer', async ({ chat, wick }) => {
  broken.tooBig(join(wick.models, 'huge.gguf'));
  await chat.models.show();
  await chat.models.lookAgain.click();
  await expect(chat.models.line(/^huge /)).toContainText(
    /won't fit: needs 9\d\d\.\d GB, .* are free\. A smaller model or a stronger quantisation would help/,
  );
  await chat.models.line(/^huge /).getByRole('radio').click();
  await expect(chat.models.dialog).toBeHidden();

  await chat.say('Hello');

  await expect(chat.answer).toContainText(/needs about 9\d\d\.\d GB of memory and .* are free/);
  expect(wick.engines()).toEqual([]);
  await chat.models.choose(/SmolLM2-135M-Instruct/);
  await chat.settings.limitTo(5);
  await chat.conversation.getByRole('button', { name: 'Try again' }).click();
  await expect(chat.answer).toContainText(/\d tokens?, /);
});

test('a model that seems too big can be loaded anyway', async ({ chat, wick }) => {
  const { conversation, models } = chat;
  broken.hungry(join(wick.models, 'hungry.gguf'));
  await models.show();
  await models.lookAgain.click();
  await models.line(/^hungry /).getByRole('radio').click();
  await expect(models.dialog).toBeHidden();
  await chat.settings.limitTo(5);
  await chat.say('Hello');
  const loadAnyway = conversation.getByRole('button', { name: 'Load anyway' });
  await expect(loadAnyway).toBeVisible();

  await conversation.getByRole('button', { name: 'Try again' }).click();
  await expect(loadAnyway, 'trying again asks again').toBeVisible();
  await chat.reload();
  await loadAnyway.click();

  await expect(chat.answer).toContainText(/\d tokens?, /);
  await expect(loadAnyway).toHaveCount(0);
  await expect(chat.answer).toHaveAccessibleName('hungry');
});

test.describe('a file that changes after it was listed', () => {
  test.use({ modelFiles: [] });

  test('is said to be no use, and works again when it is whole again', async ({ chat, wick }) => {
    const file = join(wick.models, 'model.gguf');
    copyFileSync(join(realModels, STARTER), file);
    await chat.models.show();
    await chat.models.lookAgain.click();
    await expect(chat.models.radios).toHaveCount(1);
    await chat.models.close();
    await chat.settings.limitTo(5);
    truncateSync(file, 40_000_000);

    await chat.say('Are you there?');

    await expect(chat.page.getByText('Are you there?').first()).toBeVisible();
    const reason = chat.conversation.or(chat.page.getByRole('alert')).getByText(/model|file/i);
    await expect(reason.first()).toBeVisible();
    await chat.isReady();
    expect(wick.log).not.toContain('panicked');

    copyFileSync(join(realModels, STARTER), `${file}.new`);
    renameSync(`${file}.new`, file);
    await chat.models.show();
    await chat.models.lookAgain.click();
    await expect(chat.models.radios.first()).toBeEnabled();
    await chat.models.close();
    await chat.sidebar.newChat.click();
    await chat.ask('And now?');
    await expect(chat.answer).toContainText(/\d tokens?, /);
  });

  test('is said to be damaged when the header is nonsense', async ({ chat, wick }) => {
    const file = join(wick.models, 'model.gguf');
    broken.noGguf(file);
    appendFileSync(file, 'more');
    await chat.models.show();
    await chat.models.lookAgain.click();

    await expect(chat.models.line(/^model /)).toContainText(/not a GGUF/i);
    await expect(chat.models.opener).toHaveAccessibleName('Model: none');
  });
});
