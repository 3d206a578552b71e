import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../core/result.ts';
import { totalsOf } from './counts.ts';
import { zooNetwork } from './load.ts';
import { faultsOf } from './network.fixture.ts';
import type { Layer, Network } from './network.ts';
import { absorbActivations } from './network-passes.ts';
import { networkFromPimcompJson } from './pimcomp-json.ts';
import { networkToPimcompJson } from './pimcomp-json-export.ts';
import { ZOO } from './zoo/index.ts';

function of<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

type Node = Record<string, unknown> & { name: string; param?: Record<string, unknown> };

/** A network as the front end of PIMCOMP-NN writes it, fields that it leaves out left out. */
function example(): { node_list: Node[]; reshape_info: object } {
  const conv = {
    act_type: 0,
    bitwidth: 16,
    clip_max: 10000000,
    clip_min: -10000000,
    index: 1,
    name: 'conv1',
    operation: 'OP_CONV',
    output_dim: [1, 8, 3, 4],
    param: {
      input_channel: 3,
      output_channel: 8,
      kernel_h: 3,
      kernel_w: 3,
      pad_h0: 0,
      pad_h1: 1,
      pad_w0: 1,
      pad_w1: 0,
      stride_h: 2,
      stride_w: 1,
      with_bias: 1,
    },
    provider: ['data'],
    with_act: 1,
    with_bn: 1,
    with_clip: 0,
    input_dim: [1, 3, 6, 5],
  };
  return {
    node_list: [
      { bitwidth: 16, name: 'data', operation: 'OP_INPUT', output_dim: [1, 3, 6, 5], index: 0 },
      conv,
      {
        name: 'sum',
        operation: 'OP_ELTWISE',
        param: { eletype: 2 },
        provider: ['conv1', 'conv1'],
        output_dim: [1, 8, 3, 4],
      },
      { name: 'flat', operation: 'OP_FLATTEN', provider: ['sum'], output_dim: [1, 96], input_dim: [1, 8, 3, 4] },
      {
        name: 'fc',
        operation: 'OP_FC',
        param: { num_input: 96, num_output: 10, with_bias: 0 },
        provider: ['flat'],
        output_dim: [1, 10],
        with_act: 0,
        act_type: -1,
        with_bn: 0,
        with_clip: 1,
        clip_min: -1,
        clip_max: 6,
      },
    ],
    reshape_info: {},
  };
}

