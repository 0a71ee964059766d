// The page's screens, held against pictures of them that were looked at: three sizes, three themes. Fonts
// and browsers of another machine draw otherwise, so this is no part of the tests that every machine runs.

import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

const sizes = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1440, height: 900 },
};
const { use } = tests.projects!.find((it) => it.name === 'desktop')!;

export default defineConfig({
  ...tests,
  testDir: 'visual',
  snapshotPathTemplate: 'visual/baselines/{arg}-{projectName}{ext}',
  // Anti-aliasing of a few letters may differ, a line that moved may not.
  expect: { ...tests.expect, toHaveScreenshot: { animations: 'disabled', caret: 'hide', maxDiffPixels: 60 } },
  projects: Object.entries(sizes).flatMap(([size, viewport]) =>
    ['light', 'dark', 'contrast'].map((theme) => ({
      name: `${size}-${theme}`,
      metadata: { theme },
      use: { ...use, viewport, colorScheme: theme === 'light' ? ('light' as const) : ('dark' as const) },
    })),
  ),
});
