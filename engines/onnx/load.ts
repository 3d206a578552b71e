import type { Job } from '../core/job.ts';
import { error, fail, ok, type Result } from '../core/result.ts';
import type { BlobRef } from '../document/types.ts';
import type { Network } from './network.ts';
import { foldNormalisations } from './network-passes.ts';
import { networkFromPimcompJson } from './pimcomp-json.ts';
import { toNetwork } from './to-network.ts';
import type { ModelRef } from './types.ts';
import { buildZooModel, findZooModel } from './zoo/index.ts';

/** The network that a design names: from the zoo, an ONNX file or a PIMCOMP network. */
export async function loadNetwork(ref: ModelRef, job: Pick<Job, 'blob' | 'signal'>): Promise<Result<Network>> {
  if (typeof ref === 'string') return zooNetwork(ref);
  if ('zoo' in ref) return zooNetwork(ref.zoo, ref.symbols);
  if ('pimcompJson' in ref) return pimcompNetwork(ref.pimcompJson, job);
  return fail(error('onnx.unread', 'ONNX files cannot be read yet.'));
}

/** A network of the zoo, by its id or another spelling. */
export function zooNetwork(id: string, symbols: Record<string, number> = {}): Result<Network> {
  const model = findZooModel(id);
  if (!model.ok) return model;
  const built = buildZooModel(model.value, symbols);
  if (!built.ok) return built;
  const network = toNetwork(built.value.graph, { symbols: built.value.symbols, origin: 'zoo' });
  return network.ok && model.value.folded ? ok(foldNormalisations(network.value)) : network;
}

async function pimcompNetwork(from: string | BlobRef, job: Pick<Job, 'blob'>): Promise<Result<Network>> {
  if (typeof from === 'string') return networkFromPimcompJson(from);
  const bytes = await job.blob(from.sha256);
  if (!bytes) return fail(missingBlob(from));
  return networkFromPimcompJson(new TextDecoder().decode(bytes), from.name.replace(/\.json$/i, ''));
}

function missingBlob({ name, bytes }: BlobRef) {
  const what = `The file "${name}" (${bytes} bytes) of this design is not here.`;
  return error('blob-missing', what, 'Open the file again; the design finds it by its content.');
}