describe('reading a PIMCOMP network', () => {
  it('takes shapes, padding by its four sides, bias, normalisation and activation', () => {
    const network = of(networkFromPimcompJson(JSON.stringify(example()), 'example'));
    expect(faultsOf(network)).toEqual([]);
    const [, conv, sum, , last] = network.layers;
    expect(conv).toMatchObject({
      kind: { kernel: [3, 3], stride: [2, 1], pads: [0, 1, 1, 0], dilation: [1, 1], groups: 1 },
      activation: { how: 'relu' },
      bias: true,
      normalised: true,
      // Weights, bias, scale and shift.
      parameters: 8 * 3 * 9 + 8 + 16,
      macs: 12 * 8 * 27,
      consumers: [2],
    });
    expect(sum).toMatchObject({ inputs: [1, 1], kind: { op: 'eltwise', how: 'add' } });
    expect(last).toMatchObject({ activation: { how: 'clip', min: -1, max: 6 }, kind: { rows: 1 }, parameters: 960 });
  });

  it('sorts nodes that stand in another order', () => {
    const file = example();
    file.node_list.reverse();
    const network = of(networkFromPimcompJson(JSON.stringify(file)));
    expect(network.layers.map(({ name }) => name)).toEqual(['data', 'conv1', 'sum', 'flat', 'fc']);
  });

  it('lists operations that it does not know', () => {
    const file = example();
    file.node_list.push({ name: 'odd', operation: 'OP_FOLD', provider: ['fc'], output_dim: [1, 10] });
    const network = of(networkFromPimcompJson(JSON.stringify(file)));
    expect(network.unsupported).toMatchObject([{ op: 'OP_FOLD', count: 1, places: ['odd'] }]);
    expect(network.layers.at(-1)?.kind).toEqual({ op: 'unknown', onnxOp: 'OP_FOLD' });
  });

  const WRONG: [what: string, change: (file: ReturnType<typeof example>) => void, path: string, says: RegExp][] = [
    [
      'a node without a name',
      ({ node_list: [, it] }) => void delete (it as { name?: string }).name,
      'node_list[1].name',
      /no name/,
    ],
    [
      'two nodes of one name',
      ({ node_list: [, it] }) => {
        it!.name = 'data';
      },
      'node_list[1].name',
      /Two nodes/,
    ],
    [
      'a provider that is not there',
      ({ node_list: [, it] }) => {
        it!.provider = ['dat'];
      },
      'node_list[1].provider',
      /"dat"/,
    ],
    [
      'a circle',
      ({ node_list: [, it] }) => {
        it!.provider = ['sum'];
      },
      'node_list',
      /circle: .*"conv1" -> /,
    ],
    ['no provider', ({ node_list: [, it] }) => void delete it!.provider, 'node_list[1].provider', /reads no other/],
    [
      'a missing kernel',
      ({ node_list: [, it] }) => void delete it!.param!.kernel_h,
      'node_list[1].param.kernel_h',
      /missing/,
    ],
    [
      'a stride of 0',
      ({ node_list: [, it] }) => {
        it!.param!.stride_w = 0;
      },
      'node_list[1].param.stride_w',
      /at least 1/,
    ],
    [
      'an output that the window does not give',
      ({ node_list: [, it] }) => {
        it!.output_dim = [1, 8, 4, 4];
      },
      'node_list[1].output_dim',
      /4 high.* gives 3/,
    ],
    [
      'channels that the input has not',
      ({ node_list: [, it] }) => {
        it!.param!.input_channel = 4;
      },
      'node_list[1].param',
      /turns 4 channels/,
    ],
    [
      'groups that do not divide',
      ({ node_list: [, it] }) => {
        it!.param!.group = 2;
      },
      'node_list[1].param.group',
      /not evenly/,
    ],
    [
      'an activation that is unknown',
      ({ node_list: [, it] }) => {
        it!.act_type = 7;
      },
      'node_list[1].act_type',
      /activation 7/,
    ],
    [
      'a negative size',
      ({ node_list: [it] }) => {
        it!.output_dim = [1, 3, -6, 5];
      },
      'node_list[0].output_dim',
      /sizes of at least 1/,
    ],
    [
      'a sum of another size than its operands',
      ({ node_list: [, , it] }) => {
        it!.output_dim = [1, 9, 3, 4];
      },
      'node_list[2].output_dim',
      /makes 1 x 9 x 3 x 4 of 1 x 8 x 3 x 4/,
    ],
    [
      'an FC layer that does not fit',
      ({ node_list }) => {
        node_list[4]!.param!.num_input = 95;
      },
      'node_list[4].param',
      /95 numbers into 10/,
    ],
    [
      'a combination that is unknown',
      ({ node_list: [, , it] }) => {
        it!.param!.eletype = 0;
      },
      'node_list[2].param.eletype',
      /type 0/,
    ],
  ];
  for (const [what, change, path, says] of WRONG) {
    it(`refuses ${what}, with its place`, () => {
      const file = example();
      change(file);
      const result = networkFromPimcompJson(JSON.stringify(file));
      if (result.ok) throw new Error('It was read.');
      expect(result.problems[0]).toMatchObject({ code: 'pimcomp-json', severity: 'error', where: { path } });
      expect(result.problems[0]?.what).toMatch(says);
      expect(result.problems[0]?.remedy).toBeTruthy();
    });
  }

  it('refuses what is no such file', () => {
    const text = JSON.stringify(example());
    for (const wrong of ['', '[]', '{}', 'null', '{"node_list":[]}', '{"node_list":[1]}', text.slice(0, 500)]) {
      const result = networkFromPimcompJson(wrong);
      expect(result.ok ? 'read' : result.problems[0]?.code).toBe('pimcomp-json');
    }
  });

  it('never throws, whatever one field holds', () => {
    const paths = [
      'name',
      'operation',
      'provider',
      'output_dim',
      'input_dim',
      'param',
      'with_act',
      'act_type',
      'clip_min',
    ];
    const odd = fc.oneof(
      fc.anything(),
      fc.array(fc.integer()),
      fc.constantFrom('OP_POOL', 'OP_MATMUL', 'OP_CONCAT', 'OP_SHUFFLE'),
    );
    fc.assert(
      fc.property(fc.nat(4), fc.constantFrom(...paths), odd, (node, path, value) => {
        const file = example();
        file.node_list[node]![path] = value;
        const result = networkFromPimcompJson(JSON.stringify(file, (_, it) => (typeof it === 'bigint' ? 0 : it)));
        if (result.ok) expect(faultsOf(result.value)).toEqual([]);
        else expect(result.problems[0]?.what).toMatch(/\.$/);
      }),
      { numRuns: 300 },
    );
  });
});

