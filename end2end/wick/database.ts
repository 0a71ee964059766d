// The chats on the disk, read and written from outside, through Python's SQLite.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Where Python itself is: the one that the system finds may be a script that looks for it each time. */
export const PYTHON = 'WICK_TEST_PYTHON';

export interface StoredMessage {
  id: number;
  chat: number;
  author: string;
  text: string;
  state: string | null;
}

/** Every message, oldest first. */
export function messages(data: string): StoredMessage[] {
  return run(data, { sql: 'select id, chat, author, text, state from message order by id', values: [] });
}

/** All that is kept, as SQL. */
export function contents(data: string): string {
  const dump = 'import sqlite3, sys; print("\\n".join(sqlite3.connect(sys.argv[1]).iterdump()))';
  return python(dump, [join(data, 'wick.db')]);
}

/** Puts a chat for each of these titles there, with a message and its answer. Wick must not run. */
export function seedChats(data: string, titles: string[]): void {
  const now = Date.now();
  const chats = 'insert into chat (title, created, changed) select value, ?, ? from json_each(?)';
  const said = "insert into message (chat, author, text, sent) select id, 'person', 'Well?', ? from chat";
  const answers = `insert into message (chat, parent, author, model, text, state, stats, sent)
    select chat, id, 'model', 'A model', 'Yes.', ?, 'null', ? from message`;
  const ended = JSON.stringify({ finished: { why: 'end_of_turn' } });
  run(
    data,
    { sql: chats, values: [now, now, JSON.stringify(titles)] },
    { sql: said, values: [now] },
    { sql: answers, values: [ended, now] },
  );
}

/** Keeps what a person would choose in the page. Wick must not run. */
export function seedSetting(data: string, name: string, value: unknown): void {
  run(data, { sql: 'insert or replace into setting values (?, ?)', values: [name, JSON.stringify(value)] });
}

interface Statement {
  sql: string;
  values: (string | number)[];
}

const PROGRAM = `
import json, sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.row_factory = sqlite3.Row
    for it in json.load(sys.stdin):
        rows = [dict(row) for row in database.execute(it["sql"], it["values"])]
    print(json.dumps(rows))
`;

/** Runs these as one transaction, and tells the rows of the last. */
function run(data: string, ...statements: Statement[]) {
  return JSON.parse(python(PROGRAM, [join(data, 'wick.db')], JSON.stringify(statements)));
}

function python(program: string, args: string[] = [], input = ''): string {
  const options = { input, encoding: 'utf8', maxBuffer: 1 << 26 } as const;
  return execFileSync(process.env[PYTHON] ?? 'python3', ['-c', program, ...args], options);
}

/** Where Python itself is. */
export function findPython(): string {
  return python('import sys; print(sys.executable)').trim();
}
