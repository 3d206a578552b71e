import { describe, expect, it } from 'vitest';
import { byteSource } from '../../core/byte-source.ts';
import { inlineJob } from '../../core/inline-job.ts';
import { publicFile } from '../../core/public-file.fixture.ts';
import { createRandom } from '../../core/random.ts';
import { inferShapes } from '../../onnx/infer.ts';
import { readModel } from '../../onnx/read.ts';
import { readElements } from '../../onnx/read-elements.ts';
import { prepareRunner } from '../../onnx/run/index.ts';
import type { Plan } from '../../onnx/run/types.ts';
import { halfToNumber } from '../../onnx/tensors.ts';
import type { Graph, Model } from '../../onnx/types.ts';
import { encodeGguf } from '../../tensor/formats/gguf.ts';
import { blockOf, lineLength, parseFormat, quantizeReference } from '../../tensor/formats/index.ts';
import type { NumberFormat } from '../../tensor/formats/types.ts';
import { exportEntry } from './entry.ts';
import { type ExportKind, exportFile } from './file.ts';
import { readGguf } from './gguf.fixture.ts';
import { smallLayers, smallModel } from './network.fixture.ts';

const layers = smallLayers();
const job = { signal: new AbortController().signal, seed: 1 };

function format(text: string): NumberFormat {
  const parsed = parseFormat(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}

function planOf(weights: Record<string, string>): Plan {
  return Object.fromEntries(
    Object.entries(weights).map(([name, text]) => [name, { weights: format(text), inputs: format('fp32') }]),
  );
}

async function exported(what: ExportKind, plan: Plan, opset = 17) {
  const source = { id: 'small', title: 'Small', model: smallModel(opset), files: {}, runner: { layers } };
  const file = await exportFile(source, { plan, what }, job);
  if (!file.ok) throw new Error(file.problems[0]?.what);
  return file.value;
}

async function readBack(bytes: Uint8Array): Promise<Model> {
  const model = await readModel(byteSource(bytes));
  if (!model.ok) throw new Error(model.problems[0]?.what);
  const inferred = inferShapes(model.value.graph);
  if (!inferred.ok) throw new Error(inferred.problems[0]?.what);
  expect(inferred.value.graph.values.y ?? inferred.value.graph.outputs[0]).toMatchObject({ shape: ['N', 7] });
  return model.value;
}

async function numbers(graph: Graph, name: string | undefined, file: Uint8Array): Promise<number[]> {
  const tensor = graph.weights[name ?? ''];
  if (!tensor) throw new Error(`no weight ${name}`);
  const read = await readElements(tensor, { model: byteSource(file) });
  if (!read.ok) throw new Error(read.problems[0]?.what);
  return [...read.value];
}

const matrixOf = (name: string) => layers.find((layer) => layer.name === name)!;

/** What the plan makes of a layer's weights, by the scalar reference. */
function wanted(name: string, text: string): Float32Array {
  const { weights, channels, rowLength } = matrixOf(name);
  const block = format(text);
  const line = lineLength(channels, rowLength, blockOf(block));
  return quantizeReference(weights, line, block);
}

const find = (graph: Graph, output: string) => graph.nodes.find(({ outputs }) => outputs.includes(output))!;

describe('quantized ONNX', () => {
  it('holds the folded weights of the plan, in the order of ONNX, and no normalisation', async () => {
    const file = await exported('onnx', planOf({ conv: 'bfp4/16', hidden: 'mxfp4', last: 'int4/16' }));
    const { graph } = await readBack(file.bytes);
    expect(graph.nodes.map(({ op }) => op)).toEqual([
      ...['Conv', 'Relu', 'GlobalAveragePool', 'Flatten', 'Gemm', 'Relu', 'MatMul', 'Add', 'MatMul'],
    ]);
    const [, weight, bias] = find(graph, 'n').inputs;
    const conv = await numbers(graph, weight, file.bytes);
    const matrix = wanted('conv', 'bfp4/16');
    for (const [o, i, place] of [
      [0, 0, 0],
      [3, 17, 5],
      [63, 31, 8],
    ] as const) {
      expect(conv[(o * 32 + i) * 9 + place]).toBe(matrix[o * 288 + place * 32 + i]);
    }
    expect(await numbers(graph, bias, file.bytes)).toEqual([...matrixOf('conv').bias!]);
    expect(await numbers(graph, find(graph, 'h').inputs[1], file.bytes)).toEqual([...wanted('hidden', 'mxfp4')]);
    const last = await numbers(graph, graph.nodes.find(({ op }) => op === 'MatMul')?.inputs[1], file.bytes);
    expect(last[2 * 10 + 3]).toBe(wanted('last', 'int4/16')[3 * 48 + 2]);
    expect(Object.keys(graph.weights).filter((name) => name.startsWith('bn.'))).toEqual([]);
    expect(file.notes.join(' ')).toContain('dequantized');
    expect(new TextDecoder().decode(file.bytes)).toContain('conv=bfp4/16 hidden=mxfp4 last=int4/16 odd=fp32');
  });

  it('writes int8 with one scale per output as DequantizeLinear, and says what it could not', async () => {
    const file = await exported('onnx-qdq', planOf({ conv: 'int8/row', hidden: 'bfp8/row', last: 'int8/tensor' }));
    const { graph, opsets } = await readBack(file.bytes);
    expect(opsets).toEqual({ '': 17 });
    for (const [name, text] of [
      ['conv', 'int8/row'],
      ['hidden', 'bfp8/row'],
      ['last', 'int8/tensor'],
    ] as const) {
      const dequantize = graph.nodes.find(
        ({ op, inputs }) => op === 'DequantizeLinear' && inputs[0]?.startsWith(name),
      )!;
      const [codes, scales, zeros] = await Promise.all(
        dequantize.inputs.map((input) => numbers(graph, input, file.bytes)),
      );
      const { rows, rowLength } = matrixOf(name);
      expect(graph.weights[dequantize.inputs[0]!]?.type).toBe('int8');
      expect(zeros).toEqual(new Array(rows).fill(0));
      const matrix = wanted(name, text);
      const at = (row: number, column: number) => {
        if (name === 'last') return column * rows + row;
        return name === 'conv'
          ? row * rowLength + (column % 32) * 9 + Math.floor(column / 32)
          : row * rowLength + column;
      };
      let wrong = 0;
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < rowLength; column += 1) {
          if (Math.fround(codes![at(row, column)]! * scales![row]!) !== matrix[row * rowLength + column]) wrong += 1;
        }
      }
      expect(wrong).toBe(0);
      expect(dequantize.attributes.axis).toEqual({ kind: 'int', value: name === 'last' ? 1 : 0 });
    }
    expect(file.notes.some((note) => note.includes('odd') && note.includes('dequantized'))).toBe(true);
  });

  it('uses the operator of com.microsoft where ONNX had no channels yet', async () => {
    const { graph, opsets } = await readBack((await exported('onnx-qdq', planOf({ conv: 'int8/row' }), 11)).bytes);
    expect(opsets).toEqual({ '': 11, 'com.microsoft': 1 });
    expect(graph.nodes.find(({ op }) => op === 'DequantizeLinear')?.domain).toBe('com.microsoft');
  });

  it.each(['int4/32', 'uint4/16', 'int8/64', 'bfp4/32', 'mxint8', 'mxfp4', 'uint8/16'])(
    'packs %s exactly for MatMulNBits',
    async (text) => {
      const file = await exported('onnx-nbits', planOf({ conv: 'int4/32', hidden: text, last: text }));
      const { graph } = await readBack(file.bytes);
      expect(find(graph, 'n').op).toBe('Conv');
      for (const name of ['hidden', 'last']) {
        const product = graph.nodes.find(({ op, inputs }) => op === 'MatMulNBits' && inputs[1]?.startsWith(name))!;
        expect(product.domain).toBe('com.microsoft');
        const { rows, rowLength } = matrixOf(name);
        const of = (key: string) => (product.attributes[key] as { value: number }).value;
        expect([of('K'), of('N')]).toEqual([rowLength, rows]);
        const [bits, block] = [of('bits'), of('block_size')];
        const [codes, scales, zeros] = await Promise.all(
          product.inputs.slice(1).map((input) => numbers(graph, input, file.bytes)),
        );
        const groups = Math.ceil(rowLength / block);
        expect(graph.weights[product.inputs[1]!]?.shape).toEqual([rows, groups, (block * bits) / 8]);
        // By the definition of the operator: low half first, zero point 2^(bits - 1) unless given.
        const code = (list: number[], index: number) =>
          bits === 8 ? list[index]! : (list[index >> 1]! >> (4 * (index & 1))) & 15;
        const zeroRow = Math.ceil((groups * bits) / 8);
        const matrix = wanted(name, text);
        let wrong = 0;
        for (let row = 0; row < rows; row += 1) {
          for (let column = 0; column < rowLength; column += 1) {
            const group = Math.floor(column / block);
            const zero = zeros ? code(zeros.slice(row * zeroRow, (row + 1) * zeroRow), group) : 2 ** (bits - 1);
            const dequantized = (code(codes!, row * groups * block + column) - zero) * scales![row * groups + group]!;
            if (Math.fround(dequantized) !== matrix[row * rowLength + column]) wrong += 1;
          }
        }
        expect(wrong).toBe(0);
        if (text.startsWith('int4') || text === 'bfp4/32' || text === 'uint4/16') expect(bits).toBe(4);
      }
    },
  );
});

