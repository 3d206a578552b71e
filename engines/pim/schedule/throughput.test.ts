import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import type { Network, Window } from '../../onnx/network.ts';
import type { Hardware } from '../hardware.ts';
import { partition } from '../partition.ts';
import { unrollings } from '../partition-unroll.ts';
import { place } from '../place.ts';
import { replicateAndPlace } from '../place-fitting.ts';
import { resolveHardware } from '../presets.ts';
import { Op, type Program } from '../program/types.ts';
import { OWN, RELEASED } from '../style.ts';
import type { MappedLayer, Mapping, MemoryPolicy } from '../types.ts';
import { verifyProgram } from '../verify/verify.ts';
import { dealWindows, windowsIn } from './common-deal.ts';
import { reshape } from './common-views.ts';
import { Sketch, take } from './latency.fixture.ts';
import { scheduleThroughput } from './throughput.ts';
import { pipelineStages } from './throughput-stages.ts';
import { notScheduled } from './throughput-work.ts';

const window = (kernel: number, stride = 1, pad = 0, dilation = 1): Window => ({
  kernel: [kernel, kernel],
  stride: [stride, stride],
  pads: [pad, pad, pad, pad],
  dilation: [dilation, dilation],
});

const chip = (cores: number, perCore: number, rows: number, columns: number): Hardware =>
  take(resolveHardware({ base: 'pimcomp-default', cores: { x: cores, y: 1 }, crossbar: { perCore, rows, columns } }));

function mapped(network: Network, hardware: Hardware, style = OWN): Mapping {
  const layers = take(partition(network, hardware, { style, unrolling: 'rows', mode: 'throughput' }));
  return take(replicateAndPlace(layers, network, hardware, { style, method: 'balance' }));
}

const { signal } = new AbortController();

async function scheduled(
  network: Network,
  mapping: Mapping,
  hardware: Hardware,
  more: { style?: typeof OWN; memory?: MemoryPolicy; layerGroups?: boolean } = {},
): Promise<Program> {
  const options = { style: OWN, memory: 'ag-reuse' as const, ...more };
  return take(await scheduleThroughput(network, mapping, hardware, options, signal));
}

async function wrong(network: Network, mapping: Mapping, program: Program): Promise<string[]> {
  const { layers } = take(await verifyProgram(network, mapping, program, inlineJob()));
  expect(layers.length).toBeGreaterThan(0);
  return layers.filter(({ agrees }) => !agrees).map(({ name, relativeError }) => `${name}: ${relativeError}`);
}

const bytes = (program: Program, op: number) =>
  program.op.reduce((sum, it, at) => sum + (it === op ? program.elements[at]! : 0), 0);

function lenet5(): Network {
  const sketch = new Sketch();
  const conv1 = sketch.conv(sketch.input(1, 1, 28, 28), 6, window(5, 1, 2));
  const pool1 = sketch.pool(conv1, window(2, 2), 'average');
  const pool2 = sketch.pool(sketch.conv(pool1, 16, window(5)), window(2, 2), 'max');
  const fc1 = sketch.fc(sketch.move(pool2, 'flatten', [1, 400]), 120, { activation: { how: 'tanh' } });
  const fc3 = sketch.fc(sketch.fc(fc1, 84, { activation: { how: 'sigmoid' } }), 10);
  sketch.layer({ op: 'softmax', axis: -1 }, [fc3]);
  return sketch.network('lenet5');
}

