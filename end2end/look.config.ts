// Screenshots for people to look at: every main state, in two sizes and two themes.

import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

const sizes = ['desktop', 'phone'] as const;
const themes = ['light', 'dark'] as const;

export default defineConfig({
  ...tests,
  testDir: 'look',
  projects: sizes.flatMap((size) => {
    const { use } = tests.projects!.find((it) => it.name === size)!;
    return themes.map((colorScheme) => ({
      name: `${size}-${colorScheme}`,
      use: { ...use, colorScheme },
    }));
  }),
});