describe('running what was exported', () => {
  it('gives the outputs of the plan, bit for bit', async () => {
    const runnerOf = async (model: Model, file?: Uint8Array) => {
      const files = file ? { model: byteSource(file) } : {};
      const runner = await prepareRunner(model, { files, symbols: { N: 1 } });
      if (!runner.ok) throw new Error(runner.problems[0]?.what);
      return runner.value;
    };
    const before = await runnerOf(smallModel());
    const texts = { Conv_c: 'int8/row', Gemm_h: 'uint4/16', MatMul_m: 'bfp4/16', MatMul_y: 'mxfp4' };
    const plan = planOf(texts);
    before.setPlan(plan, job.seed);
    const source = { id: 'small', title: 'Small', model: smallModel(), files: {}, runner: before };
    const exportedFile = await exportFile(source, { plan, what: 'onnx' }, job);
    if (!exportedFile.ok) throw new Error(exportedFile.problems[0]?.what);
    const { bytes } = exportedFile.value;
    const after = await runnerOf(await readBack(bytes), bytes);
    const random = createRandom(3);
    const samples = Float32Array.from({ length: 3 * 32 * 5 * 5 }, () => random.normal());
    expect(after.run(samples, 3)).toEqual(before.run(samples, 3));
    before.setPlan({}, job.seed);
    expect(after.run(samples, 3)).not.toEqual(before.run(samples, 3));
  });
});