/** Every kind of layer that works on feature maps, two samples. */
function maps(): Network {
  const sketch = new Sketch();
  const first = sketch.input(2, 8, 9, 7);
  const left = sketch.conv(first, 12, window(3, 1, 1), 1, { activation: { how: 'leaky-relu', alpha: 0.1 } });
  const depthwise = sketch.conv(left, 12, window(3, 1, 2, 2), 12, { normalised: true, bias: false });
  const sum = sketch.layer({ op: 'eltwise', how: 'add' }, [left, depthwise], undefined, {
    activation: { how: 'relu' },
  });
  const smaller = sketch.pool(sum, window(3, 2, 1), 'max');
  const average = sketch.pool(sum, window(3, 1, 1), 'average');
  const joined = sketch.layer({ op: 'concat', axis: 1 }, [sum, average, left], [2, 36, 9, 7]);
  const shuffled = sketch.move(joined, 'shuffle', [2, 36, 9, 7], { groups: 4 });
  const larger = sketch.layer({ op: 'resize', method: 'nearest' }, [smaller], [2, 12, 10, 8]);
  const scaled = sketch.layer({ op: 'normalise', how: 'batch' }, [shuffled], undefined, { parameters: 72 });
  const instance = sketch.layer({ op: 'normalise', how: 'instance' }, [scaled], undefined, { parameters: 72 });
  const whole = { op: 'pool', ...window(1), method: 'average', global: true, countPadding: false } as const;
  const squeezed = sketch.layer(whole, [scaled], [2, 36, 1, 1]);
  const excite = sketch.layer({ op: 'reduce', how: 'mean', axes: [2, 3] }, [scaled], [2, 36, 1, 1]);
  const gate = sketch.conv(excite, 36, window(1), 1, { activation: { how: 'hard-sigmoid' } });
  const gated = sketch.layer({ op: 'eltwise', how: 'mul' }, [instance, gate]);
  const piece = sketch.move(gated, 'slice', [2, 16, 9, 7], { slice: { axis: 1, start: 3, step: 2 } });
  const last = sketch.conv(piece, 5, window(3, 2, 1));
  sketch.layer({ op: 'reduce', how: 'max', axes: [1] }, [last], [2, 1, 5, 4]);
  sketch.layer({ op: 'activation', how: 'silu' }, [last]);
  sketch.layer({ op: 'softmax', axis: 1 }, [last]);
  sketch.layer({ op: 'concat', axis: 2 }, [last, last], [2, 5, 10, 4]);
  sketch.layer({ op: 'eltwise', how: 'div', constant: 3 }, [larger]);
  sketch.layer({ op: 'eltwise', how: 'sub', constant: 'tensor' }, [larger]);
  sketch.layer({ op: 'normalise', how: 'lrn' }, [smaller]);
  sketch.layer({ op: 'activation', how: 'gelu' }, [sketch.move(last, 'flatten', [2, 100])]);
  sketch.fc(sketch.move(squeezed, 'flatten', [2, 36]), 7);
  return sketch.network('maps');
}

/** Attention with three heads of four features over six positions, between normalisations and with its residual. */
function attention(): Network {
  const sketch = new Sketch();
  const x = sketch.input(1, 6, 12);
  const ln = sketch.layer({ op: 'normalise', how: 'layer' }, [x], undefined, { parameters: 24 });
  const heads = () => sketch.move(sketch.fc(ln, 12), 'reshape', [6, 3, 4]);
  const query = sketch.move(heads(), 'transpose', [3, 6, 4], { order: [1, 0, 2] });
  const key = sketch.move(heads(), 'transpose', [3, 4, 6], { order: [1, 2, 0] });
  const value = sketch.move(heads(), 'transpose', [3, 6, 4], { order: [1, 0, 2] });
  const product = { op: 'matmul', batch: 3, rows: 6 } as const;
  const scores = sketch.layer({ ...product, inner: 4, columns: 6 }, [query, key], [3, 6, 6]);
  const weights = sketch.layer({ op: 'softmax', axis: -1 }, [
    sketch.layer({ op: 'eltwise', how: 'mul', constant: 0.5 }, [scores]),
  ]);
  const mixed = sketch.layer({ ...product, inner: 6, columns: 4 }, [weights, value], [3, 6, 4]);
  const back = sketch.move(mixed, 'transpose', [6, 3, 4], { order: [1, 0, 2] });
  const out = sketch.fc(sketch.move(back, 'reshape', [1, 6, 12]), 12);
  const sum = sketch.layer({ op: 'eltwise', how: 'add' }, [out, x]);
  const rms = sketch.layer({ op: 'normalise', how: 'rms' }, [sum], undefined, { parameters: 12 });
  const wide = sketch.fc(rms, 24, { activation: { how: 'gelu' } });
  sketch.layer({ op: 'reduce', how: 'mean', axes: [1] }, [sketch.fc(wide, 12)], [1, 12]);
  return sketch.network('attention');
}

