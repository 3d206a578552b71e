import { describe, expect, it } from 'vitest';
import { smallestChip } from './fit.ts';
import { partition } from './partition.ts';
import { agTable, crossbarsPerReplica } from './partition-ags.ts';
import { chooseUnrolling, unrollings } from './partition-unroll.ts';
import { place } from './place.ts';
import { resolveHardware } from './presets.ts';
import { replicate } from './replicate.ts';
import { WaitingHeap } from './replicate-heap.ts';
import { Sketch, take } from './schedule/latency.fixture.ts';
import { OWN, RELEASED } from './style.ts';
import type { Mode } from './types.ts';

const chip = (crossbar: object, more: object = {}) =>
  take(resolveHardware({ base: 'pimcomp-default', crossbar, ...more }));
const CHIP = chip({});
const same = (kernel: number, stride = 1) => {
  const pad = (kernel - 1) / 2;
  return {
    kernel: [kernel, kernel] as [number, number],
    stride: [stride, stride] as [number, number],
    pads: [pad, pad, pad, pad] as [number, number, number, number],
    dilation: [1, 1] as [number, number],
  };
};

function one(channels: number, outputs: number, kernel: number, groups = 1, stride = 1, side = 8) {
  const sketch = new Sketch();
  sketch.conv(sketch.input(1, channels, side, side), outputs, same(kernel, stride), groups);
  return sketch.network('one');
}

const cut = (network: ReturnType<typeof one>, hardware = CHIP, style = OWN) =>
  take(partition(network, hardware, { style, unrolling: 'rows', mode: 'throughput' }))[0]!;

describe('partition', () => {
  it('packs groups of a depthwise convolution block by block', () => {
    // 9 rows and 1 column a group: 14 groups fill 126 of 128 rows.
    const layer = cut(one(32, 32, 3, 32));
    expect(layer).toMatchObject({ groups: 32, packed: 14, blocks: 3, height: 126, width: 14, agsPerReplica: 3 });
    const table = agTable([layer], CHIP);
    expect([...table.rowStart]).toEqual([0, 126, 252]);
    expect([...table.rowEnd]).toEqual([126, 252, 288]);
    expect([...table.columnStart]).toEqual([0, 14, 28]);
    expect([...table.columnEnd]).toEqual([14, 28, 32]);
  });

  it('gives large groups array groups of their own', () => {
    // 288 rows and 32 columns a group.
    const layer = cut(one(64, 64, 3, 2));
    expect(layer).toMatchObject({ packed: 1, blocks: 2, height: 288, agsPerReplica: 6 });
    expect(crossbarsPerReplica(layer, CHIP)).toBe(6);
  });

  it('expands groups to a dense matrix in the released style', () => {
    expect(cut(one(32, 32, 3, 32), CHIP, RELEASED)).toMatchObject({ groups: 1, height: 288, width: 32 });
  });

  it('cuts what is wider than a core into column parts', () => {
    const narrow = chip({ perCore: 2, columns: 16 });
    const layer = cut(one(4, 80, 1), narrow);
    expect(layer).toMatchObject({ columnParts: 3, crossbarsPerAg: 2 });
    const table = agTable([layer], narrow);
    expect([...table.columnEnd]).toEqual([32, 64, 80]);
    expect([...table.crossbars]).toEqual([2, 2, 1]);
  });

  it('takes more columns, and pairs, for weights cut over cells', () => {
    const layer = cut(one(64, 128, 1), chip({ cells: 'physical', cellBits: 2, signed: 'pair' }));
    // 8 columns a weight, so 16 weights a crossbar, and two crossbars for the signs.
    expect(layer.crossbarsPerAg).toBe(16);
  });

  it('says what is wrong with a chip that holds nothing', () => {
    const options = { style: OWN, unrolling: 'rows', mode: 'throughput' } as const;
    const result = partition(one(4, 4, 1), { ...CHIP, crossbar: { ...CHIP.crossbar, perCore: 0 } }, options);
    expect(result).toMatchObject({ ok: false, problems: [{ code: 'no-crossbars' }] });
    const thin = chip({ cells: 'physical', cellBits: 2, columns: 8 });
    const bits = { 'layer 1': { weights: 32, activations: 8 } };
    const refused = partition(one(4, 4, 1), thin, { ...options, bits });
    expect(refused).toMatchObject({ ok: false, problems: [{ code: 'weight-too-wide' }] });
  });
});