describe('GGUF', () => {
  it('holds every weight exactly, in blocks where rows and format allow, and lists what is not in blocks', async () => {
    const plan = planOf({ conv: 'bfp4/32', hidden: 'int8/32', last: 'int4/16', odd: 'fp16' });
    const file = await exported('gguf', plan);
    const read = readGguf(file.bytes);
    expect(read.version).toBe(3);
    expect(read.metadata).toMatchObject({
      'general.architecture': 'bitq',
      'general.alignment': 32,
      'general.quantization_version': 2,
      'general.file_type': 2,
    });
    expect(read.start % 32).toBe(0);
    expect(read.tensors.map(({ name, type, shape }) => [name, type, shape])).toEqual([
      ['conv.weight', 'Q4_0', [64, 288]],
      ['conv.bias', 'F32', [64]],
      ['hidden.weight', 'Q8_0', [48, 64]],
      ['hidden.bias', 'F32', [48]],
      // Rows of 48 are no whole blocks of 32, and four bits times a float16 are more than a float16.
      ['last.weight', 'F32', [10, 48]],
      ['last.bias', 'F32', [10]],
      ['odd.weight', 'F16', [7, 10]],
    ]);
    expect(file.notes.join(' ')).toMatch(/last \(F32\)/);
    const of = (name: string) => read.tensors.find((tensor) => tensor.name === name)!;
    expect(decoded(of('conv.weight').bytes, 'Q4_0')).toEqual([...wanted('conv', 'bfp4/32')].map((value) => value + 0));
    expect(decoded(of('hidden.weight').bytes, 'Q8_0')).toEqual(
      [...wanted('hidden', 'int8/32')].map((value) => value + 0),
    );
    expect(decoded(of('odd.weight').bytes, 'F16')).toEqual([...wanted('odd', 'fp16')]);
  });
});

