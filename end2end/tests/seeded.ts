import { expect } from '@playwright/test';
import type { ChatPage } from '../pages/chat';
import { bringExchanges, type Exchange } from '../wick/bring.mjs';
import type { Wick } from '../wick/wick';

/** Brings in chats with these answers, by their titles, and opens the last one as a fresh page. */
export async function openSeeded(
  chat: ChatPage,
  wick: Wick,
  answers: Record<string, string | Exchange[]>,
): Promise<void> {
  const exchanges = Object.entries(answers).map(([title, answer]) => {
    return [title, typeof answer === 'string' ? [{ said: 'Well?', answer }] : answer];
  });
  await bringExchanges(wick, Object.fromEntries(exchanges));
  const fragment = await chat.sidebar.fragmentOf(Object.keys(answers).at(-1)!);
  // Not as a link, which would be followed within the page that is there.
  await chat.page.evaluate((fragment) => history.replaceState(null, '', fragment), fragment);
  await chat.reload();
  // Such a line stands under an answer that was not put there as Wick itself would have.
  await expect(chat.answer).not.toContainText('another version of Wick');
}
