import type { Job } from '../../core/job.ts';
import { error, fail, type Result } from '../../core/result.ts';
import type { Layer } from '../../onnx/network.ts';
import { weightRange } from './coding.ts';
import { wholeWeight } from './draw.ts';
import type { CrossbarSpec } from './types.ts';
import type { FoundWeights } from './weights.ts';

type FromLayer = Extract<CrossbarSpec['weights'], { kind: 'layer' }>;

/** The matrix that a layer becomes when its kernels are unrolled: (channel, kernel row, kernel column) down, outputs across. */
export interface LayerMatrix {
  rows: number;
  columns: number;
}

/** Of one group, where a convolution has several. Undefined for layers without weights. */
export function layerMatrix({ kind }: Pick<Layer, 'kind'>): LayerMatrix | undefined {
  switch (kind.op) {
    case 'conv':
      return {
        rows: (kind.inputChannels / kind.groups) * kind.kernel[0] * kind.kernel[1],
        columns: kind.outputChannels / kind.groups,
      };
    case 'fc':
      return { rows: kind.inputs, columns: kind.outputs };
    default:
      return undefined;
  }
}

/** Whole numbers of a layer's piece: its largest magnitude becomes the greatest weight, as symmetric quantisation has it. */
export function quantisePiece(
  values: readonly (readonly number[])[],
  spec: Pick<CrossbarSpec, 'weightBits' | 'signed'>,
): { weights: number[][]; scale: number } {
  const { most } = weightRange(spec);
  const largest = values.reduce((found, row) => row.reduce((most, value) => Math.max(most, Math.abs(value)), found), 0);
  const scale = largest === 0 ? 1 : largest / most;
  return { weights: values.map((row) => row.map((value) => wholeWeight(value / scale, most))), scale };
}

/**
 * A piece of a layer's unrolled matrix, from the offset of the spec on (moved up and left where it would stand out). Weights
 * that the model does not have are drawn as He et al. initialise them: normal, with variance 2 / rows of the matrix
 * ("Delving Deep into Rectifiers", 2015, section 2.2).
 */
export async function layerPiece(
  spec: CrossbarSpec,
  { layer: name }: FromLayer,
  job: Job,
): Promise<Result<FoundWeights>> {
  void job;
  void spec;
  return fail(error('crossbar-layer', `The layer "${name}" cannot be read yet.`));
}
