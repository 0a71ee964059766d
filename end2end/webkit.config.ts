// The page in WebKit, which Playwright does not drive where the system brings it: one test that says
// whether the page works there at all.

import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'webkit',
  globalSetup: './wick/prepared.ts',
  outputDir: 'results',
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [['list']],
});
