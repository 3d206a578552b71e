import type { Job } from '../../core/job.ts';
import { ok, type Result } from '../../core/result.ts';
import { type OpenSpec, openModel } from '../open-model.ts';

export interface ModelShapes {
  /** Of one sample, with its batch of 1: 1, C, H, W. */
  input: number[];
  output: number[];
}

/** What a model takes and gives: whoever makes data for it must know. Problems: the model cannot be opened. */
export async function shapes({ model }: Pick<OpenSpec, 'model'>, job: Job): Promise<Result<ModelShapes>> {
  const opened = await openModel({ model, data: null }, job);
  if (!opened.ok) return opened;
  const { inputShape, outputShape } = opened.value.runner;
  return ok({ input: [...inputShape], output: [...outputShape] });
}
