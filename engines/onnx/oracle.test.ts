import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { byteSource } from '../core/byte-source.ts';
import { inferShapes } from './infer.ts';
import { mostElements } from './ops/facts.ts';
import { readModel } from './read.ts';
import { readTensor } from './read-tensor.ts';
import { elementsAtHand } from './tensors.ts';
import type { Model, Tensor } from './types.ts';
import { WireReader } from './wire.ts';
import { writeModel } from './write.ts';
import { buildZooModel, ZOO } from './zoo/index.ts';

/*
 * The models that the ONNX project tests backends with, with inputs and expected outputs (Debian: libonnx-testdata), and its
 * own checker and shape inference (Debian: python3-onnx). Both are used where they are installed.
 */
const data = '/usr/share/libonnx-testdata/data';
const python = '/usr/bin/python3';
const hasData = existsSync(data);
const hasChecker = existsSync(python) && spawnSync(python, ['-c', 'import onnx']).status === 0;

async function modelAt(path: string): Promise<Model> {
  const result = await readModel(byteSource(new Uint8Array(readFileSync(path))));
  if (!result.ok) throw new Error(`${path}: ${result.problems[0]?.what}`);
  return result.value;
}

/** A TensorProto of its own, as the inputs and outputs of the tests are; undefined for sequences and missing files. */
async function tensorAt(path: string): Promise<Tensor | undefined> {
  if (!existsSync(path)) return undefined;
  const bytes = new Uint8Array(readFileSync(path));
  const whole = { number: 1, type: 'bytes', start: 0, length: bytes.length, value: 0 } as const;
  return readTensor(new WireReader(byteSource(bytes)), whole, 'the tensor', new Map()).catch(() => undefined);
}

describe.runIf(hasData)('the backend tests of ONNX', () => {
  const paths = ['node', 'simple', 'pytorch-operator', 'pytorch-converted'].flatMap((kind) =>
    existsSync(join(data, kind))
      ? readdirSync(join(data, kind)).map((name) => join(data, kind, name, 'model.onnx'))
      : [],
  );

  it('have the shapes that they declare', async () => {
    expect(paths.length).toBeGreaterThan(1000);
    for (const path of paths) {
      const { graph } = await modelAt(path);
      const inferred = inferShapes(graph);
      expect(inferred.ok ? '' : `${path}: ${inferred.problems[0]?.what}`).toBe('');
      if (!inferred.ok) continue;
      for (const [index, { name, shape }] of graph.outputs.entries()) {
        const ours = inferred.value.graph.outputs[index]?.shape;
        if (!shape) continue;
        expect({ path, name, rank: ours?.length }).toEqual({ path, name, rank: shape.length });
        const known = shape.map((dim, axis) => (typeof dim === 'number' ? dim : ours?.[axis]));
        expect({ path, name, ours }).toEqual({ path, name, ours: known });
      }
    }
  });

  it('have the shapes and elements of their results, when their inputs are constants and nothing is declared', async () => {
    let sized = 0;
    let open = 0;
    let computed = 0;
    for (const path of paths) {
      const { graph } = await modelAt(path);
      const set = join(dirname(path), 'test_data_set_0');
      const inputs = await Promise.all(graph.inputs.map((_, index) => tensorAt(join(set, `input_${index}.pb`))));
      // Sequences are no tensors: their tests are of another kind.
      if (inputs.some((tensor) => !tensor) || /seq|optional|_opt/.test(path)) continue;
      const weights = { ...graph.weights };
      graph.inputs.forEach(({ name, type }, index) => {
        const tensor = inputs[index];
        // The data of bfloat16 is stored as uint16.
        if (tensor) weights[name] = { ...tensor, name, type: type ?? tensor.type };
      });
      const bare = { ...graph, inputs: [], weights, values: {}, outputs: graph.outputs.map(({ name }) => ({ name })) };
      const inferred = inferShapes(bare);
      expect(inferred.ok ? '' : `${path}: ${inferred.problems[0]?.what}`).toBe('');
      if (!inferred.ok) continue;
      for (const [index, { name, shape }] of inferred.value.graph.outputs.entries()) {
        const truth = await tensorAt(join(set, `output_${index}.pb`));
        if (!truth) continue;
        if (!shape?.every((dim) => typeof dim === 'number')) {
          open += 1;
          continue;
        }
        expect({ path, name, shape }).toEqual({ path, name, shape: truth.shape });
        sized += 1;
        const elements = inferred.value.facts.get(name)?.elements;
        const expected = elementsAtHand({ ...truth, type: graph.outputs[index]?.type ?? truth.type }, mostElements);
        if (!elements || !expected || !truth.shape.length) continue;
        computed += 1;
        const close = elements.every(
          (element, at) =>
            element === expected[at] ||
            Math.abs(Number(element) - (expected[at] ?? 0)) <= 1e-6 * Math.abs(expected[at] ?? 0),
        );
        expect({ path, name, close }).toEqual({ path, name, close: true });
      }
    }
    // Open are those whose sizes only the data tells (Compress, Unique, NonMaxSuppression) and training operators.
    expect({ sized: sized > 1100, open: open < 80, computed: computed > 250 }, `${sized} ${open} ${computed}`).toEqual({
      sized: true,
      open: true,
      computed: true,
    });
  });
});

const check = `
import json, os, sys, onnx
from onnx import shape_inference
found = {}
for name in sorted(os.listdir(sys.argv[1])):
    model = onnx.load(os.path.join(sys.argv[1], name))
    onnx.checker.check_model(model)
    for value in list(model.graph.output): value.type.tensor_type.ClearField('shape')
    del model.graph.value_info[:]
    inferred = shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    values = list(inferred.graph.value_info) + list(inferred.graph.output)
    found[name] = {v.name: [d.dim_value if d.HasField('dim_value') else None for d in v.type.tensor_type.shape.dim] for v in values}
print(json.dumps(found))
`;

describe.runIf(hasChecker)('the structures that are written', () => {
  it('are valid to the checker of ONNX, with the shapes that it infers', () => {
    const folder = mkdtempSync(join(tmpdir(), 'onnx-'));
    try {
      const ours = new Map<string, Record<string, unknown>>();
      for (const model of ZOO) {
        const built = buildZooModel(model);
        if (!built.ok) throw new Error(built.problems[0]?.what);
        const inferred = inferShapes(built.value.model.graph, { symbols: built.value.symbols });
        if (!inferred.ok) throw new Error(`${model.id}: ${inferred.problems[0]?.what}`);
        writeFileSync(join(folder, model.id), writeModel({ ...built.value.model, graph: inferred.value.graph }));
        ours.set(model.id, inferred.value.graph.values);
      }
      const run = spawnSync(python, ['-c', check, folder], { encoding: 'utf8', maxBuffer: 2 ** 26 });
      expect(run.stderr).toBe('');
      const theirs = JSON.parse(run.stdout) as Record<string, Record<string, (number | null)[]>>;
      expect(Object.keys(theirs).sort()).toEqual(ZOO.map(({ id }) => id).sort());
      for (const [id, values] of Object.entries(theirs)) {
        for (const [name, shape] of Object.entries(values)) {
          if (shape.every((dim) => dim !== null))
            expect({ id, ...(ours.get(id)?.[name] as object) }).toMatchObject({ id, name, shape });
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
