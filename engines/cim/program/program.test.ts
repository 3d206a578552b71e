import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { writeModel } from '../../onnx/write.ts';
import { slice } from '../slice.ts';
import type { CimSlice } from '../types.ts';
import { program, type VerifySpec, verify } from './entries.ts';
import { parseProgram, printProgram } from './text.ts';

/** Small arrays, few of them, and a slow main memory: layers are cut both ways, arrays feed, and modes change. */
const TIGHT: CimSlice['hardware'] = {
  base: 'dynaplasia',
  arrays: 24,
  array: { rows: 64, columns: 64, activeRows: 64, memoryBytesPerCycle: 8, writeCycles: 16 },
  mainBytesPerCycle: 2,
};
const lenet: CimSlice = { ...slice.defaults, model: 'lenet5', hardware: TIGHT };

async function verified(spec: Partial<VerifySpec> = {}, blobs: Record<string, Uint8Array> = {}) {
  return verify({ slice: lenet, planId: 'improved', seed: 1, ...spec }, inlineJob({ blobs }));
}

async function linesOf(chosen: CimSlice = lenet): Promise<string[]> {
  const made = await program({ slice: chosen, planId: 'improved' }, inlineJob());
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value.lines;
}

/** Two heads of attention over four tokens of eight numbers: products of two computed tensors. */
function attention(): Uint8Array {
  const b = new GraphBuilder('attention');
  const x = b.input('x', [1, 4, 8]);
  const heads = (name: string) =>
    b.transpose(
      b.reshape(b.linear(x, 8, name), [1, 4, 2, 4], [1, 4, 2, 4], `${name}_heads`),
      [0, 2, 1, 3],
      `${name}_by`,
    );
  const keys = b.transpose(heads('k'), [0, 1, 3, 2], 'k_turned');
  const scores = b.op('MatMul', [heads('q'), keys], [1, 2, 4, 4], {}, 'scores');
  const mixed = b.op('MatMul', [b.softmax(scores, -1, 'softmax'), heads('v')], [1, 2, 4, 4], {}, 'mix');
  const joined = b.reshape(b.transpose(mixed, [0, 2, 1, 3], 'back'), [1, 4, 8], [1, 4, 8], 'join');
  const graph = b.output(b.add(b.linear(joined, 8, 'out'), x, 'add'));
  return writeModel({ graph, irVersion: 8, opsets: { '': 17 }, producer: '' });
}

describe('a program computes its network', () => {
  it.each(['improved', 'published', 'compute-only', 'cim-mlc-like', 'occ-like'] as const)(
    '%s, cut and switched',
    async (planId) => {
      const result = await verified({ planId });
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      const { equal, layers, modeChecks, problems } = result.value;
      expect(layers.map(({ name }) => name)).toEqual(['conv1', 'conv2', 'fc1', 'fc2', 'fc3']);
      expect(layers.map(({ differences }) => differences)).toEqual([0, 0, 0, 0, 0]);
      expect(equal).toBe(true);
      expect(problems).toEqual([]);
      expect(modeChecks).toBeGreaterThan(100);
    },
  );

  it('has switches both ways, parts, and buffers, or the test above would prove little', async () => {
    const lines = await linesOf();
    expect(lines.some((line) => /CM\.switch - TOM/.test(line))).toBe(true);
    expect(lines.some((line) => /CM\.switch - TOC/.test(line))).toBe(true);
    expect(lines.some((line) => /read_core-fc - "fc1\[2\/\d+\]"/.test(line))).toBe(true);
    expect(
      lines.some((line) => /read_core-conv .* - \d[\d,-]* - (\d[\d,-]* - -|- - \d|\d[\d,-]* - \d)/.test(line)),
    ).toBe(true);
  });

  it('with cells of several bits', async () => {
    const hardware = { ...(TIGHT as object), array: { rows: 64, columns: 50, activeRows: 64, cellBits: 3 } };
    const result = await verified({ slice: { ...lenet, hardware: hardware as CimSlice['hardware'] } });
    expect(result.ok && result.value.equal).toBe(true);
  });

  it('with products of two computed tensors, switched on their way', async () => {
    const bytes = attention();
    const onnx = { name: 'attention.onnx', bytes: bytes.length, sha256: 'a'.repeat(64) };
    for (const inPlace of [false, true]) {
      const chosen = { ...lenet, model: { onnx }, rules: { ...slice.defaults.rules, inPlace } };
      const result = await verified({ slice: chosen }, { [onnx.sha256]: bytes });
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      expect(result.value.layers.map(({ name, differences }) => [name, differences])).toContainEqual(['scores', 0]);
      expect(result.value.equal).toBe(true);
    }
  });
});

