import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { byteSource } from '../../core/byte-source.ts';
import { readModel } from '../read.ts';
import { readElements } from '../read-elements.ts';
import { readTensor } from '../read-tensor.ts';
import type { Model, Tensor } from '../types.ts';
import { WireReader } from '../wire.ts';
import { prepareRunner } from './index.ts';
import { loadNetworkKernel } from './kernel.ts';

/* The models that the ONNX project tests backends with, with inputs and expected outputs (Debian: libonnx-testdata). */
const data = '/usr/share/libonnx-testdata/data';

/** Operators of images, sequences and transformers. Left out: training, losses, text, signals, control flow, recurrence. */
const KINDS =
  /^(abs|add|and|arg(max|min)|averagepool|basic_conv|batchnorm|cast_(FLOAT|FLOAT16|DOUBLE)_to_(FLOAT|FLOAT16|DOUBLE)|ceil|celu|clip|concat|conv|cos|depthtospace|div|dropout|elu|equal|erf|exp|expand|flatten|floor|gather|gelu|gemm|global|greater|group_norm|hardsigmoid|hardswish|identity|instancenorm|layer_norm|leakyrelu|less|log|logsoftmax|lrn|matmul|max|maxpool|mean|min|mish|mod|mul|neg|not|or|pad|edge_pad|reflect_pad|constant_pad|pow|prelu|reciprocal|reduce|relu|reshape|resize|round|selu|shrink|sigmoid|sign|sin|slice|softmax|softplus|softsign|spacetodepth|split|sqrt|squeeze|sub|sum|tanh|thresholdedrelu|tile|transpose|unsqueeze|upsample|where|xor|[A-Z].*|operator|single|relu)_?/;
const OUT =
  /expanded|seq|optional|uint|int8|int16|BFLOAT16|bfloat16|integer|elements|nd_|convtranspose|training|string|unpool|sinh|cosh|ConvTranspose/;

/** Some of what they hold: three spatial axes, last of equal maxima, cubic resizing, statistics as a second output. */
const REFUSED = ['ArgMax', 'ArgMin', 'AveragePool', 'Conv', 'LayerNormalization', 'MaxPool', 'Resize'];

async function tensorAt(path: string): Promise<{ tensor: Tensor; values: Float32Array } | undefined> {
  if (!existsSync(path)) return undefined;
  const bytes = new Uint8Array(readFileSync(path));
  const source = byteSource(bytes);
  const whole = { number: 1, type: 'bytes', start: 0, length: bytes.length, value: 0 } as const;
  const tensor = await readTensor(new WireReader(source), whole, 'the tensor', new Map()).catch(() => undefined);
  const values = tensor && (await readElements(tensor, { model: source }));
  return tensor && values?.ok ? { tensor, values: Float32Array.from(values.value) } : undefined;
}

/** The model with all inputs but the first as weights: a runner takes one. */
async function oneInput(model: Model, folder: string): Promise<{ model: Model; x: Float32Array } | undefined> {
  const [first, ...others] = model.graph.inputs;
  const x = first && (await tensorAt(join(folder, 'input_0.pb')));
  if (!x) return undefined;
  const weights = { ...model.graph.weights };
  for (const [index, { name }] of others.entries()) {
    const other = await tensorAt(join(folder, `input_${index + 1}.pb`));
    if (!other) return undefined;
    const inFile = other.tensor.data.in === 'file';
    // Whole numbers in a file of their own are left as they are only where they are at hand.
    if (inFile && other.tensor.type !== 'float32') return undefined;
    const bytes = new Uint8Array(other.values.buffer);
    weights[name] = inFile ? { ...other.tensor, name, data: { in: 'memory', bytes } } : { ...other.tensor, name };
  }
  const graph = { ...model.graph, inputs: [{ ...first, shape: x.tensor.shape }], weights };
  return { model: { ...model, graph }, x: x.values };
}

describe.runIf(existsSync(data))('the backend tests of ONNX', () => {
  it('give what ONNX says, or a sentence on what cannot run', async () => {
    const kernel = await loadNetworkKernel();
    const folders = ['node', 'simple', 'pytorch-operator', 'pytorch-converted'].flatMap((kind) =>
      (existsSync(join(data, kind)) ? readdirSync(join(data, kind)) : [])
        .filter((name) => KINDS.test(name.slice(5)) && !OUT.test(name))
        .map((name) => join(data, kind, name)),
    );
    let right = 0;
    const refused = new Set<string>();
    for (const folder of folders) {
      const source = byteSource(new Uint8Array(readFileSync(join(folder, 'model.onnx'))));
      const read = await readModel(source);
      const set = join(folder, 'test_data_set_0');
      const truth = await tensorAt(join(set, 'output_0.pb'));
      const whole = read.ok && truth ? await oneInput(read.value, set) : undefined;
      if (!whole || !truth) continue;
      const runner = await prepareRunner(whole.model, { kernel, files: { model: source } });
      if (!runner.ok) {
        refused.add(/\((\w+)\)/.exec(runner.problems[0]!.what)?.[1] ?? folder);
        expect(runner.problems[0]).toMatchObject({
          what: expect.stringMatching(/^The .*\.$/),
          remedy: expect.any(String),
        });
        continue;
      }
      const each = runner.value.inputShape.reduce((product, size) => product * size, 1);
      const found = runner.value.run(whole.x, Math.max(1, Math.round(whole.x.length / each)));
      const wrong = [...truth.values].findIndex((value, at) => {
        const close = Math.abs(found[at]! - value) <= 1e-3 * Math.max(0.02, Math.abs(value));
        return !(close || Object.is(found[at], value) || found[at] === value);
      });
      expect({ folder, count: found.length, wrong }).toEqual({ folder, count: truth.values.length, wrong: -1 });
      right += 1;
    }
    expect(right).toBeGreaterThan(500);
    expect([...refused].sort()).toEqual(REFUSED);
  });
});
