import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import type { Result } from '../core/result.ts';
import { GraphBuilder, type Value } from './builder.ts';
import { totalsOf, weightsOf } from './counts.ts';
import { faultsOf } from './network.fixture.ts';
import type { Layer, Network } from './network.ts';
import { absorbActivations } from './network-passes.ts';
import { type LayerNumbers, runNetwork } from './reference/run.ts';
import { toNetwork } from './to-network.ts';
import type { Graph } from './types.ts';

function of<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** The network of a graph that `build` makes from an image of 8 channels, 12 x 12; checked for what must always hold. */
function networkOf(build: (b: GraphBuilder, x: Value) => Value | Value[]): Network {
  const b = new GraphBuilder('test');
  const made = build(b, b.input('data', ['batch', 8, 12, 12]));
  const network = of(toNetwork(b.output(...[made].flat())));
  expect(faultsOf(network)).toEqual([]);
  expect(totalsOf(network).parameters).toBe(learnedOf(b.graph));
  return network;
}

/** Learned numbers of a graph: its weights of several elements, running statistics left out. */
function learnedOf(graph: Graph): number {
  let sum = 0;
  for (const { name, shape, data } of Object.values(graph.weights)) {
    if (data.in === 'nowhere' && !/\.(mean|variance)$/.test(name)) sum += shape.reduce((a, b) => a * b, 1);
  }
  return sum;
}

const ops = ({ layers }: Network): string[] =>
  layers.map(({ kind }) =>
    kind.op === 'activation' || kind.op === 'move' || kind.op === 'eltwise' ? kind.how : kind.op,
  );

const scalar = (b: GraphBuilder, op: string, x: Value, value: number, name = op.toLowerCase()): Value =>
  b.op(op, [x, b.constant(`${name}${value}.by`, 'float32', value)], x.shape, {}, name);

describe('fusing', () => {
  it('takes normalisation and ReLU into a convolution, and names the nodes that it came from', () => {
    const network = networkOf((b, x) => b.relu(b.convNorm(x, 16, { kernel: 3, pads: 1 }, 'conv')));
    expect(network.layers[1]).toMatchObject({
      kind: { op: 'conv', inputChannels: 8, outputChannels: 16 },
      activation: { how: 'relu' },
      normalised: true,
      bias: false,
      parameters: 16 * 8 * 9 + 2 * 16,
      nodes: ['conv', 'conv_norm', 'relu'],
    });
    expect(network.layers.length).toBe(2);
  });

  it('leaves a ReLU alone whose input others read', () => {
    const network = networkOf((b, x) => {
      const y = b.conv(x, 8, { kernel: 1 }, 'conv');
      return b.add(b.relu(y), y, 'add');
    });
    expect(ops(network)).toEqual(['input', 'conv', 'relu', 'add']);
  });

  it('does not fuse past an output of the graph', () => {
    const network = networkOf((b, x) => {
      const y = b.conv(x, 8, { kernel: 1 }, 'conv');
      return [y, b.relu(y)];
    });
    expect(ops(network)).toEqual(['input', 'conv', 'relu']);
  });

  it('does not take a normalisation into a convolution that is activated already', () => {
    const network = networkOf((b, x) => b.batchNorm(b.relu(b.conv(x, 8, { kernel: 1 }, 'conv')), 'norm'));
    expect(ops(network)).toEqual(['input', 'conv', 'normalise']);
    expect(network.layers[2]).toMatchObject({ kind: { how: 'batch' }, parameters: 16 });
  });

  it('makes an FC layer with bias of a product and a sum', () => {
    const network = networkOf((b, x) => b.unary('Tanh', b.linear(b.flatten(x), 5, 'fc'), 'tanh'));
    expect(network.layers.at(-1)).toMatchObject({
      kind: { op: 'fc', inputs: 1152, outputs: 5, rows: 1 },
      bias: true,
      activation: { how: 'tanh' },
      parameters: 1152 * 5 + 5,
    });
  });

  it('takes a sum with one number for each channel as a bias, and no other sum', () => {
    const bias = (b: GraphBuilder, x: Value, shape: number[]): Value =>
      b.add(b.conv(x, 4, { kernel: 1, bias: false }, 'conv'), b.weight('constant.weight', shape), 'add');
    expect(ops(networkOf((b, x) => bias(b, x, [4, 1, 1])))).toEqual(['input', 'conv']);
    expect(ops(networkOf((b, x) => bias(b, x, [12, 12])))).toEqual(['input', 'conv', 'add']);
  });

  it('says how the tensor of an FC layer lies, turned in the graph or not', () => {
    const lies = (transB: number, turned: boolean): boolean | undefined => {
      const b = new GraphBuilder('fc');
      const x = b.input('x', [1, 6]);
      const shape = (transB === 1) !== turned ? [4, 6] : [6, 4];
      const weight = b.weight('w.weight', shape);
      const given = turned ? b.transpose(weight, [1, 0], 'turn') : weight;
      b.output(b.op('Gemm', [x, given], [1, 4], { transB }, 'fc'));
      const [, layer] = of(toNetwork(b.graph)).layers;
      expect(layer?.parameters).toBe(24);
      expect(layer?.weight?.tensor.shape).toEqual(layer?.weight?.transposed ? [6, 4] : [4, 6]);
      return layer?.weight?.transposed;
    };
    expect([lies(1, false), lies(0, false), lies(1, true), lies(0, true)]).toEqual([false, true, true, false]);
  });

  it('counts rows that share the weights of an FC layer', () => {
    const b = new GraphBuilder('rows');
    const x = b.input('x', [2, 7, 10]);
    const network = of(toNetwork(b.output(b.linear(x, 3, 'fc'))));
    expect(network.layers[1]).toMatchObject({ kind: { rows: 14, inputs: 10, outputs: 3 }, macs: 420, bias: true });
  });
});

