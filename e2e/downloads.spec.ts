import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { OUTPUT_FILES } from '../engines/synthesis/script.ts';
import type { YosysNetlist } from '../engines/synthesis/yosys-json.ts';
import { expect, type Studio, test } from './support/studio.ts';

/** What can be taken away: each file is of the design on the screen, and of use elsewhere. */

const program = resolve(import.meta.dirname, '../build/cli/crossbar-studio.js');

/** Tools of this machine that say more about a file than we can; the tests are whole without them. */
const native = { iverilog: answers('iverilog', '-V'), yosys: answers('yosys', '-V') && answers('make', '-v') };

function answers(tool: string, option: string): boolean {
  try {
    execFileSync(tool, [option], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function download(studio: Studio, page: Page, item: string): Promise<{ name: string; bytes: Buffer }> {
  return studio.downloaded(async () => {
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
  });
}

/** Counts to 199 as the default design should, and says at which step a netlist does not. */
const BENCH = `module bench;
  reg clk = 0, reset = 1, enable = 0;
  wire [7:0] count;
  wire wraps;
  integer expected = 0, i;
  counter dut(.clk(clk), .reset(reset), .enable(enable), .count(count), .wraps(wraps));
  initial begin
    #1 clk = 1; #1 clk = 0; reset = 0;
    for (i = 0; i < 1000; i = i + 1) begin
      enable = i % 7 != 3;
      #1;
      if (count !== expected || wraps !== (enable && expected == 199)) begin
        $display("WRONG at %0d: %0d, not %0d", i, count, expected);
        $finish;
      end
      clk = 1; #1 clk = 0;
      if (enable) expected = expected == 199 ? 0 : expected + 1;
    end
    $display("COUNTS");
    $finish;
  end
endmodule
`;

test('netlists as Verilog, JSON and BLIF are of the design on the screen', async ({ page, studio }, testInfo) => {
  await studio.openLab();
  await studio.synthesised();
  const { cells, flipFlops } = await studio.figures();

  const json = await download(studio, page, 'Netlist as JSON');
  expect(json.name).toBe('counter-netlist.json');
  const { counter }: YosysNetlist['modules'] = JSON.parse(json.bytes.toString()).modules;
  expect(Object.keys(counter?.ports ?? {}).sort()).toEqual(['clk', 'count', 'enable', 'reset', 'wraps']);
  expect(Object.keys(counter?.cells ?? {})).toHaveLength(cells as number);
  expect(Object.values(counter?.cells ?? {}).filter(({ type }) => /DFF/.test(type))).toHaveLength(flipFlops as number);

  const blif = (await download(studio, page, 'Netlist as BLIF')).bytes.toString();
  expect(blif).toMatch(/^\.model counter$/m);
  expect(blif).toMatch(/^\.inputs .*\benable\b/m);
  expect(blif).toMatch(/^\.outputs .*count\[7\].*\bwraps\b/m);
  expect(blif).toMatch(/^\.end$/m);
  expect(blif.match(/^\.(gate|subckt|latch) .*DFF|^\.latch /gm)).toHaveLength(flipFlops as number);

  const verilog = await download(studio, page, 'Netlist as Verilog');
  expect(verilog.name).toBe('counter-netlist.v');
  const file = testInfo.outputPath('netlist.v');
  writeFileSync(file, verilog.bytes);
  // Read back as a design of its own, it has the same ports and the same memory.
  const again = testInfo.outputPath('again.json');
  writeFileSync(
    again,
    JSON.stringify({ lab: 'rtl', slices: { rtl: { files: [{ path: 'n.v', text: verilog.bytes.toString() }] } } }),
  );
  const report = JSON.parse(execFileSync(process.execPath, [program, 'run', again], { maxBuffer: 1 << 28 }).toString());
  expect(report).toMatchObject({ top: 'counter', figures: { flipFlops, latches: 0 } });
  expect(Object.keys(report.artefacts[0].data.modules.counter.ports).sort()).toEqual(
    Object.keys(counter?.ports ?? {}).sort(),
  );

  if (native.iverilog) {
    const bench = testInfo.outputPath('bench.v');
    const simulation = testInfo.outputPath('bench.vvp');
    writeFileSync(bench, BENCH);
    execFileSync('iverilog', ['-o', simulation, bench, file]);
    expect(execFileSync('vvp', ['-n', simulation], { encoding: 'utf8' })).toContain('COUNTS');
  }
});

test('the bundle repeats the run natively', async ({ page, studio }, testInfo) => {
  await studio.openLab('#/e/fir');
  await studio.synthesised();
  const zip = await download(studio, page, 'Bundle to run natively');
  expect(zip.name).toMatch(/\.zip$/);
  const files = unzipSync(zip.bytes);
  const example = resolve(import.meta.dirname, '../engines/rtl/examples/fir');
  for (const name of ['fir.v', 'coefficients.vh']) {
    expect(strFromU8(files[name] as Uint8Array)).toBe(readFileSync(resolve(example, name), 'utf8'));
  }
  const gates = strFromU8(files['gates.ys'] as Uint8Array);
  expect(gates).toContain('fir.v');
  expect(gates).toMatch(/\babc\b/);
  expect(strFromU8(files.Makefile as Uint8Array)).toMatch(/^gates:\n\t.*gates\.ys$/m);
  expect(strFromU8(files['README.txt'] as Uint8Array)).toContain('Synthesis of fir');
  if (native.yosys) {
    for (const [name, bytes] of Object.entries(files)) {
      const path = testInfo.outputPath('bundle', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    execFileSync('make', ['gates'], { cwd: testInfo.outputPath('bundle'), stdio: 'ignore' });
    const made = JSON.parse(readFileSync(testInfo.outputPath('bundle', OUTPUT_FILES.json), 'utf8'));
    const flipFlops = Object.values((made as YosysNetlist).modules).flatMap(({ cells }) =>
      Object.values(cells).filter(({ type }) => /DFF/.test(type)),
    );
    // Versions of Yosys differ in their gates, not in what a register is.
    expect(flipFlops).toHaveLength(await studio.figure('flipFlops'));
  }
});

test('schematic, sources, report and table', async ({ page, studio }) => {
  await studio.openLab('#/e/fir');
  await studio.synthesised();

  const svg = (await download(studio, page, 'Schematic as SVG')).bytes.toString();
  const drawn = await page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, 'image/svg+xml');
    const root = document.documentElement;
    return {
      broken: document.querySelector('parsererror')?.textContent,
      root: root.localName,
      size: Number(root.getAttribute('width')),
      title: root.querySelector(':scope > title')?.textContent,
      ground: root.querySelector(':scope > rect')?.getAttribute('fill'),
      symbols: root.querySelectorAll('g').length,
      words: root.textContent,
    };
  }, svg);
  expect(drawn).toMatchObject({ broken: undefined, root: 'svg', title: 'fir', ground: '#ffffff' });
  expect(drawn.size).toBeGreaterThan(100);
  expect(drawn.symbols).toBeGreaterThan(5);
  expect(drawn.words).toContain('clk');
  // No colour of the page: outside the studio its tokens mean nothing.
  expect(svg).not.toContain('var(--');

  const sources = unzipSync((await download(studio, page, 'Sources (.zip)')).bytes);
  expect(Object.keys(sources).sort()).toEqual(['bench/fir_tb.v', 'coefficients.vh', 'fir.v']);

  const report = JSON.parse((await download(studio, page, 'Report as JSON')).bytes.toString());
  expect(report.figures).toMatchObject(await studio.figures());
  const csv = (await download(studio, page, 'Cells by line as CSV')).bytes.toString();
  const [head, ...rows] = csv.trim().split('\r\n');
  expect(head).toMatch(/^file,line,cells,flipFlops,/);
  const sum = rows.reduce((total, row) => total + Number(row.split(',')[2]), 0);
  expect(sum + report.unattributedCells).toBe(report.figures.cells);
});
