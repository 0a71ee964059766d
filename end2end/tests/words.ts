// What the tests say to the models.

/** Answered at length: the starter model always writes on for hundreds of tokens. */
export const LONG = 'Write a very long story about a lighthouse, with many chapters.';

/** Some 2,000 tokens to read. */
export const LONG_TO_READ = `${'The keeper climbs the stairs and lights the lamp. '.repeat(190)}What does the keeper light?`;

/** A chat that has become longer than what the model looks back on. */
export const LONG_CHAT = [
  { said: 'How tall was the Pharos?', answer: 'More than 100 metres.' },
  { said: 'And who built it?', answer: 'Sostratus of Cnidus.' },
  {
    said: 'When did it fall?',
    answer: 'Between 956 and 1323, in three earthquakes.',
    stats: {
      n_tokens: 12,
      tokens_per_second: 41.2,
      first_token_ms: 300,
      n_read: 1031,
      read_ms: 4200,
      kept: { live: 0, shared: 204, parked: 1000 },
      why_read: 'left_out',
      n_left_out: 2,
    },
  },
];

/** Always the likeliest token. */
export const GREEDY = { Temperature: '0', Seed: '1' } as const;

/** An answer from right to left, with a list and code. */
export const ARABIC = 'القمر يجذب البحر.\n\n- المد\n- الجزر\n\n```\nlet x = 1;\n```\n\nAnd this is English.';