describe('removing', () => {
  it('drops dropout, identities and changes of type, also at the end', () => {
    const network = networkOf((b, x) => {
      const y = b.unary('Identity', b.dropout(b.conv(x, 4, { kernel: 1 }, 'conv'), 'drop'), 'same');
      return b.op('Cast', [b.relu(y)], y.shape, { to: 1 }, 'cast');
    });
    expect(ops(network)).toEqual(['input', 'conv']);
    expect(network.layers[1]?.activation).toEqual({ how: 'relu' });
  });

  it('drops what no output needs', () => {
    const network = networkOf((b, x) => {
      b.globalAveragePool(x, 'unused');
      return b.relu(x);
    });
    expect(ops(network)).toEqual(['input', 'relu']);
  });

  it('folds the arithmetic on shapes that exporters write before a reshape', () => {
    const network = networkOf((b, x) => {
      const shape = b.op('Shape', [x], [4], {}, 'shape');
      const first = b.op('Gather', [shape, b.constant('zero', 'int64', [0])], [1], { axis: 0 }, 'first');
      const to = b.op('Concat', [first, b.constant('rest', 'int64', [-1])], [2], { axis: 0 }, 'to');
      return b.op('Reshape', [x, to], ['batch', 1152], {}, 'reshape');
    });
    expect(ops(network)).toEqual(['input', 'reshape']);
    expect(network.layers[1]?.outputShape).toEqual([1, 1152]);
  });
});

