import { describe, expect, it } from 'vitest';
import { type ByteSource, byteSource } from '../core/byte-source.ts';
import { inferShapes } from './infer.ts';
import { bytes, int, message, model, node, text, value, varint } from './proto.fixture.ts';
import { readModel } from './read.ts';
import type { Model } from './types.ts';

const FLOAT = 1;
const x = value(11, 'x', FLOAT, ['N', 3, undefined, 8]);
const y = value(12, 'y', FLOAT, []);

async function read(data: Uint8Array, beside?: Map<string, ByteSource>): Promise<Model> {
  const result = await readModel(byteSource(data), { beside });
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return result.value;
}

async function problem(data: Uint8Array | number[]): Promise<string> {
  const result = await readModel(byteSource(Uint8Array.from(data)), { name: 'model.onnx' });
  if (result.ok) return 'ok';
  const [{ code, what, remedy, where } = { code: '', what: '', remedy: '', where: undefined }] = result.problems;
  expect(remedy).toBeTruthy();
  expect(where?.file).toBe('model.onnx');
  return `${code}: ${what}`;
}

const rawFloats = (count: number): number[] => bytes(9, new Uint8Array(4 * count).fill(1));

describe('readModel', () => {
  it('reads values, nodes, attributes and operator sets', async () => {
    const attribute = (name: string, ...fields: number[][]): number[] => message(5, text(1, name), ...fields);
    const data = model(
      [
        text(2, 'net'),
        x,
        y,
        value(13, 'c', FLOAT, ['N', 4]),
        message(5, int(1, 4), int(1, 3), int(2, FLOAT), text(8, 'w'), rawFloats(12)),
        node(
          'Conv',
          ['x', 'w', ''],
          ['c'],
          text(3, 'conv'),
          attribute('group', int(3, -1), int(20, 2)),
          // Lists may be packed or not.
          attribute('pads', int(8, 1), int(8, 2), int(20, 7)),
          attribute('strides', bytes(8, [...varint(3), ...varint(300)])),
          attribute('alpha', [...varint((2 << 3) | 5), 0, 0, 0x80, 0x3f]),
          attribute('auto_pad', text(4, 'VALID')),
          attribute('names', text(9, 'a'), text(9, 'b')),
          attribute('empty', int(20, 7)),
        ),
        node('Relu', ['c'], ['y'], text(7, 'ai.onnx')),
      ],
      message(8, text(1, 'com.microsoft'), int(2, 1)),
      text(2, 'by hand'),
    );
    const { graph, opsets, producer, irVersion } = await read(data);
    expect({ opsets, producer, irVersion }).toEqual({
      opsets: { '': 17, 'com.microsoft': 1 },
      producer: 'by hand',
      irVersion: 8,
    });
    expect(graph.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['N', 3, '', 8] }]);
    expect(graph.values).toEqual({ c: { name: 'c', type: 'float32', shape: ['N', 4] } });
    expect(graph.weights.w).toMatchObject({ shape: [4, 3], data: { in: 'memory' } });
    expect(graph.nodes.map(({ name, domain, inputs }) => ({ name, domain, inputs }))).toEqual([
      { name: 'conv', domain: '', inputs: ['x', 'w', ''] },
      { name: 'y', domain: '', inputs: ['c'] },
    ]);
    expect(graph.nodes[0]?.attributes).toEqual({
      group: { kind: 'int', value: -1 },
      pads: { kind: 'ints', value: [1, 2] },
      strides: { kind: 'ints', value: [3, 300] },
      alpha: { kind: 'float', value: 1 },
      auto_pad: { kind: 'string', value: 'VALID' },
      names: { kind: 'strings', value: ['a', 'b'] },
      empty: { kind: 'ints', value: [] },
    });
  });

  it('leaves weights in the file, and small ones in memory, however they are packed', async () => {
    const weight = (name: string, type: number, dims: number[], ...data: number[][]): number[] =>
      message(5, ...dims.map((dim) => int(1, dim)), int(2, type), text(8, name), ...data);
    const data = model([
      x,
      weight('raw', FLOAT, [300], rawFloats(300)),
      weight('floats', FLOAT, [300], bytes(4, new Uint8Array(1200))),
      weight('halves', 10, [2], bytes(5, [...varint(0x3c00), ...varint(0xc000)])),
      weight('longs', 7, [2], int(7, -1), int(7, 5)),
      weight('strings', 8, [2], text(6, 'ab'), text(6, 'c')),
      message(
        5,
        int(1, 1000),
        int(2, FLOAT),
        text(8, 'outside'),
        message(13, text(1, 'location'), text(2, 'w.bin')),
        message(13, text(1, 'offset'), text(2, '64')),
        int(14, 1),
      ),
      message(5, int(1, 2), int(2, 6), text(8, 'near'), message(13, text(1, 'location'), text(2, 'w.bin')), int(14, 1)),
      weight('bare', FLOAT, [5]),
    ]);
    const beside = new Map([['w.bin', byteSource(Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0))]]);
    const { graph } = await read(data, beside);
    const { raw, floats, halves, longs, strings, outside, near, bare } = graph.weights;
    expect(raw?.data).toMatchObject({ in: 'file', bytes: 1200, packed: 'raw' });
    expect(raw?.data.in === 'file' && [...data.subarray(raw.data.offset, raw.data.offset + 1200)]).toEqual(
      new Array(1200).fill(1),
    );
    expect(floats?.data).toMatchObject({ in: 'file', bytes: 1200, packed: 'float' });
    expect(halves?.data).toEqual({ in: 'memory', bytes: Uint8Array.of(0, 0x3c, 0, 0xc0) });
    expect(longs?.data).toEqual({ in: 'memory', bytes: new Uint8Array(BigInt64Array.of(-1n, 5n).buffer) });
    expect(strings?.data).toMatchObject({ in: 'file', packed: 'strings' });
    expect(outside?.data).toEqual({ in: 'external', location: 'w.bin', offset: 64 });
    expect(near?.data).toEqual({ in: 'memory', bytes: Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0) });
    expect(bare?.data).toEqual({ in: 'nowhere' });
  });

  it('reads less than a thousandth of 500 MB of weights', async () => {
    const size = 4 * 1024 * 1024;
    const layers = 120;
    const nodes = Array.from({ length: layers }, (_, index) =>
      node('MatMul', [index ? `a${index - 1}` : 'x', `w${index}`], [`a${index}`]),
    );
    const heads = Array.from({ length: layers }, (_, index) => {
      const fields = [
        ...int(1, 1024),
        ...int(1, 1024),
        ...int(2, FLOAT),
        ...text(8, `w${index}`),
        ...varint((9 << 3) | 2),
        ...varint(size),
      ];
      return [...varint((5 << 3) | 2), ...varint(fields.length + size), ...fields];
    });
    const graphBytes =
      nodes.flat().length + value(11, 'x', FLOAT, ['N', 1024]).length + heads.flat().length + layers * size;
    // The file as pieces: bytes, or the size of a hole.
    const pieces: (Uint8Array | number)[] = [
      Uint8Array.from([
        ...int(1, 8),
        ...message(8, int(2, 17)),
        ...varint((7 << 3) | 2),
        ...varint(graphBytes),
        ...nodes.flat(),
        ...value(11, 'x', FLOAT, ['N', 1024]),
      ]),
      ...heads.flatMap((head) => [Uint8Array.from(head), size]),
    ];
    let asked = 0;
    const source: ByteSource = {
      bytes: pieces.reduce<number>((sum, piece) => sum + (typeof piece === 'number' ? piece : piece.length), 0),
      read: async (offset, length) => {
        asked += length;
        const out = new Uint8Array(length);
        let at = 0;
        for (const piece of pieces) {
          const end = at + (typeof piece === 'number' ? piece : piece.length);
          if (typeof piece !== 'number' && at < offset + length && end > offset) {
            const from = Math.max(offset, at);
            out.set(piece.subarray(from - at, Math.min(end, offset + length) - at), from - offset);
          }
          at = end;
        }
        return out;
      },
    };
    expect(source.bytes).toBeGreaterThan(500e6);
    const result = await readModel(source);
    expect(result.ok && Object.keys(result.value.graph.weights)).toHaveLength(layers);
    expect(result.ok && result.value.graph.nodes).toHaveLength(layers);
    expect(asked).toBeLessThan(source.bytes / 500);
  });

  it('reads a Blob by slices', async () => {
    const data = model([x, y, node('Relu', ['x'], ['y'])]);
    const blob = new Blob([data.slice().buffer]);
    const slices: number[] = [];
    const spied = {
      size: blob.size,
      slice: (from: number, to: number): Blob => {
        slices.push(to - from);
        return blob.slice(from, to);
      },
    };
    const result = await readModel(byteSource(spied));
    expect(result.ok && result.value.graph.nodes[0]?.op).toBe('Relu');
    expect(slices.length).toBeGreaterThan(0);
  });

  it('brings nodes into order, gives them names of their own, and takes weights off the inputs', async () => {
    const { graph } = await read(
      model([
        x,
        value(11, 'w', FLOAT, [8]),
        y,
        message(5, int(1, 8), int(2, FLOAT), text(8, 'w'), rawFloats(8)),
        node('Relu', ['b'], ['y'], text(3, 'same')),
        node('Add', ['x', 'w'], ['b'], text(3, 'same')),
      ]),
    );
    expect(graph.nodes.map(({ name, op }) => [name, op])).toEqual([
      ['same', 'Add'],
      ['same_2', 'Relu'],
    ]);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
  });

  it('puts functions in the place of their calls, with their attributes', async () => {
    const reference = message(5, text(1, 'alpha'), text(21, 'slope'), int(20, 1));
    const slope = (float: number[]): number[] =>
      message(5, text(1, 'slope'), [...varint((2 << 3) | 5), ...float], int(20, 1));
    const leaky = message(
      25,
      text(1, 'Twice'),
      text(4, 'in'),
      text(5, 'out'),
      message(7, text(1, 'in'), text(2, 'mid'), text(4, 'LeakyRelu'), reference),
      message(7, text(1, 'mid'), text(1, 'in'), text(2, 'out'), text(4, 'Add')),
      text(10, 'own'),
    );
    const nest = message(
      25,
      text(1, 'Nest'),
      text(4, 'a'),
      text(5, 'b'),
      message(7, text(1, 'a'), text(2, 'b'), text(4, 'Twice'), text(7, 'own'), slope([0, 0, 0, 0x3f])),
      text(10, 'own'),
    );
    const { graph } = await read(
      model(
        [x, y, node('Nest', ['x'], ['h'], text(7, 'own')), node('Twice', ['h'], ['y'], text(7, 'own'))],
        leaky,
        nest,
      ),
    );
    expect(graph.nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs])).toEqual([
      ['LeakyRelu', ['x'], [expect.stringContaining('mid')]],
      ['Add', [expect.stringContaining('mid'), 'x'], ['h']],
      ['LeakyRelu', ['h'], [expect.stringContaining('mid')]],
      ['Add', [expect.stringContaining('mid'), 'h'], ['y']],
    ]);
    expect(graph.nodes[0]?.attributes.alpha).toEqual({ kind: 'float', value: 0.5 });
    expect(graph.nodes[2]?.attributes.alpha).toBeUndefined();
    expect(new Set(graph.nodes.flatMap(({ outputs }) => outputs)).size).toBe(4);
    expect(inferShapes(graph).ok).toBe(true);
  });

  it('reads graphs in attributes, which see the values around them', async () => {
    const branch = (field: string, op: string): number[] =>
      message(5, text(1, field), message(6, node(op, ['x'], ['r']), value(12, 'r', FLOAT, [])), int(20, 5));
    const { graph } = await read(
      model([
        x,
        value(11, 'c', 9, []),
        y,
        node('If', ['c'], ['y'], branch('then_branch', 'Relu'), branch('else_branch', 'Neg')),
      ]),
    );
    const then = graph.nodes[0]?.attributes.then_branch;
    expect(then?.kind === 'graph' && then.value.nodes.map(({ op, inputs }) => [op, inputs])).toEqual([['Relu', ['x']]]);
  });

  it('notes an operator set outside those it is written for', async () => {
    const of = (version: number): Uint8Array =>
      Uint8Array.from([...int(1, 8), ...message(7, x, y, node('Relu', ['x'], ['y'])), ...message(8, int(2, version))]);
    expect((await read(of(24))).notes?.[0]).toMatchObject({ code: 'onnx.opset', severity: 'note' });
    expect((await read(of(13))).notes).toBeUndefined();
  });
});

