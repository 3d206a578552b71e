import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { bfpLink, measured, openBfp, press } from './support/bfp.ts';
import { cimLink, openCim } from './support/cim.ts';
import { show } from './support/labs.ts';
import { compiled, openPim, SMALL } from './support/pim.ts';
import { expect, test } from './support/studio.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings of axe on the page as it stands. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugger: the page's own policy refuses scripts that are not its own.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: Finding[] }> } };
    interface Finding {
      id: string;
      impact: string | null;
      help: string;
      nodes: { target: string[] }[];
    }
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join(', ')})`);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('the start page has no serious violation', async ({ page, studio }) => {
      await page.goto('./');
      await expect(page.getByRole('heading', { name: 'Examples' })).toHaveCount(4);
      expect(studio).toBeTruthy();
      expect(await violations(page)).toEqual([]);
    });

    test('the lab of switching arrays has none in any of its views', async ({ page, studio }) => {
      await openCim(studio, cimLink({ model: 'vgg8' }));
      await compiled(studio);
      for (const view of [
        'Segments',
        'Chip',
        'Roofline',
        'Time line',
        'Compare',
        'Sensitivity',
        'Sweeps',
        'Program',
        'Solvers',
      ]) {
        await show(studio, view);
        await expect(page.locator('.view').first()).toBeVisible();
        expect(await violations(page), view).toEqual([]);
      }
    });

    test('the RTL lab has none, with a result, with problems, and with its dialogs', async ({ page, studio }) => {
      await studio.openLab('#/e/counter');
      await studio.synthesised();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Share link' }).click();
      await expect(page.getByLabel('Link', { exact: true })).toHaveValue(/#/);
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('tab', { name: 'Simulation', exact: true }).click();
      await expect(page.locator('.sim-verdict')).toContainText('passed');
      await expect(page.locator('.wave-canvas')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('radio', { name: 'Table', exact: true }).check();
      expect(await violations(page)).toEqual([]);
      await studio.setText('module m(input a, output y);\n  assign y = ;\nendmodule\n');
      await page.keyboard.press('ControlOrMeta+Enter');
      await expect(page.getByText(/Syntax error/).first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  });
}

const VIEWS = ['One crossbar', 'Network', 'Chip', 'Schedule', 'Listing', 'Memory', 'Layers', 'Compare', 'Search'];

test('the PIM lab has none in any of its views, light and dark', async ({ page, studio }) => {
  test.setTimeout(180_000);
  await openPim(studio, SMALL);
  await compiled(studio);
  const ready: Record<string, string> = {
    Network: '.react-flow__node',
    Schedule: '.gantt-canvas',
    Listing: '.listing-line',
    Memory: '.chart-svg',
    Layers: '.chart-svg',
  };
  for (const view of VIEWS) {
    await show(studio, view);
    if (ready[view]) await expect(page.locator(ready[view]).first()).toBeVisible();
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), `${view}, ${colorScheme}`).toEqual([]);
    }
  }
  await page.getByRole('button', { name: /Choose a network$/ }).click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'SqueezeNet 1.1' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('the BitQ lab has none in any of its views, light and dark', async ({ page, studio }) => {
  test.setTimeout(180_000);
  const search = { mantissaBits: [3, 4], blocks: [16], measured: 2 };
  await openBfp(studio, bfpLink({ samples: 100, search }), 'Search');
  await press(studio, 'Search');
  await measured(studio);
  const colours = ['dark', 'light'] as const;
  const none = async (what: string) => {
    for (const colorScheme of colours) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), `${what}, ${colorScheme}`).toEqual([]);
    }
  };
  const ready: Record<string, string> = {
    Search: '.chart-fill',
    Layers: '.bfp-spark',
    Tensor: '.tensor-elements',
    Loops: '.loops-nest',
    Results: '.results-verdict',
    Compare: '.compare',
  };
  for (const [view, part] of Object.entries(ready)) {
    await show(studio, view);
    await expect(page.locator(part).first()).toBeVisible();
    await none(view);
  }
  await show(studio, 'Results');
  for (const part of ['Confusion', 'Try your own']) {
    await page.getByRole('radio', { name: part, exact: true }).check();
    await none(part);
  }
  await page.getByRole('button', { name: 'Model card' }).click();
  await expect(page.getByRole('dialog')).toContainText('to test');
  await none('Model card');
});

test('the lab is worked by keyboard alone', async ({ page, studio }) => {
  await studio.openLab();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByPlaceholder('Type a command')).toBeFocused();
  await page.keyboard.type('Dark theme');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('ControlOrMeta+Enter');
  await studio.synthesised();
});
