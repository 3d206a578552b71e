import type { Job } from '../core/job.ts';
import { error, fail, ok, type Result } from '../core/result.ts';
import type { RunLayer } from '../onnx/run/types.ts';
import {
  blockOf,
  lineLength,
  loadQuantizer,
  type Measurement,
  type Spread,
  storedBits,
} from '../tensor/formats/index.ts';
import type { FormatError, NumberFormat, StoredBits } from '../tensor/formats/types.ts';
import { type OpenSpec, openModel } from './open-model.ts';
import { formatOf } from './plan.ts';
import { type PickedBlock, pickBlock } from './tensor-block.ts';
import { type Region, type TensorMap, tensorMap, within } from './tensor-map.ts';
import type { FormatChoice } from './types.ts';

/** Spec of the entry `tensor`: the microscope on the weights of one layer. */
export interface TensorSpec extends OpenSpec {
  layer: string;
  format: FormatChoice;
  /** Part of the matrix to draw; left out: the whole. */
  region?: Region;
  /** At most so many rows and columns of cells are drawn. */
  cells: [rows: number, columns: number];
  /** The element whose block is taken apart; left out: none. */
  pick?: { row: number; column: number };
}

export interface TensorReport {
  layer: Pick<RunLayer, 'name' | 'op' | 'rows' | 'rowLength' | 'channels' | 'weightShape'>;
  format: NumberFormat;
  /** Length of the lines that blocks are laid along. */
  lineLength: number;
  stored: StoredBits;
  error: FormatError;
  /** Of all weights, in `TENSOR_BINS` bins. */
  spread: Spread;
  map: TensorMap;
  picked?: PickedBlock;
}

export const TENSOR_BINS = 128;
/** Cells that one answer holds at most. */
const MOST_CELLS = 1_000_000;

/** Weights of a layer, and their last form. */
interface Held {
  key: string;
  layer: RunLayer;
  last?: Quantized;
}

interface Quantized extends Measurement {
  key: string;
  line: number;
  stored: StoredBits;
}

/** The layer looked at last, so that a move of a slider reads nothing again. Results never depend on it. */
let held: Held | undefined;

/**
 * What a format makes of a layer's weights: error and histogram over all of them, a map of a part, and one block bit by
 * bit. The weights stay in the worker between calls; answers are as large as the map asked for.
 * Problems: those of opening the model, a layer that it does not have, a format that cannot be read.
 */
export async function tensor(spec: TensorSpec, job: Job): Promise<Result<TensorReport>> {
  const format = formatOf(spec.format, 'format');
  if (!format.ok) return format;
  const found = await hold(spec, job);
  if (!found.ok) return found;
  const { layer } = found.value;
  const { quantized, error, spread, line, stored } = await quantize(found.value, format.value, job.seed);
  const { name, op, rows, rowLength, channels, weightShape } = layer;
  const region = within(spec.region ?? { row: 0, column: 0, rows, columns: rowLength }, rows, rowLength);
  const [most, across] = spec.cells;
  const cells: [number, number] = [Math.max(1, Math.min(most, Math.floor(MOST_CELLS / Math.max(1, across)))), across];
  const picked =
    spec.pick && pickBlock(layer, line, format.value, spec.pick, { seed: job.seed, tensorMax: spread.maxAbs });
  return ok({
    layer: { name, op, rows, rowLength, channels, weightShape },
    format: format.value,
    lineLength: line,
    stored,
    error,
    spread,
    map: tensorMap(layer.weights, quantized, rowLength, region, cells),
    ...(picked && { picked }),
  });
}

async function hold(spec: TensorSpec, job: Job): Promise<Result<Held>> {
  const key = JSON.stringify([spec.model, spec.layer]);
  if (held?.key === key && !spec.tuned) return ok(held);
  const opened = await openModel(spec, job);
  if (!opened.ok) return opened;
  const { layers } = opened.value.runner;
  const layer = layers.find(({ name }) => name === spec.layer);
  if (!layer) {
    const known = layers.slice(0, 8).map(({ name }) => name);
    const what = `The network has no layer "${spec.layer}".`;
    return fail(error('bfp.unknown-layer', what, `It has: ${known.join(', ')}${layers.length > 8 ? ' ...' : ''}.`));
  }
  // Another model may be opened in this worker, and the runner of this one be given away with its memory.
  const made: Held = { key, layer: { ...layer, weights: layer.weights.slice() } };
  if (!spec.tuned) held = made;
  return ok(made);
}

async function quantize(of: Held, format: NumberFormat, seed: number): Promise<Quantized> {
  const key = JSON.stringify([format, seed]);
  if (of.last?.key === key) return of.last;
  const { weights, channels, rowLength } = of.layer;
  const line = lineLength(channels, rowLength, blockOf(format));
  const stored = storedBits(line === 0 ? 0 : weights.length / line, line, format);
  const measured = (await loadedQuantizer()).measure(weights, line, format, { seed, bins: TENSOR_BINS });
  of.last = { key, line, stored, ...measured };
  return of.last;
}

let quantizer: ReturnType<typeof loadQuantizer> | undefined;
function loadedQuantizer(): ReturnType<typeof loadQuantizer> {
  quantizer ??= loadQuantizer();
  return quantizer;
}
