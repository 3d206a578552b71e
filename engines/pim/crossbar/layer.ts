import type { Job } from '../../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import { nearest } from '../../document/nearest.ts';
import { loadNetwork } from '../../onnx/load.ts';
import type { Layer, Network } from '../../onnx/network.ts';
import { readElements } from '../../onnx/read-elements.ts';
import type { ModelRef } from '../../onnx/types.ts';
import { weightRange } from './coding.ts';
import { layerDraws, wholeWeight } from './draw.ts';
import type { CrossbarReport, CrossbarSpec } from './types.ts';

const PATH = 'slices.pim.crossbar.weights.layer';

/** The matrix that a layer becomes when its kernels are unrolled: channel, kernel row, kernel column down, outputs across. */
export interface LayerMatrix {
  rows: number;
  columns: number;
  /** Groups of a convolution stand side by side; a piece lies in one of them. */
  groups: number;
}

/** Rows of the matrix of one group, columns of all. Undefined for layers without a matrix of weights. */
export function layerMatrix({ kind }: Pick<Layer, 'kind'>): LayerMatrix | undefined {
  switch (kind.op) {
    case 'conv': {
      const { inputChannels, outputChannels: columns, groups, kernel } = kind;
      return { rows: (inputChannels / groups) * kernel[0] * kernel[1], columns, groups };
    }
    case 'fc':
      return { rows: kind.inputs, columns: kind.outputs, groups: 1 };
    default:
      return undefined;
  }
}

/** A part of a layer's matrix. */
interface Piece {
  row: number;
  column: number;
  rows: number;
  columns: number;
}

/** As much of the wanted piece as there is: moved up and left where it would stand out, within one group. */
export function fitPiece(matrix: LayerMatrix, wanted: Piece): Piece {
  const across = matrix.columns / matrix.groups;
  const group = Math.min(matrix.groups - 1, Math.floor(wanted.column / across));
  const rows = Math.min(wanted.rows, matrix.rows);
  const columns = Math.min(wanted.columns, across);
  return {
    rows,
    columns,
    row: Math.min(wanted.row, matrix.rows - rows),
    column: Math.min(wanted.column, (group + 1) * across - columns),
  };
}

let last: { key: string; network: Network } | undefined;

/** A slider asks for the same network again and again: the last one is kept. */
async function networkOf(model: ModelRef, job: Job): Promise<Result<Network>> {
  const key = JSON.stringify(model);
  if (last?.key === key) return ok(last.network);
  const loaded = await loadNetwork(model, job);
  if (loaded.ok) last = { key, network: loaded.value };
  return loaded;
}

/**
 * A piece of a layer's unrolled matrix, from the spec's offset on; cells beyond the layer hold 0. Its largest magnitude
 * becomes the greatest whole weight. Weights that the model does not have are drawn as He et al. initialise them: normal,
 * of variance 2 / rows of the matrix ("Delving Deep into Rectifiers", ICCV 2015, section 2.2).
 */
export async function layerPiece(
  spec: CrossbarSpec,
  from: Extract<CrossbarSpec['weights'], { kind: 'layer' }>,
  job: Job,
): Promise<Result<{ weights: number[][]; origin: CrossbarReport['origin']; problems: Problem[] }>> {
  const loaded = await networkOf(from.model, job);
  if (!loaded.ok) return loaded;
  const network = loaded.value;
  const found = findLayer(network, from.layer);
  if (!found.ok) return found;
  const { layer, matrix } = found.value;
  const piece = fitPiece(matrix, { row: from.row, column: from.column, rows: spec.rows, columns: spec.columns });
  const real = await realWeights(layer, matrix, piece, from.model, job);
  const values = real ?? drawnWeights(layer.index, matrix, piece, job.seed);
  const { weights, scale } = quantise(values, spec);
  const all = Array.from({ length: spec.rows }, (_, row) =>
    Array.from({ length: spec.columns }, (_, column) => weights[row]?.[column] ?? 0),
  );
  return ok({
    weights: all,
    origin: {
      what: real ? realSentence(layer) : drawnSentence(layer, matrix),
      scale,
      layer: { name: layer.name, ...matrix, row: piece.row, column: piece.column, drawn: real === undefined },
    },
    problems: [],
  });
}

