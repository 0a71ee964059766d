// The page tests: the real executable, real models, Chromium in two sizes, and Firefox for
// what matters most.

import { defineConfig } from '@playwright/test';
import { firefox, headless } from './wick/places.mjs';

// Chromium's own sandbox does not work for root, which is who tests in a container.
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig({
  testDir: 'tests',
  globalSetup: './wick/prepared.ts',
  outputDir: 'results',
  fullyParallel: true,
  // One more than cores: a test mostly waits for a browser or an engine.
  workers: 3,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    // Without pictures of every step, which would cost a third of the time of all tests.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    actionTimeout: 10_000,
    // What keeps the page while Wick is off is not needed by most tests.
    serviceWorkers: 'block',
  },
  projects: [
    {
      name: 'desktop',
      grepInvert: /@only-phone/,
      use: {
        browserName: 'chromium',
        launchOptions: { executablePath: headless, args },
        viewport: { width: 1280, height: 800 },
      },
    },
    {
      name: 'phone',
      grep: /@phone|@only-phone/,
      use: {
        browserName: 'chromium',
        launchOptions: { executablePath: headless, args },
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        isMobile: true,
        hasTouch: true,
      },
    },
    {
      name: 'firefox',
      grep: /@firefox/,
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: { executablePath: firefox },
        viewport: { width: 1280, height: 800 },
      },
    },
  ],
});
