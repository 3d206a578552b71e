import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { BlobRef } from '../document/types.ts';
import { adoptWeights } from './adopt-weights.ts';
import type { Network } from './network.ts';
import { foldNormalisations } from './network-passes.ts';
import { networkFromPimcompJson } from './pimcomp-json.ts';
import { readModel } from './read.ts';
import { toNetwork } from './to-network.ts';
import type { Model, ModelRef } from './types.ts';
import { buildZooModel, findZooModel, type ZooModel } from './zoo/index.ts';

/** Larger networks in JSON are no networks. */
const MOST_JSON_BYTES = 64e6;

/**
 * The network that a design names: from the zoo, an ONNX file or a PIMCOMP network. Of an ONNX file only the structure is
 * read; its weights stay in the file.
 */
export async function loadNetwork(ref: ModelRef, job: Pick<Job, 'source'>): Promise<Result<Network>> {
  if (typeof ref === 'object' && 'pimcompJson' in ref) return pimcompNetwork(ref.pimcompJson, job);
  const loaded = await loadModel(ref, job);
  if (!loaded.ok) return loaded;
  const { model, symbols, zoo } = loaded.value;
  const network = toNetwork(adoptWeights(model), {
    symbols,
    origin: zoo ? 'zoo' : 'onnx',
    opset: model.opsets[''],
  });
  return network.ok && zoo?.folded ? ok(foldNormalisations(network.value)) : network;
}

/** A network of the zoo, by its id or another spelling. */
export function zooNetwork(id: string, symbols: Record<string, number> = {}): Result<Network> {
  const found = findZooModel(id);
  if (!found.ok) return found;
  const zoo = found.value;
  const built = buildZooModel(zoo, symbols);
  if (!built.ok) return built;
  const network = toNetwork(built.value.model.graph, { symbols: built.value.symbols, origin: 'zoo' });
  return network.ok && zoo.folded ? ok(foldNormalisations(network.value)) : network;
}

export interface LoadedModel {
  model: Model;
  /** Sizes given to symbolic dimensions. */
  symbols: Record<string, number>;
  /** Where it comes from the zoo. */
  zoo?: ZooModel;
}

/** The ONNX model that a design names, built or read. PIMCOMP networks are none. */
export async function loadModel(
  ref: Exclude<ModelRef, { pimcompJson: string | BlobRef }>,
  job: Pick<Job, 'source'>,
): Promise<Result<LoadedModel>> {
  if (typeof ref === 'object' && 'onnx' in ref) {
    const source = await job.source(ref.onnx.sha256);
    if (!source) return fail(missingBlob(ref.onnx));
    const model = await readModel(source, { name: ref.onnx.name });
    return model.ok ? ok({ model: model.value, symbols: ref.symbols ?? {} }) : model;
  }
  const { zoo: id, symbols } = typeof ref === 'string' ? { zoo: ref, symbols: undefined } : ref;
  const found = findZooModel(id);
  if (!found.ok) return found;
  const built = buildZooModel(found.value, symbols);
  return built.ok ? ok({ ...built.value, zoo: found.value }) : built;
}

async function pimcompNetwork(from: string | BlobRef, job: Pick<Job, 'source'>): Promise<Result<Network>> {
  if (typeof from === 'string') return networkFromPimcompJson(from);
  const source = await job.source(from.sha256);
  if (!source) return fail(missingBlob(from));
  if (source.bytes > MOST_JSON_BYTES) {
    const what = `The file "${from.name}" has ${source.bytes} bytes; a PIMCOMP network has far less than ${MOST_JSON_BYTES}.`;
    return fail(error('pimcomp-json', what, 'Open the network itself, not an output of the compiler.'));
  }
  const text = new TextDecoder().decode(await source.read(0, source.bytes));
  return networkFromPimcompJson(text, from.name.replace(/\.json$/i, ''));
}

function missingBlob({ name, bytes }: BlobRef): Problem {
  const what = `The file "${name}" (${bytes} bytes) of this design is not here.`;
  return error('blob-missing', what, 'Open the file again; the design finds it by its content.');
}