describe('activations spelled out', () => {
  const behindConv = (build: (b: GraphBuilder, x: Value) => Value): (Layer | undefined)[] =>
    networkOf((b, x) => build(b, b.conv(x, 4, { kernel: 1 }, 'conv'))).layers.slice(2);
  const clip = (b: GraphBuilder, x: Value, low: number, high: number): Value =>
    b.op('Clip', [x, b.constant('low', 'float32', low), b.constant('high', 'float32', high)], x.shape, {}, 'clip');

  const SPELLINGS: [name: string, how: string, build: (b: GraphBuilder, x: Value) => Value][] = [
    [
      'hard-swish as Add, Clip, Mul, Div',
      'hard-swish',
      (b, x) => scalar(b, 'Div', b.mul(x, clip(b, scalar(b, 'Add', x, 3), 0, 6), 'mul'), 6),
    ],
    [
      'hard-swish as Add, Clip, Div, Mul',
      'hard-swish',
      (b, x) => b.mul(x, scalar(b, 'Div', clip(b, scalar(b, 'Add', x, 3), 0, 6), 6), 'mul'),
    ],
    [
      'hard-swish through HardSigmoid',
      'hard-swish',
      (b, x) => b.mul(b.unary('HardSigmoid', x, 'gate', { alpha: { float: 1 / 6 } }), x, 'mul'),
    ],
    ['hard-sigmoid', 'hard-sigmoid', (b, x) => scalar(b, 'Div', clip(b, scalar(b, 'Add', x, 3), 0, 6), 6)],
    [
      'hard-sigmoid with the older slope',
      'hard-sigmoid',
      (b, x) => clip(b, scalar(b, 'Add', scalar(b, 'Mul', x, 0.2), 0.5), 0, 1),
    ],
    ['SiLU', 'silu', (b, x) => b.silu(x)],
    [
      'GELU through Erf',
      'gelu',
      (b, x) => {
        const y = scalar(b, 'Add', b.unary('Erf', scalar(b, 'Div', x, Math.SQRT2), 'erf'), 1);
        return scalar(b, 'Mul', b.mul(x, y, 'product'), 0.5);
      },
    ],
    [
      'GELU through Erf, halved first',
      'gelu',
      (b, x) => {
        const y = scalar(b, 'Add', b.unary('Erf', scalar(b, 'Mul', x, Math.SQRT1_2), 'erf'), 1);
        return b.mul(scalar(b, 'Mul', x, 0.5, 'half'), y, 'product');
      },
    ],
    [
      'GELU through Tanh',
      'gelu',
      (b, x) => {
        const cube = b.mul(b.mul(x, x, 'square'), x, 'cube');
        const inner = scalar(
          b,
          'Mul',
          b.add(x, scalar(b, 'Mul', cube, 0.044715, 'small'), 'sum'),
          0.7978845608,
          'inner',
        );
        const lifted = scalar(b, 'Add', b.unary('Tanh', inner, 'tanh'), 1);
        return scalar(b, 'Mul', b.mul(x, lifted, 'product'), 0.5, 'half');
      },
    ],
    ['mish', 'mish', (b, x) => b.mul(x, b.unary('Tanh', b.unary('Softplus', x, 'softplus'), 'tanh'), 'mul')],
  ];
  for (const [name, how, build] of SPELLINGS) {
    it(`are recognised: ${name}`, () => {
      const [layer, ...more] = behindConv(build);
      expect(more).toEqual([]);
      expect(layer?.kind).toMatchObject({ op: 'activation', how });
    });
  }

  it('keep the bounds of a clip, and take one from 0 up as ReLU', () => {
    expect(behindConv((b, x) => b.relu6(x))[0]?.kind).toEqual({ op: 'activation', how: 'clip', min: 0, max: 6 });
    const open = networkOf((b, x) => {
      const y = b.conv(x, 4, { kernel: 1 }, 'conv');
      return b.op('Clip', [y, b.constant('low', 'float32', 0)], y.shape, {}, 'clip');
    });
    expect(open.layers[1]?.activation).toEqual({ how: 'relu' });
  });

  it('stay apart where a part of them is read elsewhere', () => {
    const network = networkOf((b, x) => {
      const gate = b.unary('Sigmoid', x, 'sigmoid');
      return [b.mul(x, gate, 'mul'), b.relu(gate)];
    });
    expect(ops(network)).toEqual(['input', 'sigmoid', 'mul', 'relu']);
  });

  it('are not seen where another function is computed', () => {
    const network = networkOf((b, x) => b.mul(x, b.unary('Sigmoid', scalar(b, 'Mul', x, 3), 'sigmoid'), 'product'));
    expect(ops(network)).toEqual(['input', 'mul', 'sigmoid', 'mul']);
  });
});