/** One attention of two heads of 32 features over 64 positions, with a mask that is the same for every row, or is not. */
function masked(rows: 1 | 64): Network {
  const sketch = new Sketch();
  const x = sketch.input(1, 64, 64);
  const mask = sketch.input(1, 1, rows, 64);
  const heads = () => sketch.move(sketch.fc(x, 64), 'reshape', [1, 64, 2, 32]);
  const query = sketch.move(heads(), 'transpose', [1, 2, 64, 32], { order: [0, 2, 1, 3] });
  const key = sketch.move(heads(), 'transpose', [1, 2, 32, 64], { order: [0, 2, 3, 1] });
  const value = sketch.move(heads(), 'transpose', [1, 2, 64, 32], { order: [0, 2, 1, 3] });
  const product = { op: 'matmul', batch: 2, rows: 64 } as const;
  const scores = sketch.layer({ ...product, inner: 32, columns: 64 }, [query, key], [1, 2, 64, 64]);
  const scaled = sketch.layer({ op: 'eltwise', how: 'div', constant: 5 }, [scores]);
  const sum = sketch.layer({ op: 'eltwise', how: 'add' }, [scaled, mask]);
  const weights = sketch.layer({ op: 'softmax', axis: -1 }, [sum]);
  const mixed = sketch.layer({ ...product, inner: 64, columns: 32 }, [weights, value], [1, 2, 64, 32]);
  const back = sketch.move(mixed, 'transpose', [1, 64, 2, 32], { order: [0, 2, 1, 3] });
  sketch.fc(sketch.move(back, 'reshape', [1, 64, 64]), 8);
  return sketch.network('masked');
}

