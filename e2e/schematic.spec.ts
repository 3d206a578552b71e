import type { Page } from '@playwright/test';
import { caretLine, openWith } from './support/rtl.ts';
import { expect, test } from './support/studio.ts';

/** The schematic: drawn, found in, walked through, and linked with the source both ways. */

const TWO_LEVELS = `module stage(input clk, input [3:0] a, b, output reg [3:0] q);
  wire [3:0] masked;
  assign masked = a & b;
  always @(posedge clk) q <= masked;
endmodule
module pipe(input clk, input [3:0] a, b, c, output [3:0] y);
  wire [3:0] between, mixed;
  assign mixed = between ^ c;
  stage early(clk, a, b, between);
  stage late(clk, mixed, c, y);
endmodule
`;

const board = (page: Page) => page.getByRole('application', { name: /^Schematic of / });
/** What the drawing says of the symbol that is chosen. */
const said = (page: Page) => board(page).locator('> [role="status"]');
const crumbs = (page: Page) => page.getByRole('navigation', { name: 'Hierarchy' });
const find = (page: Page) => page.getByRole('combobox', { name: 'Find a cell' });
const framed = (page: Page) => board(page).locator('.graph-frame');
/** The name inside a symbol: of its box, room for the names of wires is part too. */
const symbol = (page: Page, name: string) =>
  board(page).locator('.react-flow__node').getByText(name, { exact: true }).first();
const tinted = (page: Page) => page.locator('.monaco-editor .src-linked');

/** Line of the source whose tint is on the screen, by the text of the line. */
async function tintedText(page: Page): Promise<string> {
  const tint = await tinted(page).first().boundingBox();
  const lines = await page.locator('.view-line').all();
  for (const line of lines) {
    const box = await line.boundingBox();
    if (tint && box && Math.abs(box.y - tint.y) < 2) return (await line.textContent())?.replaceAll('\u00a0', ' ') ?? '';
  }
  return '';
}

async function openPipe(page: Page, studio: Parameters<typeof openWith>[0]): Promise<void> {
  await openWith(studio, TWO_LEVELS);
  await page.getByLabel('Flatten hierarchy', { exact: true }).uncheck();
  await expect(board(page)).toBeVisible();
  await expect(board(page).locator('.react-flow__node').filter({ hasText: 'early' })).toBeVisible();
}

test('draws a small design with its names, and links it with the source both ways', async ({ page, studio }) => {
  await openPipe(page, studio);
  const nodes = board(page).locator('.react-flow__node');
  for (const name of ['clk', 'y', 'early', 'late']) await expect(nodes.filter({ hasText: name }).first()).toBeVisible();

  // A cell chosen in the drawing: its line is tinted in the source, and the status names it.
  await find(page).fill('xor');
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText('counter.v:8');
  await expect(framed(page)).toHaveCount(1);
  expect(await tintedText(page)).toContain('assign mixed = between ^ c;');
  await board(page).focus();
  await page.keyboard.press('Escape');
  await expect(said(page)).toHaveText('');
  await expect(tinted(page)).toHaveCount(0);

  // By the pointer too; what hears it is the ground under the symbols, which knows where they lie.
  await symbol(page, 'late').click({ force: true });
  await expect(said(page)).toContainText('late');
  expect(await tintedText(page)).toContain('stage late');
  await page.keyboard.press('Escape');

  // The caret on a line: its cells are framed. A line of a module below frames the instances that hold it.
  await page.locator('.view-line').filter({ hasText: 'assign' }).last().click();
  await expect(caretLine(page)).toHaveText('8');
  await expect(framed(page)).toHaveCount(1);
  await page.locator('.view-line').filter({ hasText: 'posedge' }).click();
  await expect(caretLine(page)).toHaveText('4');
  await expect(framed(page)).toHaveCount(2);
});

/** A value that a movement changes, once the movement has ended: three equal readings, 50 ms apart. */
async function settled(read: () => Promise<number>): Promise<number> {
  let last = Number.NaN;
  let equal = 0;
  await expect
    .poll(
      async () => {
        const now = await read();
        equal = now === last ? equal + 1 : 0;
        last = now;
        return equal;
      },
      { intervals: [50] },
    )
    .toBeGreaterThanOrEqual(3);
  return last;
}