describe('files that are no model', () => {
  const ascii = (value: string): number[] => [...new TextEncoder().encode(value)];

  it.each<[string, number[], RegExp]>([
    ['nothing', [], /onnx.empty/],
    ['JSON', ascii('{"node_list": []}'), /JSON/],
    ['HTML', ascii('\n<!DOCTYPE html><html>'), /web page/],
    ['a Git LFS pointer', ascii('version https://git-lfs.github.com/spec/v1\n'), /Git LFS/],
    [
      'a checkpoint',
      [...ascii('PK\u0003\u0004'), ...new Array(26).fill(0), ...ascii('archive/data.pkl')],
      /PyTorch checkpoint/,
    ],
    ['a ZIP', [...ascii('PK\u0003\u0004'), ...new Array(26).fill(0), ...ascii('readme.txt')], /ZIP/],
    ['a pickle', [0x80, 2, 0x8a, 10], /pickle/],
    ['TFLite', [0x1c, 0, 0, 0, ...ascii('TFL3')], /TensorFlow Lite/],
    ['Keras', [0x89, ...ascii('HDF\r\n')], /HDF5/],
    ['safetensors', [80, 0, 0, 0, 0, 0, 0, 0, ...ascii('{"__metadata__"')], /safetensors/],
    ['gzip', [0x1f, 0x8b, 8, 0], /gzip/],
    ['an image', [0x89, ...ascii('PNG')], /image/],
    ['ONNX as text', ascii('ir_version: 8\ngraph {'), /as text/],
    ['noise', [7, 255, 3, 200], /byte 0/],
    ['another protobuf', [...int(1, 1), ...text(2, 'meta graph')], /no graph/],
  ])('says that %s is none', async (_, data, expected) => {
    expect(await problem(data)).toMatch(expected);
  });

  it('says so when the file goes away', async () => {
    const gone = { bytes: 100, read: () => Promise.reject(new DOMException('gone', 'NotReadableError')) };
    const result = await readModel(gone);
    expect(result.ok ? '' : result.problems[0]?.code).toBe('onnx.unreadable');
  });
});