describe('Table IV', () => {
  const choice = (network: ReturnType<typeof one>, mode: Mode) => {
    const layer = network.layers[1]!;
    return layer.kind.op === 'conv' ? chooseUnrolling(layer, layer.kind, mode).unrolling : undefined;
  };

  it('keeps H * W * P = I * O * K^2, and its figures for a square map', () => {
    const layer = one(16, 24, 3, 1, 2, 9).layers[1]!;
    if (layer.kind.op !== 'conv') throw new Error('no convolution');
    const [fin, fout, k, i, o] = [9, 5, 3, 16, 24];
    const table = unrollings(layer, layer.kind);
    for (const { height, width, blocks } of table) expect(height * width * blocks).toBe(i * o * k * k);
    const figures = Object.fromEntries(table.map((row) => [row.unrolling, [row.cycles, row.loads, row.memory]]));
    expect(figures).toEqual({
      'kernel-parallel': [fout ** 2, fin * fout * k * i, k * k * i + k * k * o],
      'kernel-columns': [fin ** 2, fin ** 2 * i, i + k * k * o],
      'half-rows': [fout ** 2, fin * fout * k * i, k * k * i + k * o],
      'half-columns': [fin * fout, fin * fout * k * i, k * i + k * o],
      rows: [fout ** 2, fout ** 2 * k * k * i, k * k * i + o],
    });
  });

  it('takes fewest cycles, then least loads or least memory', () => {
    expect(choice(one(16, 24, 3), 'throughput')).toBe('kernel-columns');
    // With 24 outputs, 9 * 24 of them weigh more than 9 * 16 inputs: 3 rows of each are least.
    expect(choice(one(16, 24, 3), 'latency')).toBe('half-columns');
    expect(choice(one(16, 24, 3, 1, 2, 9), 'throughput')).toBe('half-rows');
    expect(choice(one(16, 24, 3, 1, 2, 9), 'latency')).toBe('rows');
    expect(choice(one(16, 24, 1), 'throughput')).toBe('rows');
  });
});

describe('replicate', () => {
  it('keeps the largest on top of its heap', () => {
    const heap = new WaitingHeap();
    const windows = [5, 3, 9, 9, 1, 7, 3, 8, 2];
    for (const [mapped, count] of windows.entries()) heap.push({ mapped, windows: count });
    const popped = windows.map(() => heap.pop()!.windows);
    expect(popped).toEqual([...windows].sort((a, b) => b - a));
    expect(heap.pop()).toBeUndefined();
  });

  const method = { style: OWN, method: 'manual' } as const;

  it('takes the numbers of the user, and no more replicas than windows', () => {
    const network = one(16, 16, 3);
    const layers = [cut(network)];
    const [layer] = take(replicate(layers, network, CHIP, { ...method, replicas: { 'layer 1': 500 } }));
    expect(layer!.replication).toBe(64);
    expect(replicate(layers, network, CHIP, { ...method, replicas: { conv: 2 } })).toMatchObject({
      ok: false,
      problems: [{ code: 'unknown-layer', where: { path: 'slices.pim.replicas.conv' } }],
    });
    expect(replicate(layers, network, CHIP, { ...method, replicas: { 'layer 1': 1.5 } })).toMatchObject({
      ok: false,
      problems: [{ code: 'bad-replicas' }],
    });
  });
});

describe('what does not fit', () => {
  it('fits the smallest chip that is named, and none with a core fewer', () => {
    const tight = chip({ perCore: 6 }, { cores: { x: 1, y: 1 } });
    const network = one(200, 300, 3);
    const [layer] = take(replicate([cut(network, tight)], network, tight, { style: OWN, method: 'manual' }));
    const layers = [{ ...layer!, replication: 4 }];
    const { cores } = smallestChip(layers, tight);
    const withCores = (x: number) => place(layers, { ...tight, cores: { x, y: 1 } }, 'test').ok;
    expect(withCores(cores)).toBe(true);
    expect(withCores(cores - 1)).toBe(false);
  });
});
