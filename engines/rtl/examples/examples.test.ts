import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import { describePlace } from '../../core/result.ts';
import { engine } from '../index.ts';
import type { RtlReport, RtlSlice } from '../types.ts';
import { examples as all, gallery as examples, shippedPaths } from './index.ts';

interface Expected {
  /** Flip-flops of the netlist of gates, written as the sum that the source gives. Words of a memory are built from them. */
  flipFlops: number;
  memories: { words: number; width: number }[];
  latches?: number;
  /** Codes or words of warnings that the design is meant to raise; all others fail the test. */
  warnings?: RegExp;
}

const none: Expected['memories'] = [];

/** Derived by hand from the sources. */
const expected: Record<string, Expected> = {
  'full-adder': { flipFlops: 0, memories: none },
  // count
  counter: { flipFlops: 8, memories: none },
  adders: { flipFlops: 0, memories: none },
  alu: { flipFlops: 0, memories: none },
  // Two bits of `trapped`.
  'latch-trap': { flipFlops: 0, memories: none, latches: 2, warnings: /latch/i },
  // state
  lfsr: { flipFlops: 16, memories: none },
  // Five states, one flip-flop each after recoding; timer; waiting.
  'traffic-light': { flipFlops: 5 + 4 + 1, memories: none },
  'barrel-shifter': { flipFlops: 0, memories: none },
  // busy, done; rest, shifter, by; step
  divider: { flipFlops: 2 + 3 * 16 + 4, memories: none },
  'register-file': { flipFlops: 8 * 16, memories: [{ words: 8, width: 16 }] },
  // Two RAMs and their copy in flip-flops that a reset clears; the clocked reads of the block RAM and of the table (whose
  // words are constants). The table's memory has no flip-flops.
  memories: {
    flipFlops: 3 * 16 * 8 + 8 + 8,
    memories: [
      { words: 16, width: 8 },
      { words: 16, width: 8 },
      { words: 16, width: 8 },
    ],
    warnings: /Replacing memory/,
  },
  // The words, two pointers of five bits, and four bits of `head` once more: Yosys moves the register in front of the read
  // address into the memory's read port, and `head` itself is still needed.
  fifo: { flipFlops: 16 * 8 + 2 * 5 + 4, memories: [{ words: 16, width: 8 }] },
  // Transmitter: shifter, bits_left, timer. Receiver: sync, busy, bits_left, timer, data, valid, error.
  uart: { flipFlops: 9 + 4 + 7 + (2 + 1 + 4 + 7 + 8 + 1 + 1), memories: none },
  // state, round_key, round, done; the substitution box is read as a table.
  'cipher-round': { flipFlops: 64 + 80 + 5 + 1, memories: [{ words: 16, width: 4 }] },
  // samples, eight pairs of nine bits, out, valid
  fir: { flipFlops: 16 * 8 + 8 * 9 + 18 + 3, memories: none },
  // Elements: two operands and a sum. Skew: 0, 1, 2 and 3 words of both operands.
  systolic: { flipFlops: 16 * (8 + 8 + 20) + 2 * (0 + 1 + 2 + 3) * 8, memories: none },
  // registers; pc without its two lowest bits; halted
  riscv: { flipFlops: 32 * 32 + 30 + 1, memories: [{ words: 32, width: 32 }] },
};

const job = inlineJob();

const reports = new Map<string, RtlReport>();

async function synthesise(slice: RtlSlice): Promise<RtlReport> {
  const key = JSON.stringify(slice);
  const known = reports.get(key);
  if (known) return known;
  const result = await engine.entries.synthesise?.(slice, job);
  if (!result?.ok) {
    throw new Error(
      result?.problems.map((each) => `${describePlace(each.where)} ${each.what}`).join('\n') ?? 'no entry',
    );
  }
  const report = result.value as RtlReport;
  reports.set(key, report);
  return report;
}

function slice(id: string, change: Partial<RtlSlice> = {}): RtlSlice {
  const found = examples.find((example) => example.id === id);
  if (!found) throw new Error(`There is no example ${id}.`);
  return { ...found.slice, ...change };
}

const folder = fileURLToPath(new URL('.', import.meta.url));

describe('the gallery', () => {
  it('lists every file of its folders once, benches as such', () => {
    const listed = examples.flatMap((example) => example.slice.files.map((file) => `./${example.id}/${file.path}`));
    expect([...listed].sort()).toEqual([...shippedPaths].sort());
    expect(new Set(listed).size).toBe(listed.length);
    for (const { id, slice } of examples) {
      for (const { path, role } of slice.files)
        expect([id, path, role]).toEqual([id, path, path.startsWith('bench/') ? 'bench' : undefined]);
      expect(slice.simulation.tops, id).toHaveLength(1);
    }
  });

  it('keeps the first version of each example, without a bench, for the links that name it', () => {
    const first = all.filter(({ version }) => version === 1);
    expect(first.map(({ id }) => id)).toEqual(examples.map(({ id }) => id));
    for (const { id, slice } of first) {
      const now = examples.find((example) => example.id === id)!.slice;
      expect(slice.files, id).toEqual(now.files.filter(({ role }) => role === undefined));
    }
  });

  it('expects something of each design', () => {
    expect(Object.keys(expected).sort()).toEqual(examples.map((example) => example.id).sort());
  });

  it('has texts that say something and end in a full stop', () => {
    for (const example of examples) {
      expect(example.about, example.id).toMatch(/^[A-Z].{60,400}\.$/);
      expect(example.title, example.id).toMatch(/^.{4,50}$/);
    }
  });
});

