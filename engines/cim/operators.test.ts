import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../onnx/builder.ts';
import { zooNetwork } from '../onnx/load.ts';
import type { Network } from '../onnx/network.ts';
import { toNetwork } from '../onnx/to-network.ts';
import type { Graph } from '../onnx/types.ts';
import { attend, projectTogether } from '../onnx/zoo/transformer-parts.ts';
import type { CimHardware } from './hardware.ts';
import { SHARED_HEADS, tracedReads } from './operators.fixture.ts';
import { type OperatorOptions, operatorsOf } from './operators.ts';
import { PRESETS } from './presets/index.ts';
import { DEFAULT_RULES, STUDY_RULES } from './rules.ts';
import type { CimOperator } from './types.ts';

const CHIP = PRESETS.dynaplasia!.hardware;

function chip(arrays: number, rows = 320, columns = 320): CimHardware {
  return { ...CHIP, arrays, array: { ...CHIP.array, rows, columns, activeRows: rows } };
}

function network(graph: Graph): Network {
  const made = toNetwork(graph);
  if (!made.ok) throw new Error(made.problems[0]!.what);
  return made.value;
}

function zoo(id: string, symbols: Record<string, number> = {}): Network {
  const made = zooNetwork(id, symbols);
  if (!made.ok) throw new Error(made.problems[0]!.what);
  return made.value;
}

function listOf(net: Network, options: Partial<OperatorOptions> = {}) {
  const list = operatorsOf(net, { hardware: CHIP, rules: DEFAULT_RULES, batch: 1, blocks: 'folded', ...options });
  if (!list.ok) throw new Error(list.problems[0]!.what);
  return list.value;
}

function named(operators: readonly CimOperator[], name: string): CimOperator {
  const found = operators.find((each) => each.name === name);
  if (!found) throw new Error(`There is no ${name} among ${operators.map((each) => each.name).join(', ')}.`);
  return found;
}

describe('how many operators a network has on DynaPlasia, as the study counted them', () => {
  const cases: [string, Record<string, number>, 'folded' | 'one', number][] = [
    ['vgg16', {}, 'folded', 147],
    ['resnet18', {}, 'folded', 28],
    ['mobilenet-v2', {}, 'folded', 54],
    ['bert-large', { sequence: 64 }, 'one', 19],
    ['llama2-7b', { sequence: 64 }, 'one', 194],
    ['opt-13b', { sequence: 64 }, 'one', 272],
  ];
  it.each(cases)('%s', (id, symbols, blocks, count) => {
    const { operators } = listOf(zoo(id, symbols), { rules: STUDY_RULES, blocks });
    expect(operators).toHaveLength(count);
    expect(operators.every(({ arrays }) => arrays <= 96)).toBe(true);
    if (id === 'vgg16') expect(operators.filter(({ kind }) => kind === 'conv')).toHaveLength(24);
  });
});