describe('a throughput program', () => {
  it.each([
    ['lenet5', lenet5, chip(16, 8, 64, 32)],
    ['every kind of layer on maps', maps, chip(36, 16, 64, 32)],
    ['attention', attention, chip(16, 6, 16, 8)],
  ])('computes %s', async (_, make, hardware) => {
    const network = make();
    const mapping = mapped(network, hardware);
    for (const memory of ['naive', 'add-reuse', 'ag-reuse'] as const)
      expect(await wrong(network, mapping, await scheduled(network, mapping, hardware, { memory }))).toEqual([]);
    expect(await wrong(network, mapping, await scheduled(network, mapping, hardware, { layerGroups: true }))).toEqual(
      [],
    );
  });

  it('computes every unrolling of Table IV, with several replicas', async () => {
    const sketch = new Sketch();
    sketch.conv(sketch.input(1, 10, 9, 8), 12, window(3, 2, 1), 1, { activation: { how: 'relu' } });
    const network = sketch.network('one');
    const hardware = chip(24, 16, 16, 16);
    const [plain] = take(partition(network, hardware, { style: OWN, unrolling: 'rows', mode: 'throughput' }));
    const layer = network.layers[1]!;
    if (layer.kind.op !== 'conv') throw new Error('no convolution');
    for (const { cycles: _, loads, memory: __, ...row } of unrollings(layer, layer.kind)) {
      const unrolled: MappedLayer = {
        ...plain!,
        ...row,
        agsPerReplica: Math.ceil(row.height / 16) * row.blocks,
        crossbarsPerAg: Math.ceil(row.width / 16),
        replication: 3,
      };
      const mapping = take(place([unrolled], hardware, row.unrolling));
      const program = await scheduled(network, mapping, hardware);
      expect(await wrong(network, mapping, program), row.unrolling).toEqual([]);
      expect(loads).toBeGreaterThan(0);
    }
  });

  it('is the same twice', async () => {
    const network = lenet5();
    const hardware = chip(16, 8, 64, 32);
    const mapping = mapped(network, hardware);
    const [one, two] = [await scheduled(network, mapping, hardware), await scheduled(network, mapping, hardware)];
    expect(one).toEqual(two);
  });

  it('takes less local memory the more buffers it uses again', async () => {
    const network = lenet5();
    const hardware = chip(24, 8, 16, 32);
    const mapping = mapped(network, hardware, RELEASED);
    const most = async (memory: MemoryPolicy) => {
      const { localElements } = await scheduled(network, mapping, hardware, { style: RELEASED, memory });
      return localElements.reduce((sum, it) => sum + it, 0);
    };
    const [naive, add, group] = [await most('naive'), await most('add-reuse'), await most('ag-reuse')];
    expect(add).toBeLessThan(naive);
    expect(group).toBeLessThan(add);
  });

  it('loads only what is not local already', async () => {
    const sketch = new Sketch();
    sketch.conv(sketch.input(1, 64, 16, 16), 8, window(3, 1, 1));
    const network = sketch.network('one');
    const hardware = chip(1, 64, 128, 128);
    const layers = take(partition(network, hardware, { style: OWN, unrolling: 'rows', mode: 'throughput' }));
    const mapping = take(place(layers, hardware, 'one replica'));
    const biases = 8;
    const kept = await scheduled(network, mapping, hardware);
    expect(bytes(kept, Op.LD)).toBe(16 * 16 * 64 + biases);
    expect(await wrong(network, mapping, kept)).toEqual([]);
    // Where no pixels are kept, a window takes over from the one before it only: it loads a new column of three pixels; the
    // row's first takes two, in place of three: one lies in the padding.
    const tight = { ...hardware, localMemory: { ...hardware.localMemory, bytes: 1024 } };
    const program = await scheduled(network, mapping, tight);
    const inner = 14 * (2 + 15) * 3 * 64 - 14 * 3 * 64;
    const outer = 2 * (2 + 15) * 2 * 64 - 2 * 2 * 64;
    expect(bytes(program, Op.LD)).toBe(inner + outer + biases);
    expect(await wrong(network, mapping, program)).toEqual([]);
  });

  it.each([1, 64] as const)(
    'does attention without storing scores where heads fit, with a mask of %i rows',
    async (rows) => {
      const network = masked(rows);
      const between = new Set(
        network.layers.filter(({ kind }) => kind.op === 'softmax' || kind.op === 'matmul').map(({ index }) => index),
      );
      // Room for a head, room for a head that has to be cut to size, and too little.
      for (const [memory, stored] of [
        [1024 * 1024, 0],
        [33_000, 0],
        [8_000, 3],
      ] as const) {
        const hardware = { ...chip(6, 16, 32, 32), localMemory: { bytes: memory, gbps: 25.6 } };
        const mapping = mapped(network, hardware);
        const program = await scheduled(network, mapping, hardware);
        expect(await wrong(network, mapping, program)).toEqual([]);
        expect([...between].filter((layer) => program.regions[layer]! >= 0)).toHaveLength(stored);
      }
    },
  );

  it('stores what only a concatenation reads where that is to be, and moves the rest', async () => {
    const sketch = new Sketch();
    const start = sketch.input(2, 6, 8, 7);
    const [one, two, three] = [5, 7, 9].map((width) => sketch.conv(start, width, window(3, 1, 1)));
    const pool = sketch.pool(start, window(3, 1, 1), 'max');
    const joined = sketch.layer({ op: 'concat', axis: 1 }, [one!, two!, pool, three!], [2, 27, 8, 7]);
    sketch.conv(joined, 4, window(3, 2, 1));
    sketch.layer({ op: 'activation', how: 'relu' }, [two!]);
    const network = sketch.network('branches');
    const hardware = chip(12, 16, 32, 32);
    const mapping = mapped(network, hardware);
    const program = await scheduled(network, mapping, hardware);
    expect(await wrong(network, mapping, program)).toEqual([]);
    // Of the four only the second is also read by another layer.
    const moved = program.op.reduce(
      (sum, op, at) => sum + (op === Op.ST && program.layer[at] === joined ? program.elements[at]! : 0),
      0,
    );
    expect(moved).toBe(2 * 7 * 8 * 7);
    expect([one, pool, three].map((layer) => program.regions[layer!])).toEqual([-1, -1, -1]);
  });

  it('leaves out, and names, what it cannot schedule', async () => {
    const sketch = new Sketch();
    const conv = sketch.conv(sketch.input(1, 3, 6, 6), 4, window(3));
    sketch.layer({ op: 'unknown', onnxOp: 'Mystery' }, [conv]);
    const network = sketch.network('odd');
    const hardware = chip(2, 8, 32, 32);
    const program = await scheduled(network, mapped(network, hardware), hardware);
    expect(program.layer.includes(2)).toBe(false);
    const [problem, ...rest] = notScheduled(network, OWN);
    expect(rest).toEqual([]);
    expect(problem!.what).toContain('"layer 2" (Mystery)');
  });

  it('refuses what has no shape', async () => {
    const sketch = new Sketch();
    const conv = sketch.conv(sketch.input(1, 3, 6, 6), 4, window(3));
    sketch.layer({ op: 'unknown', onnxOp: 'Mystery' }, [conv], [Number.NaN]);
    const network = sketch.network('odd');
    const hardware = chip(2, 8, 32, 32);
    const options = { style: OWN, memory: 'ag-reuse' } as const;
    const result = await scheduleThroughput(network, mapped(network, hardware), hardware, options, signal);
    expect(result).toMatchObject({ ok: false, problems: [{ code: 'unknown-shape' }] });
  });
});