describe('normalisations spelled out', () => {
  const rows = (build: (b: GraphBuilder, x: Value, narrow: Value['shape']) => Value): Network => {
    const b = new GraphBuilder('norm');
    const x = b.input('x', ['batch', 6, 32]);
    const network = of(toNetwork(b.output(build(b, x, ['batch', 6, 1]))));
    expect(faultsOf(network)).toEqual([]);
    expect(totalsOf(network).parameters).toBe(learnedOf(b.graph));
    return network;
  };
  const mean = (b: GraphBuilder, x: Value, narrow: Value['shape'], name: string): Value =>
    b.op('ReduceMean', [x], narrow, { axes: [-1], keepdims: 1 }, name);

  for (const twice of [false, true]) {
    it(`are recognised: layer normalisation${twice ? ', its difference written twice' : ''}`, () => {
      const network = rows((b, x, narrow) => {
        const centred = b.binary('Sub', x, mean(b, x, narrow, 'mean'), 'sub');
        const again = twice ? b.binary('Sub', x, mean(b, x, narrow, 'mean2'), 'sub2') : centred;
        const variance = mean(b, scalar(b, 'Pow', centred, 2), narrow, 'variance');
        const root = b.unary('Sqrt', scalar(b, 'Add', variance, 1e-5, 'plus'), 'root');
        const normal = b.binary('Div', again, root, 'div');
        return b.add(b.mul(normal, b.weight('g.scale', [32]), 'mul'), b.weight('g.shift', [32]), 'add');
      });
      expect(network.layers.length).toBe(2);
      expect(network.layers[1]).toMatchObject({ kind: { op: 'normalise', how: 'layer' }, parameters: 64 });
    });
  }

  it('are recognised: RMS normalisation by Div, by Reciprocal and by a power', () => {
    const square = (b: GraphBuilder, x: Value, narrow: Value['shape']): Value =>
      scalar(b, 'Add', mean(b, b.mul(x, x, 'square'), narrow, 'mean'), 1e-6, 'plus');
    const scaled = (b: GraphBuilder, x: Value): Value => b.mul(b.weight('g.scale', [32]), x, 'scaled');
    const forms: ((b: GraphBuilder, x: Value, narrow: Value['shape']) => Value)[] = [
      (b, x, narrow) => scaled(b, b.binary('Div', x, b.unary('Sqrt', square(b, x, narrow), 'root'), 'div')),
      (b, x, narrow) => {
        const root = b.unary('Sqrt', square(b, x, narrow), 'root');
        return scaled(b, b.mul(x, b.unary('Reciprocal', root, 'inverse'), 'normal'));
      },
      (b, x, narrow) => scaled(b, b.mul(x, scalar(b, 'Pow', square(b, x, narrow), -0.5), 'normal')),
    ];
    for (const form of forms) {
      const network = rows(form);
      expect(network.layers.length).toBe(2);
      expect(network.layers[1]).toMatchObject({ kind: { op: 'normalise', how: 'rms' }, parameters: 32 });
    }
  });
});

describe('windows', () => {
  const padded = (b: GraphBuilder, x: Value, value?: number): Value => {
    const pads = b.constant('around', 'int64', [0, 0, 1, 2, 0, 0, 3, 0]);
    const inputs = value === undefined ? [x, pads] : [x, pads, b.constant('fill', 'float32', value)];
    return b.op('Pad', inputs, ['batch', 8, 16, 14], {}, 'pad');
  };

  it('take a padding of zeros before a convolution', () => {
    const network = networkOf((b, x) => b.conv(padded(b, x), 4, { kernel: 3, pads: 1 }, 'conv'));
    expect(ops(network)).toEqual(['input', 'conv']);
    expect(network.layers[1]?.kind).toMatchObject({ pads: [2, 3, 4, 1] });
    expect(network.layers[1]?.nodes).toEqual(['pad', 'conv']);
  });

  it('leave a padding of other numbers where it is', () => {
    const network = networkOf((b, x) => b.conv(padded(b, x, 1), 4, { kernel: 3 }, 'conv'));
    expect(ops(network)).toEqual(['input', 'pad', 'conv']);
  });

  it('take zeros before a pool of largest values only where nothing is below zero', () => {
    const pool = (b: GraphBuilder, x: Value): Value => b.maxPool(padded(b, x), { kernel: 2, stride: 2 }, 'pool');
    expect(ops(networkOf((b, x) => pool(b, x)))).toEqual(['input', 'pad', 'pool']);
    expect(ops(networkOf((b, x) => pool(b, b.relu(x))))).toEqual(['input', 'relu', 'pool']);
  });

  it('count padded zeros in an average where the graph pads before it', () => {
    const network = networkOf((b, x) => b.averagePool(padded(b, x), { kernel: 2, stride: 2 }, 'pool'));
    expect(network.layers[1]?.kind).toMatchObject({ op: 'pool', countPadding: true, pads: [1, 2, 3, 0] });
  });

  it('resolve SAME padding and rounding up into rows and columns', () => {
    const shape = ['batch', 8, 6, 6];
    const auto = { kernel_shape: [3, 3], strides: [2, 2] };
    const upper = networkOf((b, x) => b.op('MaxPool', [x], shape, { ...auto, auto_pad: 'SAME_UPPER' }, 'pool'));
    expect(upper.layers[1]?.kind).toMatchObject({ pads: [0, 0, 1, 1] });
    const lower = networkOf((b, x) => b.op('MaxPool', [x], shape, { ...auto, auto_pad: 'SAME_LOWER' }, 'pool'));
    expect(lower.layers[1]?.kind).toMatchObject({ pads: [1, 1, 0, 0] });
    const ceiled = networkOf((b, x) => b.op('MaxPool', [x], shape, { ...auto, ceil_mode: 1 }, 'pool'));
    expect(ceiled.layers[1]).toMatchObject({ kind: { pads: [0, 0, 1, 1] }, outputShape: [1, 8, 6, 6] });
  });

  it('are global where the mean of H and W is taken', () => {
    const network = networkOf((b, x) =>
      b.op('ReduceMean', [x], ['batch', 8, 1, 1], { axes: [-1, 2], keepdims: 1 }, 'mean'),
    );
    expect(network.layers[1]?.kind).toMatchObject({ op: 'pool', method: 'average', global: true, kernel: [12, 12] });
  });
});

