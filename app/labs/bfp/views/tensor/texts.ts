import { formatNumber } from '../../../../ui/format.ts';

const count = (n: number, one: string, many = `${one}s`) => `${formatNumber(n)} ${n === 1 ? one : many}`;

/** Every word of the tensor microscope. */
export const texts = {
  title: 'Tensor microscope',
  about: 'The weights of a layer in a format, down to the bits of one block',
  layer: 'Layer',
  loading: 'Reading the weights',
  failed: 'The weights cannot be shown',
  none: 'There are no layers yet',
  noneText: 'They appear here once the network has been read.',
  trained: 'Weights before training on.',

  show: 'What the map shows',
  shows: { values: 'Weights', quantized: 'In this format', errors: 'Error', table: 'Table' },
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Show all',
  map: (layer: string) =>
    `Weights of ${layer} as a map: rows are outputs, columns are places of the kernel with their input channels`,
  keys: 'Arrow keys move from weight to weight, with Shift from block to block; plus and minus zoom, 0 shows all.',
  axisColumns: { kernel: 'by kernel place, then input channel', fc: 'inputs' },
  size: (rows: number, columns: number) => `${formatNumber(rows)} × ${formatNumber(columns)}`,
  inView: (rows: string, columns: string, what: string) => `Down: outputs ${rows}. Across: ${columns}, ${what}.`,
  perCell: (rows: number, columns: number) =>
    `A cell is ${rows} × ${columns} weights: the largest of them, or their largest error.`,
  hint: 'Point at a weight; click to take its block apart.',
  place: (row: number, column: string) => `output ${formatNumber(row)}, ${column}`,
  kernelPlace: (place: number, channel: number) =>
    `kernel place ${formatNumber(place)}, input ${formatNumber(channel)}`,
  input: (channel: number) => `input ${formatNumber(channel)}`,
  becomes: (value: string, quantized: string, error: string) => `${value} becomes ${quantized}, error ${error}`,
  largest: (value: string, quantized: string, error: string) =>
    `largest ${value} becomes ${quantized}; error at most ${error}`,
  noNumber: 'not a number',

  format: 'Format under the microscope',
  text: 'In short',
  use: 'Use for this layer',
  useAbout: 'Takes this format into the plan, for the weights of this layer',
  inUse: 'This layer has it',
  reset: 'Back to the layer’s own',

  figures: 'All weights of the layer',
  stored: 'Stored bits a weight',
  signalToNoise: 'Signal to noise',
  meanSquaredError: 'Mean squared error',
  maxAbsError: 'Largest error',
  flushedToZero: 'Became zero',
  saturated: 'Beyond the largest code',
  exact: 'exact',
  ofWeights: (n: number, of: number) => `${formatNumber(n)} (${((100 * n) / of).toFixed(1)}\u202f%)`,
  took: (ms: number) => `${ms.toFixed(0)}\u202fms from the last change to its picture, measured here`,

  histogram: 'Weights before and after',
  before: 'In float32',
  after: 'In this format',
  bin: 'Weight',
  scale: 'Heights grow with the square root of the counts.',
  binText: (low: string, high: string, before: number, after: number) =>
    `${low} to ${high}: ${count(before, 'weight')}, then ${formatNumber(after)}`,
  histogramHint: 'Point at a bin, or use the arrow keys',

  block: 'Block',
  blockOf: (elements: number) => `of ${count(elements, 'weight')}`,
  shown: (n: number, of: number) => `${formatNumber(n)} of its ${formatNumber(of)} weights are shown.`,
  shared: 'Shared',
  nothingShared: 'Nothing is shared: every number stands for itself.',
  step: (step: string) => `Steps of ${step} near the largest`,
  noBlock: 'Click a weight on the map, or press an arrow key on it.',
  columns: {
    place: 'Place',
    value: 'Weight',
    bits: 'Code',
    quantized: 'Becomes',
    error: 'Error',
    note: 'Note',
  },
  parts: { sign: 'sign', exponent: 'exponent', mantissa: 'mantissa', shared: 'shared exponent or scale' },
  row: 'Output',
  column: 'Column',
} as const;