test('finds a cell, zooms, and walks by keys', async ({ page, studio }) => {
  await openPipe(page, studio);
  const viewport = board(page).locator('.react-flow__viewport');
  const zoom = () => viewport.evaluate((node) => new DOMMatrix(getComputedStyle(node).transform).a);
  await find(page).fill('late');
  await expect(page.getByRole('option', { name: /^late/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText('late');
  // Nothing of this name: says so, and chooses nothing else.
  await find(page).fill('nowhere');
  await expect(page.getByText('No cell, port or module of this name.')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText('late');
  await page.keyboard.press('Escape');

  await board(page).focus();
  await page.keyboard.press('0');
  const all = await settled(zoom);
  await page.keyboard.press('+');
  await expect.poll(zoom).toBeGreaterThan(1.2 * all);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect.poll(zoom).toBeCloseTo(all, 3);

  // Against the flow of the signals: from late to the gate before it, and on to early.
  await board(page).focus();
  const before = await said(page).textContent();
  await page.keyboard.press('ArrowLeft');
  await expect(said(page)).not.toHaveText(before ?? '');
  const left = await said(page).textContent();
  await page.keyboard.press('ArrowRight');
  await expect(said(page)).not.toHaveText(left ?? '');

  // The table of the cells has a row for each, and a row chooses its cell.
  await page.getByRole('button', { name: 'List of cells' }).click();
  const table = page.getByRole('table', { name: 'Cells of this module' });
  await expect(table.getByRole('row')).toHaveCount(4);
  await table.getByRole('row').filter({ hasText: 'early' }).click();
  await expect(said(page)).toContainText('early');
});

test('enters an instance and comes back', async ({ page, studio }) => {
  await openPipe(page, studio);
  await expect(crumbs(page)).toHaveText('pipe');
  await symbol(page, 'early').dblclick({ force: true });
  await expect(crumbs(page)).toHaveText('pipeearly');
  await expect(board(page)).toHaveAccessibleName(/^Schematic of stage/);
  await find(page).fill('and');
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText('counter.v:3');
  await crumbs(page).getByRole('button', { name: 'pipe' }).click();
  await expect(board(page)).toHaveAccessibleName(/^Schematic of pipe/);
  // The same by keys.
  await find(page).fill('late');
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText('late');
  await board(page).focus();
  await page.keyboard.press('Enter');
  await expect(crumbs(page)).toHaveText('pipelate');
  await board(page).focus();
  await page.keyboard.press('Backspace');
  await expect(crumbs(page)).toHaveText('pipe');
});

/** A row of registers and gates: more symbols than are drawn as elements. */
function long(stages: number): string {
  const body = Array.from(
    { length: stages },
    (_, i) => `  reg r${i + 1}; always @(posedge clk) r${i + 1} <= r${i} ^ in[${i % 8}];`,
  );
  return `module long(input clk, input [7:0] in, output y);\n  wire r0 = in[0];\n${body.join('\n')}\n  assign y = r${stages};\nendmodule\n`;
}

test('a large module is drawn on a canvas, with all its cells in a table', async ({ page, studio }) => {
  await openWith(studio, long(200));
  await expect(board(page).locator('canvas').first()).toBeVisible();
  await expect(board(page).locator('.react-flow__node')).toHaveCount(0);
  await page.getByRole('button', { name: 'List of cells' }).click();
  const table = page.getByRole('table', { name: 'Cells of this module' });
  await table.getByRole('row').filter({ hasText: 'r150' }).click();
  await expect(said(page)).toContainText('r150');
  await expect(said(page)).toContainText('counter.v:152');
  expect(await tintedText(page)).toContain('r150 <= r149');
  // Canvas or not, keys and search are the same.
  await find(page).fill('r42');
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText('r42');
});

test('a module too large for a drawing says so and leads to its instances', async ({ page, studio }) => {
  const many = Array.from({ length: 2600 }, (_, i) => `  assign y[${i}] = a[${i}] ^ b[${(i * 7) % 2600}];`);
  await openWith(
    studio,
    `module small(input p, q, output r);
  assign r = p & q;
endmodule
module vast(input [2599:0] a, b, output [2599:0] y, output z);
  small one(a[0], b[0], z);
${many.join('\n')}
endmodule
`,
  );
  await page.getByLabel('Flatten hierarchy', { exact: true }).uncheck();
  await expect(page.getByText('Too many symbols for one drawing')).toBeVisible();
  await page.getByRole('table', { name: 'Instances' }).getByRole('row').filter({ hasText: 'one' }).click();
  await expect(board(page)).toHaveAccessibleName(/^Schematic of small/);
});
