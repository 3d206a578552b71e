import type { BfpReport, BfpSlice } from '../../../../engines/bfp/types.ts';
import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import {
  decibel,
  designOf,
  layerOf,
  least,
  PENDING,
  points,
  reportOf,
  SAMPLES,
  sliceOf,
  withChoices,
} from './context.ts';

const TITLE = 'Spend bits where they matter';
const EQUAL = 'bfp3/16';
/** One layer of each part of the network. */
const LAYERS = ['stem/conv', 'stage1/block1/conv1', 'stage2/block1/conv1', 'stage3/block1/conv1', 'head/fc'];
const STEM = 'stem/conv';
const HEAD = 'head/fc';
const WIDE = 'bfp6/16';

/** Small enough to be followed: four widths, one block, few plans measured. */
const SEARCH: BfpSlice['search'] = {
  method: 'exact',
  objective: 'average-bits',
  limit: 4,
  mantissaBits: [2, 3, 4, 6],
  blocks: [16],
  measured: 3,
};

/** The report of the plan that all layers share. */
function equal(context: LessonContext): BfpReport | undefined {
  const { format, plan, search } = sliceOf(context);
  const asked = format.weights === EQUAL && search === null && Object.keys(plan).length === 0;
  return asked ? reportOf(context) : undefined;
}

/** The report of the plan that was found. */
function found(context: LessonContext): BfpReport | undefined {
  const report = reportOf(context);
  return sliceOf(context).search !== null && report?.search ? report : undefined;
}

function noisiest(report: BfpReport) {
  return least(
    report.layers.filter(({ name }) => LAYERS.includes(name)),
    ({ outputSignalToNoiseDb }) => outputSignalToNoiseDb,
  );
}

