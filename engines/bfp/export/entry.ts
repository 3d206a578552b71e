import type { Job } from '../../core/job.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Plan } from '../../onnx/run/types.ts';
import { type OpenSpec, openModel } from '../open-model.ts';
import { FINE_TUNE_DEFAULTS } from '../settings.ts';
import { fineTune } from '../train/fine-tune.ts';
import type { FineTuneSettings } from '../types.ts';
import { type ExportedFile, type ExportKind, exportFile } from './file.ts';

export interface ExportSpec {
  /** Of the slice only model and data are read; `tuned`: the weights after fine-tuning, as an ONNX file. */
  slice: OpenSpec;
  /** Formats of every layer; layers that it does not name stay float32. */
  plan: Plan;
  what: ExportKind;
  /** Trains on in the plan's formats first, as the run did: the same weights come of it. */
  fineTune?: Partial<FineTuneSettings> | null;
}

/**
 * A file of a plan, or of a network whose weights are in a plan's formats. Problems: those of opening the model, and of
 * training it on.
 */
export async function exportEntry(spec: ExportSpec, job: Job): Promise<Result<ExportedFile>> {
  const tuned = await tunedOf(spec, job);
  if (!tuned.ok) return tuned;
  const opened = await openModel({ ...spec.slice, ...(tuned.value && { tuned: tuned.value }) }, job);
  if (!opened.ok) return opened;
  return exportFile(opened.value, spec, job);
}

/** The weights after fine-tuning; undefined: as they were before, or the file holds none. */
async function tunedOf({ slice, plan, what, fineTune: settings }: ExportSpec, job: Job) {
  if (!settings || slice.tuned || what === 'json' || what === 'csv') return ok(slice.tuned);
  const opened = await openModel(slice, job);
  if (!opened.ok) return opened;
  const found = await fineTune(opened.value, plan, { ...FINE_TUNE_DEFAULTS, ...settings }, job.seed, job);
  return found.ok ? ok(found.value.onnx) : found;
}