describe('synthesis', () => {
  it.each(examples.map((example) => [example.id, example] as const))('%s', async (id, example) => {
    const want = expected[id] as Expected;
    const report = await synthesise(example.slice);
    expect(report.stage).toBe('gates');
    expect(report.top).toBe(example.slice.top);
    expect(report.figures.flipFlops).toBe(want.flipFlops);
    expect(report.figures.latches).toBe(want.latches ?? 0);
    expect(report.memories.map(({ words, width }) => ({ words, width }))).toEqual(want.memories);
    const unexpected = report.problems.filter(
      (each) => each.severity !== 'note' && !(want.warnings?.test(each.what) ?? false),
    );
    expect(unexpected).toEqual([]);
    if (want.warnings) expect(report.problems.some((each) => want.warnings?.test(each.what))).toBe(true);
  });
});

/** The tip of each example's text, tried. */
describe('what the texts promise', () => {
  it('adders: the lookahead adder has more cells and a far shorter path', async () => {
    const ripple = (await synthesise(slice('adders', { top: 'ripple_adder' }))).figures;
    const lookahead = (await synthesise(slice('adders', { top: 'lookahead_adder', flatten: true }))).figures;
    expect(lookahead.cells).toBeGreaterThan(ripple.cells);
    expect(lookahead.logicDepth).toBeLessThan(ripple.logicDepth / 2);
  });

  it('counter: a limit of 9 counts decades, and depth grows more slowly than the width', async () => {
    const narrow = (await synthesise(slice('counter'))).figures;
    const wide = (await synthesise(slice('counter', { parameters: { WIDTH: 32 } }))).figures;
    expect(wide.flipFlops).toBe(4 * narrow.flipFlops);
    expect(wide.logicDepth).toBeLessThan(4 * narrow.logicDepth);
    const decade = (await synthesise(slice('counter', { parameters: { WIDTH: 4, LIMIT: "4'd9" } }))).figures;
    expect(decade.flipFlops).toBe(4);
  });

  it('alu: a second adder costs cells', async () => {
    const before = (await synthesise(slice('alu'))).figures;
    const edited = edit(
      slice('alu'),
      'ADD, SUB: result = sum[WIDTH-1:0];',
      'ADD: result = a + b; SUB: result = a - b;',
    );
    expect((await synthesise(edited)).figures.cells).toBeGreaterThan(before.cells + 50);
  });

  it('latch-trap: the missing else takes the latches away', async () => {
    const edited = edit(slice('latch-trap'), "trapped = 2'd3;", "trapped = 2'd3; else trapped = 2'd0;");
    const report = await synthesise(edited);
    expect(report.figures.latches).toBe(0);
    const before = await synthesise(slice('latch-trap'));
    // The report names the block that infers them (its `always` or an assignment in it).
    expect(before.latches.map((latch) => [latch.name, latch.bits, latch.where?.file])).toEqual([
      ['trapped', 2, 'latch_trap.v'],
    ]);
    expect(before.latches[0]?.where?.line).toBeGreaterThanOrEqual(10);
    expect(before.latches[0]?.where?.line).toBeLessThanOrEqual(20);
  });

  it('barrel-shifter: one more stage is twice the width and one more gate of depth', async () => {
    const narrow = (await synthesise(slice('barrel-shifter'))).figures;
    const wide = (await synthesise(slice('barrel-shifter', { parameters: { STAGES: 6 } }))).figures;
    expect(wide.logicDepth).toBe(narrow.logicDepth + 1);
    expect(wide.cells).toBeGreaterThan(2 * narrow.cells);
  });

  it('divider: the comparison rides on the subtraction', async () => {
    const two = (await synthesise(slice('divider'))).figures;
    const one = (await synthesise(edit(slice('divider'), "(shifted >= {1'b0, by})", '!trial[WIDTH]'))).figures;
    // A subtractor of its own for the comparison would be some fifty cells.
    expect(two.cells - one.cells).toBeLessThan(20);
  });

  it('lfsr: refusing a seed of zero costs more than the feedback', async () => {
    const report = await synthesise(slice('lfsr'));
    const line =
      textOf('lfsr')
        .split('\n')
        .findIndex((each) => each.includes('safe_seed =')) + 1;
    expect(report.cellsByLine.find((each) => each.line === line)?.cells).toBeGreaterThan(16);
    expect(report.cellsByType.find((each) => each.type === '$_XOR_')?.count).toBe(3);
  });

  it('fir: the line of products has most cells, and powers of two make it cheap', async () => {
    const report = await synthesise(slice('fir'));
    const products = Math.max(...report.cellsByLine.map((each) => each.cells));
    expect(products / report.figures.cells).toBeGreaterThan(0.6);
    const before = slice('fir');
    const files = before.files.map((file) =>
      'text' in file ? { ...file, text: file.text.replace(/coefficient = -?\d+;/g, 'coefficient = 64;') } : file,
    );
    expect((await synthesise({ ...before, files })).figures.cells).toBeLessThan(0.6 * report.figures.cells);
  });

  it('riscv: the longest path goes through decoder and ALU', async () => {
    const report = await synthesise(slice('riscv'));
    const files = new Set(report.longestPath.map((step) => step.where?.file));
    expect([...files]).toEqual(expect.arrayContaining(['decoder.sv', 'alu.sv']));
  });

  it('fifo: the logic around the memory hardly grows with its depth', async () => {
    const small = (await synthesise(slice('fifo'))).figures;
    const large = (await synthesise(slice('fifo', { parameters: { WIDTH: 8, ADDRESS: 5 } }))).figures;
    expect(large.memoryBits).toBe(2 * small.memoryBits);
    expect(large.flipFlops - large.memoryBits).toBe(small.flipFlops - small.memoryBits + 3);
  });

  it('uart: the clocks per bit matter little', async () => {
    const slow = (await synthesise(slice('uart'))).figures;
    const fast = (await synthesise(slice('uart', { parameters: { CLOCKS_PER_BIT: 16 } }))).figures;
    // Two timers of 4 bits instead of 7.
    expect(fast.flipFlops).toBe(slow.flipFlops - 6);
    expect(fast.cells).toBeGreaterThan(slow.cells * 0.75);
  });

  it('systolic: one processing element is counted sixteen times, and N scales', async () => {
    const report = await synthesise(slice('systolic'));
    const element = report.cellsByModule.find((each) => each.module.includes('processing_element'));
    expect(element?.instances).toBe(16);
    expect(element?.cellsInAll).toBe(16 * (element?.cells ?? 0));
    const small = (await synthesise(slice('systolic', { parameters: { N: 2 } }))).figures;
    expect(small.flipFlops).toBe(4 * 36 + 2 * 8);
  });

  it('riscv: RV32E halves the register file, which is most of the core', async () => {
    const full = await synthesise(slice('riscv'));
    const file = full.cellsByModule.find((each) => each.module.includes('register_file'));
    expect(file?.cells).toBeGreaterThan(full.figures.cells / 2);
    const small = await synthesise(slice('riscv', { defines: { RV32E: '' } }));
    expect(small.memories.map(({ words, width }) => ({ words, width }))).toEqual([{ words: 16, width: 32 }]);
    expect(small.figures.flipFlops).toBe(16 * 32 + 31);
  });
});