describe('moves', () => {
  it('shuffle channels where they are split, exchanged and joined', () => {
    const shuffle = (order: number[]): Network =>
      networkOf((b, x) => {
        const y = b.reshape(x, [0, 2, 4, 12, 12], ['batch', 2, 4, 12, 12], 'split');
        return b.reshape(b.transpose(y, order, 'turn'), [0, 8, 12, 12], ['batch', 8, 12, 12], 'join');
      });
    expect(shuffle([0, 2, 1, 3, 4]).layers[1]?.kind).toEqual({ op: 'move', how: 'shuffle', groups: 2 });
    expect(ops(shuffle([0, 2, 1, 4, 3]))).toEqual(['input', 'reshape', 'transpose', 'reshape']);
  });

  it('say which piece each output of a split takes', () => {
    const network = networkOf((b, x) => {
      const sizes = b.constant('sizes', 'int64', [3, 5]);
      const first = b.op('Split', [x, sizes], ['batch', 3, 12, 12], { axis: 1 }, 'split');
      b.graph.nodes.at(-1)!.outputs.push('split_rest');
      return [b.relu(first), b.relu({ name: 'split_rest', shape: ['batch', 5, 12, 12] })];
    });
    expect(network.layers.slice(1, 3).map(({ kind, outputShape }) => [kind, outputShape])).toEqual([
      [{ op: 'move', how: 'split', slice: { axis: 1, start: 0, step: 1 } }, [1, 3, 12, 12]],
      [{ op: 'move', how: 'split', slice: { axis: 1, start: 3, step: 1 } }, [1, 5, 12, 12]],
    ]);
  });
});

describe('what is not known', () => {
  it('of names does no harm: thousands of scopes in one are no structure', () => {
    const network = networkOf((b, x) => b.relu(x, `${'a/'.repeat(50_000)}relu`));
    expect(network.layers[1]!.block.length).toBeLessThanOrEqual(16);
  });

  it('is listed and carried on', () => {
    const network = networkOf((b, x) => {
      const y = b.op('Det', [b.op('Hardmax', [x], x.shape, {}, 'first')], ['batch', 8], {}, 'second');
      return b.unary('Hardmax', y, 'third');
    });
    expect(ops(network)).toEqual(['input', 'unknown', 'unknown', 'unknown']);
    expect(network.unsupported.map(({ op, count, places }) => [op, count, places])).toEqual([
      ['Hardmax', 2, ['first', 'third']],
      ['Det', 1, ['second']],
    ]);
    expect(network.layers[3]?.outputShape).toEqual([1, 8]);
  });

  it('of sizes is asked for by name; a batch is 1', () => {
    const b = new GraphBuilder('open');
    const x = b.input('image', ['N', 3, 'height', 'width']);
    b.output(b.relu(x));
    const open = toNetwork(b.graph);
    if (open.ok) throw new Error('It has no sizes.');
    // Each by itself, with the place where it is given.
    expect(open.problems.map(({ code, where }) => [code, where])).toEqual([
      ['network.open-size', { path: 'symbols.height' }],
      ['network.open-size', { path: 'symbols.width' }],
    ]);
    expect(open.problems[1]?.what).toContain('"width"');
    const network = of(toNetwork(b.graph, { symbols: { height: 5, width: 7 } }));
    expect(network.layers[1]?.outputShape).toEqual([1, 3, 5, 7]);
    expect(network.symbols).toEqual({ height: 5, width: 7, N: 1 });
  });
});

/** Steps of a random network: each reads one or two of the values before it. */
type Step = { what: number; from: number; other: number };

