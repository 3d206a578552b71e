import type { BfpReport } from '../../../../engines/bfp/types.ts';
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
  withFormats,
} from './context.ts';

const TITLE = 'One exponent for many: what is lost?';
const LAYER = 'conv2';
const LAYERS = ['conv1', 'conv2', 'conv3', 'fc1', 'fc2'];
/** Inputs that hardly lose anything, so that only the weights are looked at. */
const INPUTS = 'bfp8/16';
const START = 'bfp4/16';
const TENSOR = 'bfp4/tensor';
const WIDER = 'bfp6/tensor';
const MOST_BITS = 4.4;
const MOST_LOST = 1;

const REAL = 'More than chance would explain';
const CHANCE = 'Chance alone explains as much';

/** The report, when it is of the formats that the design has now, and those are the ones asked for. */
function reportFor(context: LessonContext, weights: string, activations = INPUTS): BfpReport | undefined {
  const { format, plan } = sliceOf(context);
  const asked = format.weights === weights && format.activations === activations && Object.keys(plan).length === 0;
  return asked ? reportOf(context) : undefined;
}

function noisiest(report: BfpReport) {
  return least(
    report.layers.filter(({ name }) => LAYERS.includes(name)),
    ({ weightSignalToNoiseDb }) => weightSignalToNoiseDb,
  );
}

export const oneExponentLesson: Lesson = {
  id: 'one-exponent',
  title: TITLE,
  about: 'Sixteen numbers, one exponent: what that saves, whom it hurts, and when a network notices.',
  lab: 'bfp',
  minutes: 12,
  start: async () =>
    designOf(TITLE, { model: 'digits-cnn', format: { weights: START, activations: INPUTS } }, 'layers'),
  steps: [
    {
      title: 'Sixteen under one',
      text: [
        'A float spends eight bits or so on its exponent. In block floating point, neighbours share one: here sixteen weights, each with a sign and three bits more.',
        'The exponent is stored, too: it counts.',
      ],
      look: 'layers',
      question: {
        text: `How many bits does a weight of \`${LAYER}\` take, everything counted?`,
        answer: (context) => {
          const report = reportFor(context, START);
          return report && layerOf(report, LAYER)?.weightBits;
        },
        explain: (context) => {
          const report = reportFor(context, START);
          const layer = report && layerOf(report, LAYER);
          return layer
            ? `${layer.weightBits.toFixed(2)}: four bits each, and eight bits for the exponent of every sixteen. Blocks that a row cuts short pay the same eight bits for fewer weights.`
            : PENDING;
        },
      },
    },
    {
      title: 'The largest sets the step',
      text: [
        'The shared exponent is that of the largest weight of a block. All sixteen are then multiples of one step.',
        'A small weight beside a large one keeps few of its bits, or none. Open the Tensor view and point at a block: each value, its code and its error are drawn.',
      ],
      look: 'weights',
      question: {
        text: `How many decibels of signal to noise do the weights of \`${LAYER}\` have?`,
        answer: (context) => {
          const report = reportFor(context, START);
          return report && layerOf(report, LAYER)?.weightSignalToNoiseDb;
        },
        explain: (context) => {
          const report = reportFor(context, START);
          const layer = report && layerOf(report, LAYER);
          return layer
            ? `${decibel(layer.weightSignalToNoiseDb)}: the power of the weights over the power of their errors. Six decibels are one bit.`
            : PENDING;
        },
      },
    },
    {
      title: 'One for all',
      text: [
        'Why sixteen, and not all? The exponent would cost next to nothing.',
        'The button shares one exponent over each whole tensor. Look at what becomes of the weights.',
      ],
      change: {
        label: 'One exponent a tensor',
        apply: (document) => withFormats(document, { weights: TENSOR, activations: INPUTS }),
      },
      look: 'layers',
      question: {
        text: 'The weights of which layer suffer most?',
        choices: LAYERS,
        answer: (context) => {
          const report = reportFor(context, TENSOR);
          return report && noisiest(report)?.name;
        },
        explain: (context) => {
          const report = reportFor(context, TENSOR);
          const layer = report && noisiest(report);
          return layer
            ? `The weights of ${layer.name} are left with ${decibel(layer.weightSignalToNoiseDb)}. Its histogram says why: a few weights far out set the step, and most lie near zero.`
            : PENDING;
        },
      },
    },
    {
      title: 'Does the network notice?',
      text: [
        `Noise in weights is one thing, wrong answers are another. The network was run on ${SAMPLES} digits with these weights: not estimated, counted.`,
      ],
      look: 'readings',
      question: {
        text: 'How many digits did float32 read rightly that this network reads wrongly?',
        answer: (context) => reportFor(context, TENSOR)?.measurement?.difference.lost,
        explain: (context) => {
          const measurement = reportFor(context, TENSOR)?.measurement;
          return measurement
            ? `${measurement.difference.lost}, and ${measurement.difference.won} the other way round. Together that is a difference of ${points(measurement.difference.points)}.`
            : PENDING;
        },
      },
    },
    {
      title: 'Sure, or luck?',
      text: [
        'A few digits more or fewer may be luck. Only the digits on which the two differ can tell: if neither were better, each of them would fall to either side like a coin.',
        'That is McNemar’s test. The panel says how often a coin would do at least as much.',
      ],
      look: 'difference',
      question: {
        text: 'What does the test say of this difference, at 5 %?',
        choices: [REAL, CHANCE],
        answer: (context) => {
          const measurement = reportFor(context, TENSOR)?.measurement;
          return measurement && (measurement.difference.pValue < 0.05 ? REAL : CHANCE);
        },
        explain: (context) => {
          const measurement = reportFor(context, TENSOR)?.measurement;
          if (!measurement) return PENDING;
          const { lost, won, pValue } = measurement.difference;
          return `With ${lost} against ${won}, a coin would be as uneven in ${(100 * pValue).toPrecision(2)} % of all cases. More digits would tell smaller differences apart.`;
        },
      },
    },
    {
      title: 'Two bits more',
      text: [
        'Bits can make up for coarse blocks. The button gives every weight two bits more, still with one exponent a tensor.',
      ],
      change: {
        label: 'Six bits',
        apply: (document) => withFormats(document, { weights: WIDER, activations: INPUTS }),
      },
      look: 'layers',
      question: {
        text: `How many decibels do the weights of \`${LAYER}\` have now?`,
        answer: (context) => {
          const report = reportFor(context, WIDER);
          return report && layerOf(report, LAYER)?.weightSignalToNoiseDb;
        },
        explain: (context) => {
          const report = reportFor(context, WIDER);
          const layer = report && layerOf(report, LAYER);
          return layer
            ? `${decibel(layer.weightSignalToNoiseDb)}, about twelve more than with four bits. But it costs ${layer.weightBits.toFixed(2)} bits a weight: shared exponents in small blocks were the cheaper way.`
            : PENDING;
        },
      },
    },
    {
      title: 'Find the bargain',
      text: [
        `Now choose block and mantissa of the weights yourself, on the left under Formats: at most ${MOST_BITS} bits a weight on average, and at most ${MOST_LOST} point below float32.`,
        'Leave the activations as they are: that is another lesson.',
      ],
      look: 'format',
      done: (context) => {
        const { format } = sliceOf(context);
        const report = reportOf(context);
        const measurement = report?.measurement;
        return (
          format.weights !== WIDER &&
          measurement !== undefined &&
          report!.figures.averageWeightBits <= MOST_BITS &&
          measurement.difference.points >= -MOST_LOST
        );
      },
    },
  ],
};
