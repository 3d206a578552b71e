import type { ErrorCause } from '../../../../engines/pim/crossbar/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import type { TermInfo } from '../../../ui/Term.tsx';

const ISAAC = { title: 'ISAAC (Shafiee et al., ISCA 2016)', url: 'https://doi.org/10.1109/ISCA.2016.12' };
const DPE = {
  title: 'Dot-product engine (Hu et al., DAC 2016)',
  url: 'https://doi.org/10.1145/2897937.2898010',
};
const PCM = {
  title: 'Phase-change memory device physics (Le Gallo and Sebastian, 2020)',
  url: 'https://doi.org/10.1088/1361-6463/ab7794',
};
const BENNETT = {
  title: 'Spectra of quantized signals (Bennett, 1948)',
  url: 'https://doi.org/10.1002/j.1538-7305.1948.tb01340.x',
};
const KAIMING = { title: 'Delving deep into rectifiers (He et al., 2015)', url: 'https://arxiv.org/abs/1502.01852' };

export const terms = {
  slices: {
    name: 'bit slices',
    text: 'A cell holds few levels, so a weight is cut into slices of some bits, side by side in one row. Each slice’s column is read for itself; the results are shifted to their place and added.',
    source: ISAAC,
  },
  planes: {
    name: 'bit planes',
    text: 'The inputs are applied digit by digit, all rows at once: first the lowest bits of all inputs, then the next. Each plane gives a partial sum, shifted and added to those before.',
    source: ISAAC,
  },
  signed: {
    name: 'signed weights',
    text: 'A conductance cannot be negative. With an offset, half of the range is added to every weight and taken off the sum afterwards. In a pair, a second column holds the negative weights and is subtracted.',
    source: ISAAC,
  },
  dac: {
    name: 'DAC',
    text: 'The digital-to-analogue converter of a row turns a digit of the input into a voltage. With one bit it is a switch; with more bits fewer planes are needed and sums grow.',
    source: ISAAC,
  },
  adc: {
    name: 'ADC',
    text: 'The analogue-to-digital converter of a column turns its current into a code. Too few codes round the sum; its error is that of a uniform quantiser.',
    source: BENNETT,
  },
  range: {
    name: 'full scale',
    text: 'The largest sum that gets a code of its own. Large sums are rare: a smaller range makes finer codes, and clips what lies beyond.',
    source: DPE,
  },
  conductance: {
    name: 'conductance',
    text: 'What a cell lets through: current is voltage times conductance. The levels lie evenly between the least and the greatest.',
    source: DPE,
  },
  variation: {
    name: 'cell variation',
    text: 'A programmed cell misses its target by a random part of it, and keeps that error for all reads.',
    source: DPE,
  },
  noise: {
    name: 'read noise',
    text: 'A cell’s current fluctuates from read to read, here by a part of one cell’s full current. A row at 0 V adds none.',
    source: PCM,
  },
  wires: {
    name: 'IR drop',
    text: 'Wires have resistance, and currents lose voltage on their way: cells far from drivers and converters see less. The whole network of wires and cells is solved by Kirchhoff’s laws.',
    source: DPE,
  },
  drift: {
    name: 'drift',
    text: 'Conductance falls with time after programming, by a power law G(t) = G(1 s) · (t / 1 s)^−ν. Phase-change cells have ν near 0.05.',
    source: PCM,
  },
  snr: {
    name: 'signal-to-noise ratio',
    text: 'Power of the ideal outputs over the power of the error, of this one product, in decibels.',
  },
  effective: {
    name: 'effective bits',
    text: 'A quantiser of so many bits over all possible outputs would make the same rms error.',
    source: BENNETT,
  },
  kaiming: {
    name: 'Kaiming initialisation',
    text: 'The zoo has structures without weights. In their place stand random ones as training starts from them: normal, with variance 2 over the rows of the layer’s matrix.',
    source: KAIMING,
  },
} satisfies Record<string, TermInfo>;

export const causeNames: Record<ErrorCause, string> = {
  resolution: 'ADC resolution',
  clipping: 'ADC range',
  variation: 'Cell variation',
  'read-noise': 'Read noise',
  wires: 'Wires',
  drift: 'Drift',
};