describe('damaged and hostile models', () => {
  const relu = node('Relu', ['x'], ['y']);
  const whole = model([x, y, relu]);
  const weight = (...fields: number[][]): Uint8Array => model([x, y, relu, message(5, text(8, 'w'), ...fields)]);

  it.each<[string, Uint8Array, RegExp]>([
    ['cut off', whole.subarray(0, whole.length - 30), /onnx.truncated/],
    [
      'a length beyond the end',
      Uint8Array.from([...int(1, 8), ...varint((7 << 3) | 2), ...varint(2 ** 50), 1]),
      /truncated.*1125899906842624/,
    ],
    ['a part longer than the part around it', model([[...varint((1 << 3) | 2), ...varint(99), 0]]), /goes beyond/],
    ['a value made twice', model([x, y, relu, node('Neg', ['x'], ['y'])]), /onnx.duplicate-name: .*"y"/],
    [
      'a weight twice',
      model([x, y, relu, ...[1, 2].map(() => message(5, text(8, 'w'), int(2, 1)))]),
      /onnx.duplicate-name: .*"w"/,
    ],
    ['a value from nowhere', model([x, y, node('Relu', ['z'], ['y'])]), /onnx.undefined-value: .*"z"/],
    ['an output from nowhere', model([x, y]), /onnx.undefined-value: .*"y"/],
    [
      'a cycle',
      model([x, node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b'])]),
      /onnx.cycle: .*"a" -> "b" -> "a"|"b" -> "a" -> "b"/,
    ],
    ['a node that reads itself', model([x, node('Relu', ['a'], ['a'])]), /onnx.cycle/],
    ['no operator', model([message(1, text(1, 'x'))]), /names no operator/],
    ['a negative dimension', weight(int(1, -3), int(2, 1)), /onnx.size: .*"w".*-3/],
    ['more elements than can be', weight(int(1, 2 ** 40), int(1, 2 ** 40), int(2, 1)), /onnx.size/],
    ['65 dimensions', weight(bytes(1, new Uint8Array(65).fill(1)), int(2, 1)), /rank over 64/],
    ['a million dimensions', weight(bytes(1, new Uint8Array(1e6).fill(1)), int(2, 1)), /more than 640 numbers/],
    ['an unknown element type', weight(int(1, 1), int(2, 99)), /onnx.element-type: .*99/],
    ['data of the wrong size', weight(int(1, 3), int(2, 1), rawFloats(2)), /onnx.tensor-size: .*12 bytes.*has 8/],
    ['data of the wrong kind', weight(int(1, 3), int(2, 1), bytes(7, [1, 2, 3])), /written as varint/],
    ['a shape of 70 axes', model([value(11, 'x', FLOAT, new Array(70).fill(1)), y, relu]), /onnx.rank/],
    [
      'a name of the wrong kind',
      model([x, y, message(1, int(1, 5), text(4, 'Relu'))]),
      /written as varint and not as bytes/,
    ],
    ['two graphs', model([x, y, relu], message(7)), /second graph/],
  ])('answers %s with a problem that says where', async (_, data, expected) => {
    expect(await problem(data)).toMatch(expected);
  });

  it('ends on graphs nested without end, and on functions that call themselves', async () => {
    let graph: number[][] = [x, y, relu];
    for (let depth = 0; depth < 60; depth += 1) {
      graph = [x, y, node('If', ['x'], ['y'], message(5, text(1, 'then_branch'), message(6, ...graph)))];
    }
    expect(await problem(model(graph))).toMatch(/onnx.depth/);
    const call = (name: string): number[] =>
      message(7, text(1, 'in'), text(2, `m${name}`), text(4, name), text(7, 'own'));
    const endless = message(25, text(1, 'F'), text(4, 'in'), text(5, 'out'), call('F'), text(10, 'own'));
    expect(await problem(model([x, y, node('F', ['x'], ['y'], text(7, 'own'))], endless))).toMatch(/onnx.functions/);
    // Each function calls the one below it ten times: 10^9 nodes from 1 kB.
    const bomb = Array.from({ length: 10 }, (_, level) =>
      message(
        25,
        text(1, `F${level}`),
        text(4, 'in'),
        text(5, 'out'),
        ...Array.from({ length: 10 }, (_, index) =>
          message(
            7,
            text(1, 'in'),
            text(2, `v${index}`),
            text(4, level ? `F${level - 1}` : 'Relu'),
            text(7, level ? 'own' : ''),
          ),
        ),
        text(10, 'own'),
      ),
    );
    expect(await problem(model([x, y, node('F9', ['x'], ['y'], text(7, 'own'))], ...bomb))).toMatch(/onnx.functions/);
  });
});