describe('the text', () => {
  it('reads back as it was written', async () => {
    const lines = await linesOf();
    const read = parseProgram(lines.join('\n'));
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    expect([...printProgram(read.value)]).toEqual(lines);
  });

  it('of one’s own is named line by line where it is none', () => {
    const read = parseProgram(
      'parallel {\n  CM.switch - UP - 1\n  CIM.jump - 3\n}\nALU.pool - "a" - 0x0 - 0x4\nparallel {',
    );
    if (read.ok) throw new Error('It was read.');
    expect(read.problems.map(({ where }) => where?.line)).toEqual([2, 3, 5, 6]);
    expect(read.problems.every(({ remedy }) => remedy)).toBe(true);
  });
});

describe('a program that is spoilt is found out', () => {
  const spoilt: [string, (lines: string[]) => string[], RegExp][] = [
    ['a switch left out', (lines) => lines.filter((line) => !line.includes('TOM')), /Not in memory mode/],
    [
      'weights left out',
      (lines) => lines.filter((line) => !line.includes('write_core - "conv2')),
      /does not hold weights of "conv2/,
    ],
    ['a product left out', (lines) => lines.filter((line) => !line.includes('read_core-fc - "fc3')), /fc3/],
    [
      'an address swapped',
      (lines) => lines.map((line) => line.replace(/(ALU\.pool - "pool2" - )0x[0-9a-f]+/, '$10x2')),
      /0x2/,
    ],
    [
      'a product twice',
      (lines) => lines.flatMap((line) => (line.includes('read_core-fc - "fc3') ? [line, line] : [line])),
      /computed twice/,
    ],
  ];
  it.each(spoilt)('%s', async (_, spoil, words) => {
    const lines = await linesOf();
    const changed = spoil(lines);
    expect(changed).not.toEqual(lines);
    const result = await verified({ text: changed.join('\n') });
    if (result.ok) throw new Error('It was run.');
    expect(result.problems.map(({ what }) => what).join(' ')).toMatch(words);
  });

  it('also where only its numbers are wrong', async () => {
    const lines = await linesOf();
    // The second layer reads the picture of the wrong layer: of the same address space, stored before, and no mode is wrong.
    const first = lines.find((line) => line.includes('ALU.pool - "pool1"'))!;
    const address = / - (0x[0-9a-f]+) - 0x/.exec(first)![1]!;
    const changed = lines.map((line) =>
      line.includes('read_core-conv - "conv2') ? line.replace(/("conv2[^"]*" - )0x[0-9a-f]+/, `$1${address}`) : line,
    );
    const result = await verified({ text: changed.join('\n') });
    expect(result.ok && result.value.equal).toBe(false);
    expect(result.ok && result.value.layers.find(({ name }) => name === 'conv1')!.differences).toBe(0);
  });
});

describe('what cannot be run says why', () => {
  it.each([
    [{ model: 'vgg16' }, /multiplications/],
    [{ batch: 2 }, /one sample/],
    [{ model: 'bert-base' }, /blocks/],
  ] as [Partial<CimSlice>, RegExp][])('%o', async (choices, words) => {
    const result = await verified({ slice: { ...slice.defaults, model: 'lenet5', ...choices } });
    if (result.ok) throw new Error('It was run.');
    expect(result.problems[0]!.what).toMatch(words);
    expect(result.problems[0]!.remedy).toBeTruthy();
  });
});
