import type { Job } from '../../core/job.ts';
import type { Result } from '../../core/result.ts';
import type { Plan } from '../../onnx/run/types.ts';
import { type OpenSpec, openModel } from '../open-model.ts';
import { type ExportedFile, type ExportKind, exportFile } from './file.ts';

export interface ExportSpec {
  /** Of the slice only model and data are read; `tuned`: the weights after fine-tuning, as an ONNX file. */
  slice: OpenSpec;
  /** Formats of every layer; layers that it does not name stay float32. */
  plan: Plan;
  what: ExportKind;
}

/** A file of a plan, or of a network whose weights are in a plan's formats. Problems: those of opening the model. */
export async function exportEntry(spec: ExportSpec, job: Job): Promise<Result<ExportedFile>> {
  const opened = await openModel(spec.slice, job);
  if (!opened.ok) return opened;
  return exportFile(opened.value, spec, job);
}