function grow(b: GraphBuilder, input: Value, steps: Step[]): Value[] {
  const values = [input];
  for (const [index, { what, from, other }] of steps.entries()) {
    const x = values[from % values.length]!;
    const alike = values.filter((value) => value.shape.join() === x.shape.join());
    const y = alike[other % alike.length]!;
    const name = `node${index}`;
    const channels = x.shape[1] as number;
    const grown = [
      () => b.conv(x, 8, { kernel: 3, pads: 1 }, name),
      () => b.convNorm(x, 4 * (1 + (other % 3)), { kernel: 1 }, name),
      () => b.conv(x, channels, { kernel: 3, pads: [1, 0, 1, 2], groups: channels, bias: false }, name),
      () => b.batchNorm(x, name),
      () => b.relu(x, name),
      () => b.relu6(x, name),
      () => b.silu(x, name),
      () => b.unary('HardSwish', x, name),
      () => b.add(x, y, name),
      () => b.mul(x, y, name),
      () => b.concat([x, y], 1, name),
      () => b.maxPool(x, { kernel: 3, pads: 1 }, name),
      () => b.averagePool(x, { kernel: 3, pads: [1, 0, 1, 2] }, name),
      () => b.dropout(x, name),
      () => b.unary('Identity', x, name),
      () => b.add(x, b.weight(`${name}.bias`, [channels, 1, 1]), name),
    ][what % 16]!();
    values.push(grown);
  }
  return values.slice(1);
}

describe('every network', () => {
  const step = fc.record({ what: fc.nat(15), from: fc.nat(20), other: fc.nat(20) });
  const blocks = fc.array(step, { minLength: 1, maxLength: 25 });

  it('is in order, linked both ways, consistent in its shapes, and holds what its graph holds', () => {
    fc.assert(
      fc.property(blocks, fc.nat(3), (steps, ends) => {
        const b = new GraphBuilder('random');
        const values = grow(b, b.input('data', ['batch', 8, 6, 6]), steps);
        const graph = b.output(...values.slice(-1 - ends));
        const network = of(toNetwork(graph));
        expect(faultsOf(network)).toEqual([]);
        const covered = network.layers.flatMap(({ nodes }) => nodes);
        expect(new Set(covered).size).toBe(covered.length);
        expect(totalsOf(network).parameters).toBe(learnedOf(reached(graph)));
        const absorbed = absorbActivations(network);
        expect(faultsOf(absorbed)).toEqual([]);
        expect(totalsOf(absorbed)).toMatchObject({
          parameters: totalsOf(network).parameters,
          macs: totalsOf(network).macs,
        });
      }),
      { numRuns: 150 },
    );
  });
});

/** Numbers of a layer that depend on its name alone. */
function numbersOf({ name, kind, outputShape }: Layer): LayerNumbers {
  const random = createRandom([...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1e9, 7));
  const list = (length: number): Float64Array => Float64Array.from({ length }, () => random.float() - 0.5);
  const channels = outputShape[1] ?? 1;
  const constant = { shape: [channels, 1, 1], data: list(channels) };
  return { weight: list(kind.op === 'normalise' ? channels : weightsOf(kind)), bias: list(channels), constant };
}

describe('absorbing activations', () => {
  it('changes nothing that is computed', () => {
    const step = fc.record({ what: fc.nat(15), from: fc.nat(20), other: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const b = new GraphBuilder('random');
        b.output(...grow(b, b.input('data', ['batch', 8, 4, 4]), steps).slice(-1));
        const network = of(toNetwork(b.graph));
        const input = {
          shape: [1, 8, 4, 4],
          data: Float64Array.from({ length: 128 }, (_, at) => ((at * 37) % 19) - 9),
        };
        const [plain, absorbed] = [network, absorbActivations(network)].map((it) => runNetwork(it, numbersOf, [input]));
        expect(absorbed!.at(-1)).toEqual(plain!.at(-1));
      }),
      { numRuns: 60 },
    );
  });
});

/** The graph with the weights only that its outputs depend on. */
function reached(graph: Graph): Graph {
  const wanted = new Set(graph.outputs.map(({ name }) => name));
  for (const node of [...graph.nodes].reverse()) {
    if (node.outputs.some((output) => wanted.has(output))) for (const input of node.inputs) wanted.add(input);
  }
  return { ...graph, weights: Object.fromEntries(Object.entries(graph.weights).filter(([name]) => wanted.has(name))) };
}
