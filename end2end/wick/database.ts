// The chats on the disk, read and written from outside, through Python's SQLite.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface StoredMessage {
  id: number;
  chat: number;
  author: string;
  text: string;
  state: string | null;
}

/** Every message, oldest first. */
export function messages(data: string): StoredMessage[] {
  return run(data, 'select id, chat, author, text, state from message order by id');
}

/** All that is kept, as SQL. */
export function contents(data: string): string {
  const dump = 'import sqlite3, sys; print("\\n".join(sqlite3.connect(sys.argv[1]).iterdump()))';
  const options = { encoding: 'utf8', maxBuffer: 1 << 26 } as const;
  return execFileSync('python3', ['-c', dump, join(data, 'wick.db')], options);
}

/** A message and the answer to it. */
export interface Exchange {
  said: string;
  answer: string;
  /** What the answer took, as far as that is not nothing. */
  stats?: object;
}

/** Puts so many chats with these there, and says the number of the last. Wick must not run. */
export function seedChat(data: string, title: string, exchanges: Exchange[], n_chats = 1): number {
  const now = Date.now();
  if (1 < n_chats) {
    const numbers = 'with recursive n (x) as (select 2 union all select x + 1 from n where x < ?)';
    const sql = `${numbers} insert into chat (title, created, changed) select ?, ?, ? from n`;
    run(data, sql, n_chats, title, now, now);
  }
  const chat = insert(data, 'chat', { title, created: now, changed: now });
  const nothing = { n_tokens: 0, tokens_per_second: 0, first_token_ms: 0, n_read: 0 };
  let last: number | null = null;
  for (const { said, answer, stats } of exchanges) {
    const person = { chat, parent: last, author: 'person', text: said, sent: now };
    last = insert(data, 'message', {
      chat,
      parent: insert(data, 'message', person),
      author: 'model',
      model: 'A model',
      text: answer,
      state: JSON.stringify({ finished: { why: 'end_of_turn' } }),
      stats: JSON.stringify(stats ? { ...nothing, ...stats } : null),
      sent: now,
    });
  }
  return chat;
}

/** Keeps what a person would choose in the page. Wick must not run. */
export function seedSetting(data: string, name: string, value: unknown): void {
  run(data, 'insert or replace into setting values (?, ?) returning name', name, JSON.stringify(value));
}

function insert(data: string, table: string, row: Record<string, string | number | null>): number {
  const names = Object.keys(row);
  const places = names.map(() => '?');
  const sql = `insert into ${table} (${names}) values (${places}) returning id`;
  return run(data, sql, ...Object.values(row))[0].id;
}

const PROGRAM = `
import json, sqlite3, sys
file, sql, values = sys.argv[1], sys.argv[2], json.load(sys.stdin)
with sqlite3.connect(file) as database:
    database.row_factory = sqlite3.Row
    print(json.dumps([dict(row) for row in database.execute(sql, values)]))
`;

function run(data: string, sql: string, ...values: (string | number | null)[]) {
  const out = execFileSync('python3', ['-c', PROGRAM, join(data, 'wick.db'), sql], {
    input: JSON.stringify(values),
    encoding: 'utf8',
  });
  return JSON.parse(out);
}
