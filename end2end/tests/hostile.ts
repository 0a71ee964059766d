// Markdown that tries to run something, to load something, or to break the layout.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Family {
  /** Answers, with `{}` where a part stands. */
  shapes: string[];
  /** What is put there: each of them into each shape. Without parts a shape is an answer. */
  parts?: string[];
}

const file = resolve(import.meta.dirname, '../hostile/answers.json');
const families: Record<string, Family> = JSON.parse(readFileSync(file, 'utf8'));

/** Each would set `top.pwned`, ask another host for something, or lead to where something runs. */
export const HOSTILE = Object.values(families).flatMap(({ shapes, parts }) =>
  shapes.flatMap((shape) => parts?.map((part) => shape.replaceAll('{}', () => part)) ?? [shape]),
);

/** Words, code and tables wider than any screen. */
export const WIDE = [
  `A word: ${'Donaudampfschifffahrt'.repeat(20)}`,
  `Code: \`${'x'.repeat(400)}\``,
  '```\n' + 'let wide = '.repeat(60) + '\n```',
  `https://example.com/${'path/'.repeat(100)}`,
  `| ${'heading | '.repeat(30)}\n|${'---|'.repeat(30)}\n| ${'cell | '.repeat(30)}`,
  `- ${'deep'.repeat(100)}\n  - ${'deeper'.repeat(100)}\n    - ${'deepest'.repeat(100)}`,
  `# ${'Heading'.repeat(60)}`,
].join('\n\n');