/** A layer that a crossbar can show a piece of. */
export interface CrossbarLayer extends LayerMatrix {
  name: string;
}

/** The layers of a network that have a matrix of weights, in its order: what the bench offers. */
export async function crossbarLayers(model: ModelRef, job: Job): Promise<Result<CrossbarLayer[]>> {
  const loaded = await networkOf(model, job);
  return loaded.ok
    ? ok(layersWithMatrix(loaded.value).map(({ layer, matrix }) => ({ name: layer.name, ...matrix })))
    : loaded;
}

function layersWithMatrix(network: Network): { layer: Layer; matrix: LayerMatrix }[] {
  return network.layers.flatMap((layer) => {
    const matrix = layerMatrix(layer);
    return matrix ? [{ layer, matrix }] : [];
  });
}

function realSentence({ normalised }: Layer): string {
  return `Weights of the model’s file${normalised ? ', before the normalisation that follows them' : ''}.`;
}

function drawnSentence(layer: Layer, { rows }: LayerMatrix): string {
  const why =
    layer.weight?.tensor.data.in === 'external'
      ? 'The weights lie in a file that is not here'
      : 'The model has no weights';
  return `${why}: drawn from a normal distribution of variance 2 / ${rows} (Kaiming), by the design’s seed.`;
}

function findLayer(network: Network, name: string): Result<{ layer: Layer; matrix: LayerMatrix }> {
  const fitting = layersWithMatrix(network);
  const found = fitting.find(({ layer }) => layer.name === name);
  if (found) return ok(found);
  const names = fitting.map(({ layer }) => layer.name);
  const near = nearest(name, names) ?? names[0];
  return fail(
    error(
      'crossbar-layer',
      network.layers.some((layer) => layer.name === name)
        ? `The layer "${name}" of ${network.name} has no weights.`
        : `There is no layer "${name}" in ${network.name}.`,
      near === undefined
        ? 'Choose another network: this one has no layer with weights.'
        : `Choose another layer, such as "${near}".`,
      { path: PATH },
    ),
  );
}

function drawnWeights(layer: number, matrix: LayerMatrix, piece: Piece, seed: number): number[][] {
  const deviation = Math.sqrt(2 / matrix.rows);
  return layerDraws(layer, piece, seed).map((row) => row.map((value) => value * deviation));
}

/** Symmetric quantisation of a piece by itself. */
function quantise(
  values: readonly (readonly number[])[],
  spec: Pick<CrossbarSpec, 'weightBits' | 'signed'>,
): { weights: number[][]; scale: number } {
  const { most } = weightRange(spec);
  const largest = values.reduce((high, row) => row.reduce((most, value) => Math.max(most, Math.abs(value)), high), 0);
  const scale = largest === 0 ? 1 : largest / most;
  return { weights: values.map((row) => row.map((value) => wholeWeight(value / scale, most))), scale };
}

/** The piece's weights, where the model has them here: read run by run, never the whole tensor. */
async function realWeights(
  layer: Layer,
  matrix: LayerMatrix,
  piece: Piece,
  model: ModelRef,
  job: Job,
): Promise<number[][] | undefined> {
  if (!layer.weight) return undefined;
  const { tensor, transposed } = layer.weight;
  const file = typeof model === 'object' && 'onnx' in model ? await job.source(model.onnx.sha256) : undefined;
  const values = Array.from({ length: piece.rows }, () => new Array<number>(piece.columns).fill(0));
  // Outputs lie one behind the other, each with all its rows; transposed, rows with all their outputs.
  for (let run = 0; run < (transposed ? piece.rows : piece.columns); run++) {
    const range = transposed
      ? { start: (piece.row + run) * matrix.columns + piece.column, count: piece.columns }
      : { start: (piece.column + run) * matrix.rows + piece.row, count: piece.rows };
    const read = await readElements(tensor, { model: file }, range);
    if (!read.ok || !read.value.every(Number.isFinite)) return undefined;
    for (const [at, value] of read.value.entries()) {
      if (transposed) values[run]![at] = value;
      else values[at]![run] = value;
    }
  }
  return values;
}
