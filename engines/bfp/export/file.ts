import { breathe } from '../../core/abort.ts';
import type { Job } from '../../core/job.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Plan, RunLayer } from '../../onnx/run/types.ts';
import { loadQuantizer, type Quantizer } from '../../tensor/formats/index.ts';
import type { OpenModel } from '../open-model.ts';
import { lineOf, type QuantizedMatrix } from './codes.ts';
import { quantizedGguf } from './gguf-file.ts';
import { quantizedOnnx } from './onnx.ts';
import { planCsv, planJson } from './plan-file.ts';

/** Which file: the plan alone, or the network or its weights in the plan's formats. */
export type ExportKind = 'json' | 'csv' | 'onnx' | 'onnx-qdq' | 'onnx-nbits' | 'gguf';

export interface ExportedFile {
  name: string;
  mime: string;
  bytes: Uint8Array;
  /** Whole sentences: what is in the file as it was asked for, and what is not. */
  notes: string[];
}

type Source = Pick<OpenModel, 'id' | 'title' | 'model' | 'files'> & { runner: { layers: readonly RunLayer[] } };

/** A file of a plan, or of an open network whose weights are in a plan's formats. Problems: weights that are missing. */
export async function exportFile(
  opened: Source,
  { plan, what }: { plan: Plan; what: ExportKind },
  job: Pick<Job, 'signal' | 'seed'>,
): Promise<Result<ExportedFile>> {
  const { layers } = opened.runner;
  const text = (ending: string, mime: string, content: string): Result<ExportedFile> =>
    ok({ name: `${opened.id}-plan.${ending}`, mime, bytes: new TextEncoder().encode(content), notes: [] });
  if (what === 'json') return text('json', 'application/json', planJson(opened.id, plan, layers));
  if (what === 'csv') return text('csv', 'text/csv', planCsv(plan, layers));
  const matrices = await quantized(layers, plan, job);
  const matrix = (layer: RunLayer): QuantizedMatrix => matrices.get(layer.name)!;
  const { title, model, files } = opened;
  if (what === 'gguf') {
    const written = await quantizedGguf({ title, model, files, layers, matrix });
    return written.ok ? ok({ name: `${opened.id}.gguf`, mime: 'application/octet-stream', ...written.value }) : written;
  }
  const written = await quantizedOnnx({ title, model, files, layers, matrix }, what);
  const name = `${opened.id}-quantized${what === 'onnx' ? '' : what.slice(4)}.onnx`;
  return written.ok ? ok({ name, mime: 'application/octet-stream', ...written.value }) : written;
}

/** The weights of all layers in the plan's formats, as the runner has them. */
async function quantized(
  layers: readonly RunLayer[],
  plan: Plan,
  { signal, seed }: Pick<Job, 'signal' | 'seed'>,
): Promise<Map<string, QuantizedMatrix>> {
  const quantizer = await loadQuantizer();
  const matrices = new Map<string, QuantizedMatrix>();
  for (const layer of layers) {
    matrices.set(layer.name, quantizedMatrix(layer, plan, quantizer, seed));
    await breathe(signal);
  }
  return matrices;
}

function quantizedMatrix(layer: RunLayer, plan: Plan, quantizer: Quantizer, seed: number): QuantizedMatrix {
  const { weights: original, rows, rowLength } = layer;
  const format = plan[layer.name]?.weights ?? { kind: 'float32' };
  const line = lineOf(layer, format);
  return { format, original, rows, rowLength, line, values: quantizer.rows(original, line, format, seed) };
}
