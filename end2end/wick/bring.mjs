// Chats that are brought in as a file, which takes a running Wick one request for all of them.

/**
 * Where Wick is, and what a browser that is signed in shows it.
 * @typedef {{ url: string, headers: Record<string, string> }} Place
 */

/**
 * What is said and answered in turn. What an answer took is worked out where it is left out.
 * @typedef {{ said: string, answer: string, stats?: object | undefined }} Exchange
 */

/**
 * Brings in chats by their titles, with texts that a person and a model say in turn.
 * @param {Place} wick
 * @param {Record<string, string[]>} chats
 */
export async function bring(wick, chats) {
  const exchanges = (/** @type {string[]} */ texts) =>
    texts.flatMap((said, at) => (at % 2 === 0 ? [{ said, answer: texts[at + 1] ?? '' }] : []));
  await bringExchanges(wick, Object.fromEntries(Object.entries(chats).map(([title, texts]) => [title, exchanges(texts)])));
}

/**
 * Brings in chats by their titles, the newest last.
 * @param {Place} wick
 * @param {Record<string, Exchange[]>} chats
 */
export async function bringExchanges(wick, chats) {
  const state = { finished: { why: 'end_of_turn' } };
  const nothing = { n_tokens: 0, tokens_per_second: 0, first_token_ms: 0, n_read: 0 };
  const sent = Date.now();
  const list = Object.entries(chats).map(([title, exchanges]) => {
    const messages = exchanges.flatMap(({ said, answer, stats }, at) => {
      const model = { name: 'A model', state, ...(stats && { stats: { ...nothing, ...stats } }) };
      return [
        { parent: at === 0 ? null : 2 * at - 1, author: 'person', text: said, sent, is_shown: true },
        { parent: 2 * at, author: { model }, text: answer, sent, is_shown: true },
      ];
    });
    return { title, messages };
  });
  const body = JSON.stringify({ wick_archive: 1, chats: list });
  const headers = { ...wick.headers, 'content-type': 'application/octet-stream' };
  const taken = await fetch(`${wick.url}/import`, { method: 'POST', headers, body });
  if (!taken.ok) throw new Error(await taken.text());
}