/** What the format holds of a network. */
function held({ layers }: Network, folded: boolean): unknown[] {
  return layers.map(
    ({ kind, inputs, consumers, inputShapes, outputShape, activation, bias, normalised, macs, name }) => {
      const { lrn: _, epsilon: __, countPadding: ___, ...rest } = kind as Layer['kind'] & Record<string, unknown>;
      const asFiled = normalised && !folded;
      return { kind: rest, inputs, consumers, inputShapes, outputShape, activation, bias, asFiled, macs, name };
    },
  );
}

describe('writing a PIMCOMP network', () => {
  const ids = ['lenet5', 'alexnet', 'vgg8', 'resnet18', 'resnet50', 'squeezenet1.0', 'googlenet', 'inception-v3'];
  for (const id of [...ids, 'mobilenet-v1', 'mobilenet-v2', 'shufflenet-v1-g3', 'densenet121']) {
    it(`gives ${id} back when it is read`, () => {
      const network = of(zooNetwork(id));
      const again = of(networkFromPimcompJson(of(networkToPimcompJson(network)), id));
      const folded = ZOO.find((model) => model.id === id)?.folded ?? false;
      expect(held(again, folded)).toEqual(held(network, folded));
      // A folded normalisation is a bias in the file: one number a channel, where two were learned.
      const channels = folded
        ? network.layers.reduce((sum, { normalised, outputShape }) => sum + (normalised ? outputShape[1]! : 0), 0)
        : 0;
      expect(totalsOf(again).parameters).toBe(totalsOf(network).parameters - channels);
    });
  }

  it('writes what its readers index: providers and consumers by name, count and place', () => {
    const file = JSON.parse(of(networkToPimcompJson(of(zooNetwork('resnet18'))))) as { node_list: Node[] };
    for (const [index, node] of file.node_list.entries()) {
      expect(node).toMatchObject({ index, new_node_index: index, bitwidth: 16 });
      for (const side of ['provider', 'consumer']) {
        const names = (node[side] ?? []) as string[];
        expect(node[`${side}_num`]).toBe(names.length);
        expect((node[`${side}_index`] as number[]).map((at) => file.node_list[at]!.name)).toEqual(names);
      }
      expect(node.output_dim_num).toBe((node.output_dim as number[]).length);
    }
  });

  it('puts an activation that a sum took in behind it again', () => {
    const network = of(zooNetwork('resnet18'));
    const absorbed = absorbActivations(network);
    expect(absorbed.layers.length).toBe(network.layers.length - 8);
    const again = of(networkFromPimcompJson(of(networkToPimcompJson(absorbed))));
    expect(again.layers.map(({ kind }) => kind)).toEqual(network.layers.map(({ kind }) => kind));
  });

  it('refuses what the format has not, by the names of the layers', () => {
    const result = networkToPimcompJson(of(zooNetwork('mobilenet-v3-small')));
    if (result.ok) throw new Error('It was written.');
    expect(result.problems.map(({ what }) => what)).toContain(
      'The PIMCOMP format has no activation "hard-swish" (layer "hard_swish", "block4/hard_swish" and 17 more).',
    );
  });
});