export const texts = {
  title: 'One crossbar',
  about: (weights: string, cells: number) => `${weights} weights in ${formatNumber(cells)} cells`,
  views: { conductance: 'Conductance', deviation: 'Deviation', current: 'Current', voltage: 'Voltage' },
  viewLabel: 'Colour of the cells',
  planes: 'Bit plane of the inputs',
  plane: (plane: number, of: number, scale: number) => `Plane ${plane + 1} of ${of}, counts ${formatNumber(scale)}`,
  play: 'Play the planes',
  pause: 'Pause',
  back: 'Plane before',
  next: 'Next plane',
  stage:
    'Crossbar: arrow keys go from cell to cell, comma and full stop from plane to plane, Enter flips the row’s bit, space plays',
  hint: 'Point at a cell or an output for its numbers; press a bit of the inputs to flip it.',
  labels: {
    input: 'input',
    bits: 'bits',
    current: 'Column current',
    code: 'ADC code',
    places: 'shift and add',
    partial: 'this plane',
    'so-far': 'so far',
    result: 'digital result',
    ideal: 'ideal',
    outputs: 'Result and ideal',
    error: 'Error',
    reference: 'ref',
  },
  legends: {
    conductance: 'Conductance',
    deviation: 'Off its target by',
    current: 'Current',
    voltage: 'Of the row’s voltage',
  },
  legend: { bar: 'so far', outline: 'digital result', tick: 'ideal' },
  sections: {
    what: 'What is multiplied',
    numbers: 'Numbers',
    converters: 'Converters',
    cells: 'Cells and wires',
    error: 'Error',
    causes: 'Each cause alone',
    table: 'The numbers',
  },
  fields: {
    weights: 'Weights',
    inputs: 'Inputs',
    rows: 'Rows',
    columns: 'Columns',
    layer: 'Layer',
    row: 'From row',
    column: 'From column',
    piece: 'Another piece',
    use: (model: string) => `Take ${model}`,
    given: 'Row by row',
    givenInputs: 'One by one',
    weightBits: 'Weight',
    inputBits: 'Input',
    cellBits: 'Cell',
    signed: 'Signs',
    dacBits: 'DAC',
    adcBits: 'ADC',
    adcRange: 'ADC range',
    gMin: 'Least',
    gMax: 'Greatest',
    volts: 'Read voltage',
    variation: 'Variation',
    noise: 'Read noise',
    wire: 'Wire',
    drift: 'Drift ν',
    time: 'Since write',
  },
  weightKinds: {
    uniform: 'random, uniform',
    normal: 'random, normal',
    values: 'given',
    layer: (model: string) => `of ${model}`,
  },
  inputKinds: { random: 'random', values: 'given' },
  signs: { offset: 'Offset', pair: 'Pair' },
  ideal: 'Make ideal',
  idealTitle: 'No variation, noise, drift or wire resistance, and converters that know every sum',
  edits: {
    weights: 'Change the weights of the crossbar',
    weight: 'Change a weight of the crossbar',
    inputs: 'Change the inputs of the crossbar',
    flip: 'Flip a bit of the inputs',
    piece: 'Take another piece of the layer',
    ideal: 'Make the crossbar ideal',
    field: (name: string) => `Change the crossbar: ${name}`,
  },
  readings: {
    rms: 'rms error',
    most: 'Largest error',
    snr: 'Signal to noise',
    exact: 'no error',
    effective: 'Effective bits',
    clipped: 'Clipped',
    energy: 'Energy',
    latency: 'Latency',
    cells: 'Cells',
  },
  assumptions: 'Assumptions',
  running: 'Computing …',
  piece: (layer: string, rows: string, columns: string, allRows: number, allColumns: number) =>
    `${layer}: rows ${rows} of ${formatNumber(allRows)}, outputs ${columns} of ${formatNumber(allColumns)}`,
  tables: { outputs: 'Outputs', columns: 'Columns', cells: 'Cells' },
  csv: 'Save as CSV',
  save: 'Save the drawing',
  svg: 'Save as SVG',
  png: 'Save as PNG',
};
