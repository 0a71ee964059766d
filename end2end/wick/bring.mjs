// Chats that are brought in as a file, which takes a running Wick one request for all of them.

/**
 * Brings in chats by their titles, with texts that a person and a model say in turn.
 * @param {string} url Where Wick is.
 * @param {Record<string, string[]>} chats
 */
export async function bring(url, chats) {
  const model = { name: 'A model', state: { finished: { why: 'end_of_turn' } } };
  /** @param {string} text @param {number} idx */
  const message = (text, idx) => {
    const parent = idx === 0 ? null : idx - 1;
    return { parent, author: idx % 2 === 0 ? 'person' : { model }, text, is_shown: true };
  };
  const list = Object.entries(chats).map(([title, texts]) => ({ title, messages: texts.map(message) }));
  const body = JSON.stringify({ wick_archive: 1, chats: list });
  const headers = { 'content-type': 'application/octet-stream' };
  const taken = await fetch(`${url}/import`, { method: 'POST', headers, body });
  if (!taken.ok) throw new Error(await taken.text());
}