export const spendBitsLesson: Lesson = {
  id: 'spend-bits',
  title: TITLE,
  about:
    'Layers differ in what they bear. Find who needs the bits, by hand and by search, and measure what it is worth.',
  lab: 'bfp',
  minutes: 15,
  start: async () =>
    designOf(TITLE, { model: 'digits-resnet', format: { weights: EQUAL, activations: EQUAL } }, 'layers'),
  steps: [
    {
      title: 'The same for all',
      text: [
        'A residual network of sixteen layers, every weight and every input in three bits, sixteen of them under one exponent.',
        `It was run on ${SAMPLES} digits, in float32 and in three bits.`,
      ],
      look: 'readings',
      question: {
        text: 'How many digits are right only in float32?',
        answer: (context) => equal(context)?.measurement?.difference.lost,
        explain: (context) => {
          const measurement = equal(context)?.measurement;
          return measurement
            ? `${measurement.difference.lost}. That is a loss of ${points(measurement.difference.points)}: three bits for all are too few.`
            : PENDING;
        },
      },
    },
    {
      title: 'Who suffers',
      text: [
        'The column “SNR output” tells how well each layer’s output survives in the rounded network. What the layers before it lost counts too.',
      ],
      look: 'layers',
      question: {
        text: 'Which of these layers has the noisiest output?',
        choices: LAYERS,
        answer: (context) => {
          const report = equal(context);
          return report && noisiest(report)?.name;
        },
        explain: (context) => {
          const layer = equal(context) && noisiest(equal(context)!);
          return layer
            ? `It is ${layer.name}, with ${decibel(layer.outputSignalToNoiseDb)}. Yet the answers suffer less: later layers add up many inputs, and some of the noise cancels.`
            : PENDING;
        },
      },
    },
    {
      title: 'Two layers more',
      text: [
        'The first layer sees the image, the last makes the answer. Both are small. The button gives these two six bits.',
      ],
      change: {
        label: 'Six bits for the first and the last',
        apply: (document) =>
          withChoices(document, {
            search: null,
            plan: { [STEM]: { weights: WIDE, inputs: WIDE }, [HEAD]: { weights: WIDE, inputs: WIDE } },
          }),
      },
      look: 'readings',
      question: {
        text: 'How many bits does a weight take now, on average?',
        answer: (context) => {
          const report = reportOf(context);
          return sliceOf(context).plan[STEM] && report?.figures.averageWeightBits;
        },
        explain: (context) => {
          const report = reportOf(context);
          const [stem, head] = report ? [layerOf(report, STEM), layerOf(report, HEAD)] : [];
          return report && stem && head
            ? `${report.figures.averageWeightBits.toFixed(2)}: the two layers hold ${stem.parameters + head.parameters} of ${report.model.parameters} weights, so their bits hardly count. The loss is now ${points(report.figures.differencePoints ?? 0)}.`
            : PENDING;
        },
      },
    },
    {
      title: 'Every layer its own',
      text: [
        'Sixteen layers, two operands, four widths: more plans than anybody could measure. A search first finds what each operand costs alone, adds that up, finds the best plan of the sums, and measures the best few for real.',
        'The button asks for the best plan with at most four bits on average. Press Search, at the top, and watch the Search view fill.',
      ],
      change: {
        label: 'Ask for four bits on average',
        apply: (document) => withChoices(document, { plan: {}, search: SEARCH }),
      },
      look: 'search-setup',
      question: {
        text: 'How many bits does a weight of the plan that was found take, on average?',
        answer: (context) => found(context)?.figures.averageWeightBits,
        explain: (context) => {
          const report = found(context);
          return report
            ? `${report.figures.averageWeightBits.toFixed(2)}, with a loss of ${points(report.figures.differencePoints ?? 0)}. Look in the table which layers were given more, and which fewer.`
            : PENDING;
        },
      },
    },
    {
      title: 'Sums and measurements',
      text: [
        'A sum over layers is an estimate: errors of layers meet, and may add up or cancel. That is why the best plans were measured.',
        'The Search view tells how far the estimates were off.',
      ],
      look: 'search',
      question: {
        text: 'How many plans were measured for real, equal ones and baselines among them?',
        answer: (context) => found(context)?.search?.points.filter(({ measured }) => measured !== undefined).length,
        explain: (context) => {
          const search = found(context)?.search;
          return search
            ? `${search.points.filter(({ measured }) => measured !== undefined).length}. Over them the estimate was off by ${search.estimateError.meanAbsPoints.toFixed(2)} points on average, and by ${search.estimateError.worstPoints.toFixed(2)} at worst.`
            : PENDING;
        },
      },
    },
    {
      title: 'What it saves',
      text: [
        'Bits that are not stored need not be moved either, and moving is what costs most. The model cuts every layer into the tiles that move least, for these formats and for eight bits everywhere.',
      ],
      look: 'readings',
      question: {
        text: 'How many times less data moves than with eight bits everywhere?',
        answer: (context) => {
          const figures = found(context)?.figures;
          return figures && figures.dataMovementBits8 / figures.dataMovementBits;
        },
        explain: (context) => {
          const figures = found(context)?.figures;
          return figures
            ? `${(figures.dataMovementBits8 / figures.dataMovementBits).toFixed(2)} times. Moving takes ${Math.round((100 * figures.movementEnergyPj) / figures.energyPj)} % of the energy of a digit.`
            : PENDING;
        },
      },
    },
    {
      title: 'Digits that nobody has looked at',
      text: [
        'The plan was chosen by how it does on these digits, so it may be better on them than elsewhere. Digits that took no part tell.',
        'Take the plan (Use this plan, in the panel of the search), and measure it on the test digits: on the left, under Data.',
      ],
      look: 'data',
      done: (context) => {
        const slice = sliceOf(context);
        const report = reportOf(context);
        return (
          slice.search === null &&
          slice.set === 'test' &&
          Object.keys(slice.plan).length > 2 &&
          report?.measurement?.set === 'test'
        );
      },
    },
  ],
};
