import { type DesignDocument, newDocument } from '../../../../engines/document/index.ts';
import { sameJson } from '../../../../engines/document/json.ts';
import type { CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { slice } from '../../../../engines/pim/slice.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';
import type { Lesson, LessonContext } from '../../../lessons/types.ts';

const START: CrossbarSpec = {
  rows: 4,
  columns: 4,
  weights: {
    kind: 'values',
    values: [
      [3, -8, 5, 0],
      [-2, 7, 1, 4],
      [6, 2, -5, 7],
      [-1, 4, 3, 6],
    ],
  },
  inputs: { kind: 'values', values: [5, 12, 11, 9] },
  weightBits: 4,
  inputBits: 4,
  cellBits: 4,
  signed: 'offset',
  dacBits: 1,
  adcBits: 8,
  adcRangePercent: 100,
  gMinUs: 1,
  gMaxUs: 100,
  readVolts: 0.2,
  variationPercent: 0,
  readNoisePercent: 0,
  wireOhm: 0,
  driftExponent: 0,
  driftSeconds: 1,
};

const FEW_CODES = 4;

/** Large enough that wires matter. */
const LARGE = {
  rows: 16,
  columns: 16,
  weights: { kind: 'random', spread: 'uniform' },
  inputs: { kind: 'random' },
  adcBits: 8,
  wireOhm: 2,
} satisfies Partial<CrossbarSpec>;

const WANTED_DB = 20;

const NEAREST = 'The column nearest to the drivers';
const FARTHEST = 'The column farthest from the drivers';
const ALIKE = 'All alike';

const PENDING = 'The product of this step’s design is not computed yet.';

function specOf(document: DesignDocument): CrossbarSpec {
  return (document.slices.pim as PimSlice).crossbar;
}

/** The report of the design as it stands; none while an older one is all there is. */
function reportOf({ document, report }: LessonContext): CrossbarReport | undefined {
  const found = report as CrossbarReport | undefined;
  return found?.planes && sameJson(found.spec, specOf(document)) ? found : undefined;
}

function change(document: DesignDocument, of: Partial<CrossbarSpec>): DesignDocument {
  const pim = document.slices.pim as PimSlice;
  return { ...document, slices: { ...document.slices, pim: { ...pim, crossbar: { ...pim.crossbar, ...of } } } };
}

/** The most significant plane, as far as its design is that of the first steps: whole weights in single cells. */
function topPlane(context: LessonContext) {
  const report = reportOf(context);
  const plane = report?.planes.at(-1);
  if (!report || !plane || report.slices !== 1 || report.columns < 4 || report.spec.signed !== 'offset')
    return undefined;
  return { report, plane, ones: plane.digits.filter((digit) => digit > 0).length };
}

/** The share of the first and the last weight's currents that the wires take, over all planes. */
function losses(context: LessonContext): { first: number; last: number } | undefined {
  const report = reportOf(context);
  if (!report || report.spec.wireOhm === 0) return undefined;
  const share = (column: number) => {
    const sum = (of: 'microamps' | 'idealMicroamps') =>
      report.planes.reduce((all, plane) => all + plane[of][column]!, 0);
    return 1 - sum('microamps') / sum('idealMicroamps');
  };
  return { first: share(0), last: share(report.columns * report.slices - 1) };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

export const oneCrossbarLesson: Lesson = {
  id: 'one-crossbar',
  title: 'One crossbar, sixteen cells',
  about:
    'A matrix and a vector meet in one array: follow the product from cells to currents to codes, then let it go wrong.',
  lab: 'pim',
  minutes: 12,
  start: async () =>
    newDocument(
      'pim',
      { ...slice.defaults, task: 'crossbar', crossbar: START },
      { title: 'One crossbar, sixteen cells' },
    ),
  steps: [
    {
      title: 'A weight is a conductance',
      text: [
        'Sixteen cells hold the sixteen weights of a 4 × 4 matrix. A cell knows only how well it conducts: sixteen levels, 0 to 15, and nothing below zero.',
        'Yet the weights run from −8 to 7. Point at some cells and compare the weight with the level.',
      ],
      look: 'crossbar',
      question: {
        text: 'What is added to a weight to get its level?',
        answer: (context) => {
          const found = topPlane(context);
          return found && found.report.levels[0]! - found.report.weights[0]![0]!;
        },
        explain: (context) => {
          const found = topPlane(context);
          if (!found) return PENDING;
          const { levels, weights } = found.report;
          return `${levels[0]! - weights[0]![0]!}, half of the sixteen levels: the weight ${weights[0]![0]} is held as level ${levels[0]}. What the offset adds to each sum is known, and taken off at the end.`;
        },
      },
    },
    {
      title: 'One bit at a time',
      text: [
        'The inputs are on the left, as numbers and as bits. The drivers know only on and off, so they apply one bit of every input at a time: a bit plane.',
        'Go to the plane that counts 8 and look at the rows.',
      ],
      look: 'crossbar-planes',
      question: {
        text: 'How many rows are at the read voltage in the plane that counts 8?',
        answer: (context) => topPlane(context)?.ones,
        explain: (context) => {
          const found = topPlane(context);
          return found
            ? `${found.ones}: those whose input is at least 8. The others are at 0 V, and their cells carry no current.`
            : PENDING;
        },
      },
    },
    {
      title: 'Currents add',
      text: [
        'Each cell of a row that is on lets through its voltage times its conductance (Ohm), and on the column’s wire the currents add up (Kirchhoff). Four multiplications and three additions, for nothing.',
        'Stay in the plane that counts 8. The converter turns the column’s current, less that of the reference column, into a code: the sum of the levels that are lit.',
      ],
      look: 'crossbar',
      question: {
        text: 'Add it up yourself: which code comes out under column 3?',
        answer: (context) => topPlane(context)?.plane.codes[3],
        explain: (context) => {
          const found = topPlane(context);
          if (!found) return PENDING;
          const { report, plane } = found;
          const count = report.physicalColumns.length;
          const lit = plane.digits.flatMap((digit, row) => (digit > 0 ? [report.levels[row * count + 3]!] : []));
          return `${plane.codes[3]}, for ${lit.join(' + ')}.`;
        },
      },
    },
    {
      title: 'Shift and add',
      text: [
        'Every row that is on has added the offset of 8 to the code: it is taken off. Then the plane counts 8, so the rest is shifted by three places.',
        'So each plane gives its part, and the sum of all planes is the product.',
      ],
      look: 'crossbar',
      question: {
        text: 'What does the plane that counts 8 add to output 3?',
        answer: (context) => topPlane(context)?.plane.partial[3],
        explain: (context) => {
          const found = topPlane(context);
          if (!found) return PENDING;
          const { plane, ones } = found;
          return `(${plane.codes[3]} − 8 · ${ones}) · ${plane.scale} = ${plane.partial[3]}.`;
        },
      },
    },
    {
      title: 'Fewer codes',
      text: [
        'Converters are the dearest part of such a chip, and each bit more doubles their energy. The button takes one of four bits.',
        'Four rows of levels up to 15 can sum up to 60, but now there are only the codes 0 to 15.',
      ],
      change: { label: 'Take a converter of 4 bits', apply: (document) => change(document, { adcBits: FEW_CODES }) },
      look: 'crossbar-converters',
      question: {
        text: 'How many units of the sum is one code worth?',
        answer: (context) => {
          const report = reportOf(context);
          return report && report.spec.adcBits === FEW_CODES ? report.converter.step : undefined;
        },
        explain: (context) => {
          const report = reportOf(context);
          if (!report || report.spec.adcBits !== FEW_CODES) return PENDING;
          const { largestSum, mostCode, step } = report.converter;
          return `${largestSum} / ${mostCode} = ${step}. A sum is rounded to the nearest code, and the rounding is then shifted and added like everything else: the largest error of an output is ${report.figures.maxError}.`;
        },
      },
    },
    {
      title: 'Just enough',
      text: ['Find the smallest number of ADC bits with which there is no error at all. Why is it not 8?'],
      look: 'crossbar-converters',
      done: (context) => {
        const report = reportOf(context);
        if (report?.figures.rmsError !== 0) return false;
        const { converter, spec } = report;
        return 2 ** spec.adcBits > converter.largestSum && 2 ** (spec.adcBits - 1) <= converter.largestSum;
      },
    },
    {
      title: 'Wires are not perfect',
      text: [
        'Now 16 × 16 weights, and every piece of wire between two cells has a resistance of 2 Ω: little beside the 10 kΩ of the best conducting cell. But the currents of all cells go through the same wires.',
        'The drivers are at the left, the converters below. Look at the cells’ voltage.',
      ],
      change: { label: 'Build it larger, of real wire', apply: (document) => change(document, LARGE) },
      look: 'crossbar',
      question: {
        text: 'Which column loses the larger share of its current?',
        choices: [NEAREST, FARTHEST, ALIKE],
        answer: (context) => {
          const lost = losses(context);
          if (!lost) return undefined;
          if (Math.abs(lost.last - lost.first) < 0.001) return ALIKE;
          return lost.last > lost.first ? FARTHEST : NEAREST;
        },
        explain: (context) => {
          const lost = losses(context);
          return lost
            ? `The last column of weights loses ${percent(lost.last)}, the first ${percent(lost.first)}: its current has come past all others.`
            : PENDING;
        },
      },
    },
    {
      title: 'Do better',
      text: [
        `Leave the size and the wire as they are, and bring the signal-to-noise ratio to at least ${WANTED_DB} dB.`,
        'Wires lose less where less current flows. What sets the current of a cell?',
      ],
      look: 'crossbar-cells',
      done: (context) => {
        const report = reportOf(context);
        if (!report) return false;
        const { rows, columns, wireOhm } = report.spec;
        const same = rows === LARGE.rows && columns === LARGE.columns && wireOhm >= LARGE.wireOhm;
        return same && (report.figures.signalToNoiseDb ?? Number.POSITIVE_INFINITY) >= WANTED_DB;
      },
    },
  ],
};
