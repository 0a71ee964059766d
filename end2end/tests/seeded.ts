import { expect } from '@playwright/test';
import type { ChatPage } from '../pages/chat';
import { type Exchange, seedChat } from '../wick/database';
import type { Wick } from '../wick/wick';

/** Puts chats with these answers into the database, by their titles, and opens the last one. */
export async function openSeeded(
  chat: ChatPage,
  wick: Wick,
  answers: Record<string, string | Exchange[]>,
): Promise<void> {
  await chat.page.goto('about:blank');
  await wick.stop();
  const ids = Object.entries(answers).map(([title, answer]) => {
    const exchanges = typeof answer === 'string' ? [{ said: 'Well?', answer }] : answer;
    return seedChat(wick.data, title, exchanges);
  });
  await wick.startAgain();
  await chat.open(`#${ids.at(-1)}`);
  // Such a line stands under an answer that was not put there as Wick itself would have.
  await expect(chat.answer).not.toContainText('another version of Wick');
}