describe("llama.cpp's own types in a plan", () => {
  it('go into GGUF byte for byte, and into MatMulNBits with their scales', async () => {
    const plan = planOf({ conv: 'q5_1', hidden: 'q4_0', last: 'q8_0', odd: 'q4_k' });
    const read = readGguf((await exported('gguf', plan)).bytes);
    const of = (name: string) => read.tensors.find((tensor) => tensor.name === name)!;
    expect(of('conv.weight').type).toBe('Q5_1');
    expect(of('conv.weight').bytes).toEqual(encodeGguf(matrixOf('conv').weights, 32, 'q5_1'));
    expect(of('hidden.weight').type).toBe('Q4_0');
    expect(of('hidden.weight').bytes).toEqual(encodeGguf(matrixOf('hidden').weights, 64, 'q4_0'));
    // Rows of 48 and of 10 are no whole blocks: as the numbers that the blocks hold.
    expect(of('last.weight').type).toBe('F32');
    expect([...singlesOf(of('odd.weight').bytes)]).toEqual([...wanted('odd', 'q4_k')]);

    const { graph } = await readBack((await exported('onnx-nbits', plan)).bytes);
    const bits = graph.nodes.flatMap(({ op, attributes }) => (op === 'MatMulNBits' ? [attributes.bits] : []));
    expect(bits).toEqual([
      { kind: 'int', value: 4 },
      { kind: 'int', value: 8 },
    ]);
  });
});

function singlesOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

it('opens the network that a design names', async () => {
  const job = inlineJob({ asset: publicFile });
  const slice = { model: 'digits-cnn', data: null } as const;
  const unknown = await exportEntry({ slice, plan: {}, what: 'csv' }, job);
  expect(unknown.ok && new TextDecoder().decode(unknown.value.bytes)).toMatch(/^layer,op.*\r\nconv1,conv,/);
  const made = await exportEntry({ slice, plan: {}, what: 'gguf' }, job);
  expect(made.ok && made.value.name).toBe('digits-cnn.gguf');
});

/** By the definition of the blocks in ggml. */
function decoded(bytes: Uint8Array, type: 'Q4_0' | 'Q8_0' | 'F16'): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const half = (at: number) => halfToNumber(view.getUint16(at, true));
  if (type === 'F16') return Array.from({ length: bytes.length / 2 }, (_, index) => half(2 * index));
  const size = type === 'Q4_0' ? 18 : 34;
  return Array.from({ length: bytes.length / size }, (_, block) => {
    const at = block * size;
    return Array.from({ length: 32 }, (_, j) => {
      if (type === 'Q8_0') return view.getInt8(at + 2 + j) * half(at) + 0;
      const byte = view.getUint8(at + 2 + (j % 16));
      return ((j < 16 ? byte & 15 : byte >> 4) - 8) * half(at) + 0;
    });
  }).flat();
}

describe('plans as files', () => {
  it('tell formats in the words of a design, and bits with everything counted', async () => {
    const plan = planOf({ conv: 'bfp4/16', hidden: 'mxfp4', last: 'int4/16', odd: 'fp32' });
    const json = JSON.parse(new TextDecoder().decode((await exported('json', plan)).bytes));
    expect(json.plan.conv).toEqual({ weights: 'bfp4/16', inputs: 'fp32' });
    expect(json.layers[0]).toMatchObject({ layer: 'conv', weightBits: 4.5, inputBits: 32, parameters: 18432 });
    expect(json.artefact.data.layers.hidden).toEqual({ weights: 4, activations: 32 });
    const csv = new TextDecoder().decode((await exported('csv', plan)).bytes).split('\r\n');
    expect(csv).toHaveLength(6);
    expect(csv[0]).toMatch(/^layer,op,parameters,macs,weights,weightBits/);
    expect(csv[2]).toBe('hidden,fc,3072,3072,mxfp4,4.25,fp32,32,fp32,32');
  });
});