describe('a layer as products', () => {
  it('counts a convolution by windows, weights of a window and channels', () => {
    const conv = named(listOf(zoo('vgg16')).operators, 'stage1/conv2');
    expect(conv).toMatchObject({ kind: 'conv', vectors: 224 * 224, inner: 576, columns: 64, groups: 1 });
    // 576 rows in 2 tiles, 64 x 8 columns in 2.
    expect(conv).toMatchObject({ arrays: 4, streamBytes: 224 * 224 * 576, outputBytes: 224 * 224 * 64 });
    expect(conv.weightBytes).toBe(576 * 64);
  });

  it('takes convolutions over one axis, and refuses those over three by name', () => {
    const b = new GraphBuilder('wave');
    const x = b.input('x', [1, 4, 20]);
    const wide = b.op('Conv', [x, b.weight('w', [6, 4, 5])], [1, 6, 16], { kernel_shape: [5] }, 'conv');
    const line = listOf(network(b.output(wide))).operators;
    expect(line[0]).toMatchObject({ vectors: 16, inner: 20, columns: 6 });

    const c = new GraphBuilder('volume');
    const v = c.input('v', [1, 4, 8, 8, 8]);
    const deep = c.op(
      'Conv',
      [v, c.weight('w', [6, 4, 3, 3, 3])],
      [1, 6, 6, 6, 6],
      { kernel_shape: [3, 3, 3] },
      'deep',
    );
    const refused = operatorsOf(network(c.output(deep)), {
      hardware: CHIP,
      rules: DEFAULT_RULES,
      batch: 1,
      blocks: 'folded',
    });
    expect(refused).toMatchObject({ ok: false, problems: [{ code: 'cim.unknown-product', severity: 'error' }] });
    expect(JSON.stringify(refused)).toContain('deep');
  });

  it('packs groups block-diagonally, or counts them as dense as the study did', () => {
    const net = zoo('mobilenet-v1');
    const packed = named(listOf(net).operators, 'block2/depthwise');
    // 64 channels of 9 rows and 8 columns: 35 by rows, 40 by columns, so 35 in an array.
    expect(packed).toMatchObject({ kind: 'depthwise', inner: 9, columns: 1, groups: 64, arrays: 2 });
    expect(packed.streamBytes).toBe(packed.vectors * 9 * 64);
    const dense = named(listOf(net, { rules: STUDY_RULES }).operators, 'block2/depthwise');
    expect(dense).toMatchObject({ inner: 9, columns: 64, groups: 1, arrays: 2 });
    expect(dense.streamBytes).toBe(dense.vectors * 9);
  });

  it('gives every head a matrix of its own, and one to heads that share keys and values', () => {
    const bert = listOf(zoo('bert-base', { sequence: 16 }), { blocks: 'one' }).operators;
    const scores = bert.find(({ kind }) => kind === 'matmul')!;
    expect(scores).toMatchObject({ vectors: 16, inner: 64, columns: 16, groups: 12, dynamic: true });
    const llama = listOf(zoo('llama3-8b', { sequence: 16 }), { blocks: 'one' }).operators;
    const shared = llama.find(({ kind }) => kind === 'matmul')!;
    // 32 heads of queries on 8 of keys: four times the vectors for each.
    expect(shared).toMatchObject({ vectors: 64, inner: 128, columns: 16, groups: 8 });
    expect(shared.macs).toBe(32 * 16 * 128 * 16);
    expect(shared.weightBytes).toBe(8 * 128 * 16);
  });

  it('lets the batch multiply vectors and computed matrices, and counts the graph’s own batch once', () => {
    const inside = listOf(zoo('lenet5', { batch: 4 })).operators;
    const outside = listOf(zoo('lenet5'), { batch: 4 }).operators;
    const both = listOf(zoo('lenet5', { batch: 2 }), { batch: 2 }).operators;
    expect(inside).toEqual(outside);
    expect(both).toEqual(outside);
    expect(outside[0]!.vectors).toBe(4 * 28 * 28);
    const one = listOf(zoo('gpt2', { sequence: 4 }), { blocks: 'one' }).operators;
    const four = listOf(zoo('gpt2', { sequence: 4 }), { blocks: 'one', batch: 4 }).operators;
    const four2 = listOf(zoo('gpt2', { sequence: 4, batch: 2 }), { blocks: 'one', batch: 2 }).operators;
    expect(four2).toEqual(four);
    const work = (operators: CimOperator[]) => operators.reduce((sum, { macs }) => sum + macs, 0);
    expect(work(four)).toBe(4 * work(one));
    expect(four.find(({ dynamic }) => dynamic)!.groups).toBe(48);
  });

  it('decodes one token: its keys join those of earlier tokens, which come from outside', () => {
    const { operators } = listOf(zoo('llama3-8b', { sequence: 1, past: 63 }), { blocks: 'one' });
    const [scores, mix] = operators.filter(({ dynamic }) => dynamic) as [CimOperator, CimOperator];
    expect(scores).toMatchObject({ vectors: 4, inner: 128, columns: 64, groups: 8, weightBytes: 65_536 });
    expect(scores.cachedBytes).toBe((65_536 * 63) / 64);
    expect(scores.weightsFrom.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(1024);
    expect(mix).toMatchObject({ inner: 64, cachedBytes: (65_536 * 63) / 64 });
    const prefill = listOf(zoo('llama3-8b', { sequence: 64 }), { blocks: 'one' }).operators;
    expect(prefill.some(({ cachedBytes }) => cachedBytes !== undefined)).toBe(false);
  });
});

describe('what operators read of one another', () => {
  it('reads of a projection cut by columns only the heads that it needs', () => {
    // 768 x 2304 on 40 arrays: five parts of 461 columns. Queries are 0-767, keys 768-1535, values 1536-2303.
    const { operators } = listOf(zoo('gpt2', { sequence: 8 }), { hardware: chip(40), blocks: 'one', batch: 3 });
    const scores = named(operators, 'layer0/attention/scores');
    const each = 24;
    expect(scores.inputs).toEqual([
      { operator: 0, bytes: 461 * each },
      { operator: 1, bytes: 307 * each },
    ]);
    expect(scores.weightsFrom).toEqual([
      { operator: 1, bytes: 154 * each },
      { operator: 2, bytes: 461 * each },
      { operator: 3, bytes: 153 * each },
    ]);
  });

  it('adds a residual as the last term leaves, and keeps what is added until then', () => {
    const { operators } = listOf(zoo('resnet18'));
    const index = (name: string) => named(operators, name).index;
    const second = named(operators, 'stage1/block2/conv2');
    expect(second.inputs.map(({ operator }) => operator)).toEqual([index('stage1/block2/conv1')]);
    expect(second.sums).toEqual([{ operator: index('stage1/block1/conv2'), bytes: 56 * 56 * 64 }]);
    // What follows reads the sum alone, not all that went into it.
    const next = named(operators, 'stage2/block1/conv1');
    expect(next.inputs.map(({ operator }) => operator)).toEqual([second.index]);
    // A shortcut of its own runs beside the block: both are read where they are added.
    const joined = named(operators, 'stage2/block2/conv1');
    expect(joined.inputs.map(({ operator }) => operator)).toEqual([
      index('stage2/block1/shortcut'),
      index('stage2/block1/conv2'),
    ]);
    // It steps over every other row and column.
    expect(named(operators, 'stage2/block1/shortcut').inputs[0]!.bytes).toBe(28 * 28 * 64);
  });

  const graphs: Record<string, () => Graph> = {
    'a convolutional network': () => {
      const b = new GraphBuilder('small');
      const x = b.relu(b.conv(b.input('x', [1, 3, 6, 6]), 8, { kernel: 3, pads: 1 }, 'first'));
      const y = b.conv(b.maxPool(x, { kernel: 2, stride: 2 }, 'pool'), 6, { kernel: 3, pads: 1 }, 'second');
      return b.output(b.gemm(b.gemm(b.flatten(y), 12, 'wide'), 5, 'last'));
    },
    'branches, groups and a shuffle': () => {
      const b = new GraphBuilder('branches');
      const x = b.conv(b.input('x', [1, 4, 4, 4]), 12, { kernel: 1 }, 'stem');
      const left = b.conv(x, 6, { kernel: 1 }, 'left');
      const right = b.conv(x, 6, { kernel: 3, pads: 1, groups: 3 }, 'right');
      const both = b.concat([left, right], 1, 'both');
      const split = b.reshape(both, [0, 2, 6, 4, 4], [1, 2, 6, 4, 4], 'split');
      const turned = b.transpose(split, [0, 2, 1, 3, 4], 'turned');
      const mixed = b.reshape(turned, [0, 12, 4, 4], [1, 12, 4, 4], 'mixed');
      const deep = b.conv(mixed, 12, { kernel: 3, pads: 1, groups: 12 }, 'depthwise');
      const bounds = [b.constant('s', 'int64', [3]), b.constant('e', 'int64', [11]), b.constant('a', 'int64', [1])];
      const some = b.op('Slice', [deep, ...bounds], [1, 8, 4, 4], {}, 'some');
      return b.output(b.conv(some, 5, { kernel: 1 }, 'last'));
    },
    attention: () => {
      const b = new GraphBuilder('attention');
      const x = b.linear(b.input('x', [1, 5, 6]), 9, 'in');
      const parts = projectTogether(b, x, 9);
      return b.output(b.linear(attend({ b }, parts, { heads: 3, headSize: 3 }), 7, 'out'));
    },
    'attention with shared keys, a gate and a cache': () => {
      const b = new GraphBuilder('shared');
      const x = b.linear(b.input('x', [1, 3, 6]), 10, 'in');
      const [q, k, v] = [b.linear(x, 16, 'q'), b.linear(x, 8, 'k'), b.linear(x, 8, 'v')];
      const rotary = { cos: b.input('cos', [3, 4]), sin: b.input('sin', [3, 4]) };
      const mixed = attend({ b, past: 2, rotary }, { q, k, v }, { heads: 4, sharedHeads: SHARED_HEADS, headSize: 4 });
      const gated = b.mul(b.unary('Sigmoid', b.linear(mixed, 8, 'gate'), 'open'), b.linear(mixed, 8, 'up'), 'gated');
      return b.output(b.linear(gated, 4, 'down'));
    },
  };

  it.each(Object.entries(graphs))('agrees with numbers traced one by one, however parts are cut: %s', (_, make) => {
    const net = network(make());
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 8, max: 60 }),
        (arrays, rows, columns) => {
          const { operators } = listOf(net, { hardware: chip(arrays, rows, columns) });
          const traced = tracedReads(net, operators);
          const sorted = (found: Iterable<readonly [number, number]>) => [...found].sort(([a], [b]) => a - b);
          const listed = (list: CimOperator['inputs']) => sorted(list.map(({ operator, bytes }) => [operator, bytes]));
          expect(operators.map(({ inputs, weightsFrom }) => [listed(inputs), listed(weightsFrom)])).toEqual(
            traced.map(({ inputs, weights }) => [sorted(inputs), sorted(weights)]),
          );
          expect(operators.some(({ sums }) => sums)).toBe(false);
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe('cutting', () => {
  it('makes parts that fit, do all the work once, and are alike but for the last', () => {
    const nets = [zoo('digits-resnet'), zoo('gpt2', { sequence: 4 }), zoo('shufflenet-v1-g3')];
    fc.assert(
      fc.property(
        fc.constantFrom(...nets),
        fc.integer({ min: 6, max: 200 }),
        fc.integer({ min: 30, max: 400 }),
        fc.integer({ min: 30, max: 400 }),
        fc.integer({ min: 1, max: 3 }),
        (net, arrays, rows, columns, batch) => {
          const { operators } = listOf(net, { hardware: chip(arrays, rows, columns), batch, blocks: 'one' });
          const layers = new Map<number, CimOperator[]>();
          for (const operator of operators) {
            const parts = layers.get(operator.layer);
            if (parts) parts.push(operator);
            else layers.set(operator.layer, [operator]);
          }
          expect(operators.filter((each) => each.arrays > arrays)).toEqual([]);
          for (const [layer, parts] of layers) {
            expect(parts.reduce((sum, { macs }) => sum + macs, 0)).toBe(net.layers[layer]!.macs * batch);
            const [first] = parts as [CimOperator];
            const larger = parts.filter(
              (each) => each.inner > first.inner || each.columns > first.columns || each.groups > first.groups,
            );
            expect(larger).toEqual([]);
          }
        },
      ),
      { numRuns: 10 },
    );
  });

  it('says so where not even one weight fits', () => {
    const tiny = chip(1, 16, 4);
    const list = operatorsOf(zoo('lenet5'), { hardware: tiny, rules: DEFAULT_RULES, batch: 1, blocks: 'folded' });
    expect(list).toMatchObject({
      ok: false,
      problems: [{ code: 'cim.fit', where: { path: 'slices.cim.hardware.arrays' } }],
    });
    if (list.ok) return;
    expect(list.problems[0]!.what).toBe(
      'Not even one weight of "conv1" fits: at 8 bits it takes 2 arrays of 4 columns, and the chip has 1.',
    );
    expect(list.problems[0]!.remedy).toBeDefined();
  });

  it('says so where a chip is so small that the network falls to pieces', () => {
    const list = operatorsOf(zoo('opt-13b', { sequence: 4 }), {
      hardware: chip(1, 16, 16),
      rules: DEFAULT_RULES,
      batch: 1,
      blocks: 'one',
    });
    expect(list).toMatchObject({ ok: false, problems: [{ code: 'cim.too-many-parts' }] });
  });
});

describe('what a network must have', () => {
  it('is a product at least', () => {
    const b = new GraphBuilder('idle');
    const net = network(b.output(b.relu(b.input('x', [1, 4]))));
    const list = operatorsOf(net, { hardware: CHIP, rules: DEFAULT_RULES, batch: 1, blocks: 'folded' });
    expect(list).toMatchObject({ ok: false, problems: [{ code: 'cim.no-products' }] });
  });

  it('may have operators that nobody knows: they are named, and counted as left out', () => {
    const b = new GraphBuilder('odd');
    const x = b.linear(b.input('x', [1, 4]), 4, 'in');
    const odd = b.op('CumSum', [x, b.constant('axis', 'int64', 1)], [1, 4], {}, 'strange');
    const { operators, problems, notModelled } = listOf(network(b.output(b.linear(odd, 3, 'out'))));
    expect(problems).toMatchObject([{ code: 'cim.unknown-operator', severity: 'warning' }]);
    expect(problems[0]!.what).toContain('strange');
    expect(notModelled).toContainEqual({ op: 'unknown', count: 1 });
    // Whatever it does, its reader may need all of what it read.
    expect(operators[1]!.inputs).toEqual([{ operator: 0, bytes: 4 }]);
  });
});
