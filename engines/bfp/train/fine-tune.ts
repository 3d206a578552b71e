import { sha256Hex } from '../../core/hash.ts';
import type { Job } from '../../core/job.ts';
import type { Assumption } from '../../core/report.ts';
import { ok, type Result } from '../../core/result.ts';
import type { ElementFiles } from '../../onnx/read-elements.ts';
import type { Plan } from '../../onnx/run/types.ts';
import type { Model } from '../../onnx/types.ts';
import { writeModel } from '../../onnx/write.ts';
import { loadQuantizer } from '../../tensor/formats/index.ts';
import { loadDigitSet } from '../data/digits.ts';
import type { FineTuneSettings } from '../types.ts';
import { openPasses, RECIPES } from './digit-networks.ts';
import { inFormats } from './in-formats.ts';
import { withParameters } from './net.ts';
import { train } from './train.ts';

export interface FineTuned {
  /** The network with its new weights, in float32: the plan's formats are for the runner to apply. */
  onnx: Uint8Array;
  weightsSha256: string;
  epochs: number;
  /** Mean cross-entropy (nats) of each epoch, in the plan's formats and with bent digits. */
  lossByEpoch: number[];
}

/** As far as training came, sent with its progress after each epoch. */
export interface FineTuneProgress {
  epoch: number;
  epochs: number;
  lossByEpoch: number[];
}

export const FINE_TUNE_ASSUMPTIONS: Assumption[] = [
  {
    id: 'fine-tune.straight-through',
    what: 'Fine-tuning rounds weights and activations on the way forward and passes gradients as if it did not',
    reason: 'Straight-through estimator (Bengio, Leonard and Courville 2013); errors themselves stay float32.',
    source: 'ours',
  },
  {
    id: 'fine-tune.data',
    what: 'Fine-tuning learns from the 7,000 training digits, bent anew in every epoch as for the first training',
    reason: 'Search and test digits stay unseen, so figures on them remain comparable.',
    source: 'ours',
  },
];

/**
 * Trains a digit network on in the formats of a plan (straight-through): AdamW from the weights that are there, the rate
 * falling to 0 along a cosine, on the training digits. The same bits everywhere.
 *
 * Problems: operators that training does not know, training digits that are missing.
 */
export async function fineTune(
  { model, files }: { model: Model; files: ElementFiles },
  plan: Plan,
  { epochs, learningRate, batch }: FineTuneSettings,
  seed: number,
  job: Pick<Job, 'asset' | 'signal' | 'progress'>,
): Promise<Result<FineTuned>> {
  const opened = await openPasses(model, files);
  if (!opened.ok) return opened;
  const digits = await loadDigitSet('train', job);
  if (!digits.ok) return digits;
  const passes = opened.value;
  const formats = inFormats(passes.net, plan, await loadQuantizer(), seed);
  const recipe = { ...RECIPES['digits-cnn'], epochs, learningRate, batch, warmupSteps: WARMUP_STEPS, averaging: 0 };
  const lossByEpoch: number[] = [];
  let fraction = 0;
  const tell = (): void => {
    const what = `Training in the plan's formats, epoch ${Math.min(lossByEpoch.length + 1, epochs)} of ${epochs}`;
    const partial: FineTuneProgress = { epoch: lossByEpoch.length, epochs, lossByEpoch: [...lossByEpoch] };
    job.progress(fraction, what, partial);
  };
  await train(passes, digits.value, recipe, seed, {
    signal: job.signal,
    formats,
    onEpoch(_, loss) {
      lossByEpoch.push(loss);
      tell();
    },
    onProgress(now) {
      fraction = now;
      tell();
    },
  });
  const onnx = writeModel(withParameters(model, passes.net.parameters, passes.weights));
  return ok({ onnx, weightsSha256: sha256Hex(onnx), epochs, lossByEpoch });
}

/** The first steps are small, until Adam knows how large gradients are. */
const WARMUP_STEPS = 20;
