import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { launchFlags } from './support/find-browser.mjs';

const root = resolve(import.meta.dirname, '..');
const found = resolve(root, 'build/browser.json');
if (!existsSync(found))
  throw new Error('No browser was chosen yet: run `npm test`, or `node e2e/support/find-browser.mjs`.');
const browser: { executablePath: string; env: Record<string, string> } = JSON.parse(readFileSync(found, 'utf8'));

const port = Number(process.env.CROSSBAR_PORT ?? 4317);

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../test-results',
  // Engines use both cores by themselves.
  workers: 1,
  timeout: 90_000,
  // On a shared machine a browser can starve; a test that needs its second try is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  expect: { timeout: 20_000 },
  reporter: process.env.CI ? [['list']] : [['line']],
  use: {
    baseURL: `http://localhost:${port}/`,
    viewport: { width: 1440, height: 900 },
    // Recording every test takes a third of the suite's time. Alone: `npx playwright test -c e2e --trace on <spec>`.
    trace: 'on-first-retry',
    launchOptions: {
      executablePath: browser.executablePath,
      env: { ...(process.env as Record<string, string>), ...browser.env },
      // A second host name for this machine: over plain http it is no secure context.
      args: [...launchFlags, '--host-resolver-rules=MAP studio.test 127.0.0.1'],
    },
  },
  webServer: {
    command: `node build/cli/crossbar-studio.js serve --port ${port} --host 0.0.0.0`,
    cwd: root,
    url: `http://localhost:${port}/`,
    reuseExistingServer: !process.env.CI,
    timeout: 30_000,
  },
});