function textOf(id: string): string {
  return slice(id)
    .files.map((file) => ('text' in file ? file.text : ''))
    .join('');
}

function edit(before: RtlSlice, from: string, to: string): RtlSlice {
  let edits = 0;
  const files = before.files.map((file) => {
    if (!('text' in file) || !file.text.includes(from)) return file;
    edits++;
    return { ...file, text: file.text.replace(from, to) };
  });
  expect(edits, `places with '${from}'`).toBe(1);
  return { ...before, files };
}

function hasIverilog(): boolean {
  try {
    execFileSync('iverilog', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// Icarus Verilog is an oracle: used when it is installed, never required.
describe.runIf(hasIverilog())('simulation by Icarus Verilog', () => {
  it.each(examples.map((example) => [example.id, example] as const))('%s', (id, example) => {
    const here = join(folder, id);
    const benches = readdirSync(join(here, 'bench')).map((name) => join('bench', name));
    expect(benches).toHaveLength(1);
    const sources =
      example.slice.fileList !== ''
        ? ['-c', example.slice.fileList]
        : example.slice.files
            .filter((file) => file.role === undefined)
            .map((file) => file.path)
            .filter((path) => /\.s?v$/.test(path));
    const out = mkdtempSync(join(tmpdir(), 'bench-'));
    try {
      execFileSync('iverilog', ['-g2012', '-I.', '-o', join(out, 'bench'), ...sources, ...benches], {
        cwd: here,
        stdio: 'pipe',
      });
      const printed = execFileSync('vvp', ['-n', join(out, 'bench')], { encoding: 'utf8', stdio: 'pipe' });
      expect(printed.split('\n')).toContain('PASS');
      expect(printed).not.toContain('FAIL');
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  it('has a bench for each example', () => {
    for (const example of examples) expect(existsSync(join(folder, example.id, 'bench')), example.id).toBe(true);
  });
});
