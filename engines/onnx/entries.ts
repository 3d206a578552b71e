import type { Job } from '../core/job.ts';
import { error, fail, ok, type Result } from '../core/result.ts';
import { type NetworkTotals, totalsOf } from './counts.ts';
import { loadModel, loadNetwork } from './load.ts';
import type { Network } from './network.ts';
import { absorbActivations } from './network-passes.ts';
import { networkToPimcompJson } from './pimcomp-json-export.ts';
import type { ModelRef } from './types.ts';
import { writeModel } from './write.ts';

/** Spec of the entry `network`: a model, or a model whose stand-alone activations go into the layers before them. */
export type NetworkSpec = ModelRef | { model: ModelRef; absorb?: boolean };

export interface NetworkReport {
  network: Network;
  totals: NetworkTotals;
}

/** Reads or builds a model as compilers and views see it. */
export async function network(spec: NetworkSpec, job: Job): Promise<Result<NetworkReport>> {
  const { model, absorb = false } = typeof spec === 'object' && 'model' in spec ? spec : { model: spec };
  job.progress(0, 'Reading the model');
  const loaded = await loadNetwork(model, job);
  if (!loaded.ok) return loaded;
  const found = absorb ? absorbActivations(loaded.value) : loaded.value;
  return ok({ network: found, totals: totalsOf(found) });
}

/** Spec of the entry `export`. */
export interface ExportSpec {
  model: ModelRef;
  format: 'onnx' | 'pimcomp-json';
}

export interface ExportedFile {
  /** With its extension. */
  name: string;
  bytes: Uint8Array;
}

/**
 * A model as a file: its structure as ONNX (weights that are not in memory are declared, not written), or in the form that
 * PIMCOMP-NN reads. Named `export` among the entries.
 */
export async function exportModel({ model, format }: ExportSpec, job: Job): Promise<Result<ExportedFile>> {
  job.progress(0, 'Reading the model');
  if (format === 'pimcomp-json') {
    const loaded = await loadNetwork(model, job);
    if (!loaded.ok) return loaded;
    const text = networkToPimcompJson(loaded.value);
    return text.ok
      ? ok({ name: `${fileName(loaded.value.name)}.json`, bytes: new TextEncoder().encode(text.value) })
      : text;
  }
  if (typeof model === 'object' && 'pimcompJson' in model) {
    const what = 'A PIMCOMP network has no ONNX graph to be written.';
    return fail(error('export-format', what, 'Export it as PIMCOMP JSON.'));
  }
  const loaded = await loadModel(model, job);
  if (!loaded.ok) return loaded;
  const found = loaded.value.model;
  return ok({ name: `${fileName(found.graph.name)}.onnx`, bytes: writeModel(found) });
}

/** What every file system takes. */
function fileName(name: string): string {
  return name.replace(/[^\w.-]+/g, '_').slice(0, 80) || 'model';
}