describe('dealWindows', () => {
  it('gives every window to exactly one replica, neighbours to replicas of one core', () => {
    const network = lenet5();
    const mapping = mapped(network, chip(16, 8, 64, 32));
    for (const [index, shares] of dealWindows(mapping, 16).entries()) {
      const taken = shares.flatMap((share) =>
        Array.from({ length: windowsIn(share) }, (_, step) => share.start + step * share.step),
      );
      const { windows } = mapping.layers[index]!;
      expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: windows }, (_, at) => at));
      const most = shares.reduce((all, share) => Math.max(all, windowsIn(share)), 0);
      expect(most).toBe(Math.ceil(windows / shares.length));
    }
  });
});

describe('pipelineStages', () => {
  it('chains layers while they stay within the cycle, and lets branches share a stage', () => {
    const sketch = new Sketch();
    const one = sketch.conv(sketch.input(1, 3, 8, 8), 4, window(1));
    const left = sketch.conv(one, 4, window(1));
    const right = sketch.conv(one, 4, window(1));
    const sum = sketch.layer({ op: 'eltwise', how: 'add' }, [left, right]);
    sketch.conv(sum, 4, window(1));
    const network = sketch.network('diamond');
    const layers = [1, 2, 3, 5].map((layer) => ({ layer }) as MappedLayer);
    const grouped = pipelineStages(network, layers, [4, 6, 3, 10], true);
    expect([...grouped.stage]).toEqual([0, 0, 0, 0, 0, 1]);
    expect([...grouped.start]).toEqual([0, 0, 4, 4, 10, 0]);
    expect(grouped).toMatchObject({ stages: 2, rounds: 10 });
    const apart = pipelineStages(network, layers, [4, 6, 3, 10], false);
    expect([...apart.stage]).toEqual([0, 0, 1, 1, 1, 2]);
  });
});

describe('reshape', () => {
  it('finds strides where groups of axes are without gaps, and says where there are none', () => {
    expect(reshape([2, 3, 4], [12, 4, 1], [6, 4])).toEqual([4, 1]);
    expect(reshape([3, 2, 4], [4, 12, 1], [3, 2, 2, 2])).toEqual([4, 12, 2, 1]);
    expect(reshape([3, 2, 4], [4, 12, 1], [6, 4])).toBeUndefined();
    expect(reshape([1, 5], [9, 1], [5, 1, 1])).toEqual([1, 1, 1]);
  });
});
