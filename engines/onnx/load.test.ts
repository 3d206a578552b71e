import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import type { Result } from '../core/result.ts';
import { GraphBuilder } from './builder.ts';
import { totalsOf } from './counts.ts';
import type { ExportedFile } from './entries.ts';
import { engine } from './index.ts';
import { loadNetwork, zooNetwork } from './load.ts';
import { faultsOf } from './network.fixture.ts';
import type { Network } from './network.ts';
import { foldNormalisations } from './network-passes.ts';
import type { ModelRef } from './types.ts';
import { writeModel } from './write.ts';
import { ZOO } from './zoo/index.ts';

function of<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

async function exported(model: ModelRef, format: 'onnx' | 'pimcomp-json'): Promise<ExportedFile> {
  return of(await engine.entries.export!({ model, format }, inlineJob())) as ExportedFile;
}

/** Everything but where it comes from. */
function structure({ layers, repeats }: Network): unknown {
  return {
    repeats,
    layers: layers.map(({ weight: _, biasTensor: __, ...layer }) => layer),
  };
}

/** One of each family. */
const WRITTEN = [
  'lenet5',
  'googlenet',
  'resnet50',
  'mobilenet-v3-small',
  'shufflenet-v1-g3',
  'shufflenet-v2',
  'efficientnet-b0',
  'yolov3-tiny',
  'vit-b16',
  'bert-base',
  'gpt2',
  'llama3-8b',
];

describe('a model written as ONNX', () => {
  for (const { id, symbols, folded } of ZOO.filter((model) => WRITTEN.includes(model.id))) {
    it(`is the same network when it is read: ${id}`, async () => {
      const { name, bytes } = await exported(id, 'onnx');
      const ref: ModelRef = { onnx: { name, bytes: bytes.length, sha256: 'file' }, symbols };
      const read = of(await loadNetwork(ref, inlineJob({ blobs: { file: bytes } })));
      expect(name).toBe(`${id}.onnx`);
      expect(read.origin).toBe('onnx');
      const built = of(zooNetwork(id));
      expect(structure(folded ? foldNormalisations(read) : read)).toEqual(structure(built));
    });
  }

  it('keeps symbolic sizes open', async () => {
    const { bytes } = await exported('bert-base', 'onnx');
    const ref = (symbols?: Record<string, number>): ModelRef => ({
      onnx: { name: 'bert.onnx', bytes: bytes.length, sha256: 'file' },
      symbols,
    });
    const job = inlineJob({ blobs: { file: bytes } });
    const asked = await loadNetwork(ref(), job);
    expect(asked.ok ? '' : asked.problems[0]?.remedy).toContain('"sequence"');
    const [short, long] = [8, 16].map((sequence) => loadNetwork(ref({ sequence }), job));
    const [few, many] = [totalsOf(of(await short!)), totalsOf(of(await long!))];
    expect(many.parameters).toBe(few.parameters);
    expect(many.macs).toBeGreaterThan(1.99 * few.macs);
  });
});

describe('loading', () => {
  it('reads a PIMCOMP network from a file and from the document', async () => {
    const { bytes, name } = await exported('lenet5', 'pimcomp-json');
    const text = new TextDecoder().decode(bytes);
    const job = inlineJob({ blobs: { file: bytes } });
    const fromFile = of(await loadNetwork({ pimcompJson: { name, bytes: bytes.length, sha256: 'file' } }, job));
    const fromText = of(await loadNetwork({ pimcompJson: text }, job));
    expect(faultsOf(fromFile)).toEqual([]);
    expect(fromFile.name).toBe('lenet5');
    expect(structure(fromFile)).toEqual(structure(fromText));
  });

  it('says which file is missing, and refuses what is no model', async () => {
    const file = { name: 'net.onnx', bytes: 3, sha256: 'x' };
    for (const ref of [{ onnx: file }, { pimcompJson: file }] as ModelRef[]) {
      const gone = await loadNetwork(ref, inlineJob());
      expect(gone.ok ? '' : gone.problems[0]?.what).toBe('The file "net.onnx" (3 bytes) of this design is not here.');
      const broken = await loadNetwork(ref, inlineJob({ blobs: { x: Uint8Array.of(1, 2, 3) } }));
      expect(broken.ok).toBe(false);
    }
    expect((await loadNetwork('no such net', inlineJob())).ok).toBe(false);
    const both = await engine.entries.export!({ model: { pimcompJson: '{}' }, format: 'onnx' }, inlineJob());
    expect(both.ok ? '' : both.problems[0]?.code).toBe('export-format');
  });

  it('takes inputs that stand as weights for weights, whoever declared them so', async () => {
    const b = new GraphBuilder('declared');
    const x = b.input('x', [1, 3, 8, 8]);
    b.output(b.relu(b.conv(x, 4, { kernel: 3 }, 'conv')));
    const bytes = writeModel({ graph: b.graph, irVersion: 8, opsets: { '': 17 }, producer: 'another' });
    const ref: ModelRef = { onnx: { name: 'a.onnx', bytes: bytes.length, sha256: 'a' } };
    const network = of(await loadNetwork(ref, inlineJob({ blobs: { a: bytes } })));
    expect(network.layers.map(({ kind }) => kind.op)).toEqual(['input', 'conv']);
    expect(network.layers[1]).toMatchObject({ bias: true, parameters: 4 * 27 + 4 });
  });

  it('answers a network with its sums, activations absorbed on demand', async () => {
    const ask = async (absorb: boolean) =>
      of(await engine.entries.network!({ model: 'mobilenet-v2', absorb }, inlineJob())) as {
        network: Network;
        totals: ReturnType<typeof totalsOf>;
      };
    const [plain, absorbed] = [await ask(false), await ask(true)];
    expect(plain.network.layers.length).toBe(101);
    // All 35 clips follow a convolution.
    expect(absorbed.network.layers.length).toBe(66);
    expect(absorbed.totals).toMatchObject({ parameters: plain.totals.parameters, macs: plain.totals.macs });
    expect(absorbed.network.layers[1]?.activation).toEqual({ how: 'clip', min: 0, max: 6 });
  });
});
