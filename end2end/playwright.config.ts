// The page tests: the real executable, real models, Chromium in two sizes, and Firefox for
// what matters most.

import { defineConfig } from '@playwright/test';
import { firefox, headless, NETWORK } from './wick/places.mjs';

// Chromium's own sandbox does not work for root, which is who tests in a container.
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
// Names of a phone, and of the servers of others.
args.push(`--host-resolver-rules=MAP phone.test ${NETWORK}, MAP *.test 127.0.0.1`);

export default defineConfig({
  testDir: 'tests',
  globalSetup: './wick/prepared.ts',
  outputDir: 'results',
  fullyParallel: true,
  // More than cores: a test mostly waits for a browser or an engine.
  workers: 4,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    // Whoever looks for a fault asks for it; it costs a tenth of the time of all tests.
    trace: process.env['WICK_TRACE'] ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    actionTimeout: 10_000,
    // What keeps the page while Wick is off is not needed by most tests.
    serviceWorkers: 'block',
    // What moves is drawn sixty times a second.
    contextOptions: { reducedMotion: 'reduce' },
  },
  // What needs a browser of its own begins first, and in one worker, so that it is started once.
  projects: [
    {
      name: 'firefox',
      grep: /@firefox/,
      workers: 1,
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: {
          executablePath: firefox,
          // It would start processes for pages that nobody opens.
          firefoxUserPrefs: {
            'dom.ipc.processPrelaunch.enabled': false,
            'dom.ipc.processPrelaunch.fission.number': 0,
            'browser.newtab.preload': false,
            // Nobody looks: every frame is drawn without a graphics processor, in its first process.
            'layout.frame_rate': 20,
          },
        },
        viewport: { width: 1280, height: 800 },
      },
    },
    {
      name: 'phone',
      grep: /@phone|@only-phone/,
      workers: 1,
      use: {
        browserName: 'chromium',
        launchOptions: { executablePath: headless, args },
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        isMobile: true,
        hasTouch: true,
        // A drawer comes in from the side.
        contextOptions: { reducedMotion: 'no-preference' },
      },
    },
    {
      name: 'desktop',
      grepInvert: /@only-phone/,
      use: {
        browserName: 'chromium',
        launchOptions: { executablePath: headless, args },
        viewport: { width: 1280, height: 800 },
      },
    },
  ],
});
