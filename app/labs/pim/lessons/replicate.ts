import type { PimReport, PimSlice } from '../../../../engines/pim/types.ts';
import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import {
  designOf,
  isPinned,
  largest,
  layerOf,
  mapped,
  micro,
  PENDING,
  reportOf,
  sliceOf,
  spanNs,
  withChoices,
} from './context.ts';

const TITLE = 'Why replicate the first layers?';
/** A chip small enough for its crossbars to run out, with cores so small that replicas come to lie in several. */
const CHIP: PimSlice['hardware'] = { base: 'pimcomp-default', cores: { x: 4, y: 4 }, crossbar: { perCore: 16 } };
const LAYERS = ['conv1', 'conv2', 'fc1', 'fc2', 'fc3'];
/** The cycle to be reached by hand. */
const GOAL_NS = 250_000;
const FEW = 8;

/** The report, when its replicas are those that the design asks for by hand, so many of one layer among them. */
function byHand(context: LessonContext, name: string, replicas: number): PimReport | undefined {
  const { replication, replicas: asked } = sliceOf(context);
  const report = reportOf(context);
  if (replication !== 'manual' || (asked[name] ?? 1) !== replicas) return undefined;
  // A layer with fewer windows than replicas asked for gets one for each window.
  const fits =
    report && mapped(report).every((layer) => layer.replication === Math.min(asked[layer.name] ?? 1, layer.windows));
  return fits ? report : undefined;
}

function balanced(context: LessonContext): PimReport | undefined {
  const report = reportOf(context);
  return sliceOf(context).replication === 'balance' && report?.artefacts[0].data.method.startsWith('balance')
    ? report
    : undefined;
}

export const replicateLesson: Lesson = {
  id: 'replicate',
  title: TITLE,
  about: 'The first layers are the smallest and yet the slowest. See why, and where a chip’s crossbars are best spent.',
  lab: 'pim',
  minutes: 12,
  start: async () =>
    designOf(TITLE, { model: 'lenet5', hardware: CHIP, replication: 'manual', replicas: {} }, 'network'),
  steps: [
    {
      title: 'One product for every pixel',
      text: [
        'LeNet-5 on a chip of sixteen small cores. Every layer with weights is there once: its kernel is a matrix on a few crossbars.',
        'A convolution uses the same weights for every output pixel. One window of the input goes in, one pixel comes out: one product. `conv1` makes 28 × 28 pixels.',
      ],
      look: 'network',
      question: {
        text: 'How many products does `conv1` need for one image?',
        answer: (context) => {
          const report = byHand(context, 'conv1', 1);
          return report && layerOf(report, 'conv1')?.mvms;
        },
        explain: (context) => {
          const layer = reportOf(context) && layerOf(reportOf(context)!, 'conv1');
          return layer
            ? `${layer.mvms}: one for each of its 28 × 28 pixels, since its kernel fits on one array group.`
            : PENDING;
        },
      },
    },
    {
      title: 'Who sets the pace',
      text: [
        'In throughput mode the layers are a pipeline: while `conv2` works on one image, `conv1` works on the next. After each cycle every image moves on by one layer.',
        'So the cycle is as long as the slowest layer takes. Look at the layers’ times.',
      ],
      look: 'network',
      question: {
        text: 'Which layer sets the cycle?',
        choices: LAYERS,
        answer: (context) => {
          const report = byHand(context, 'conv1', 1);
          return report && largest(mapped(report), spanNs)?.name;
        },
        explain: (context) => {
          const report = reportOf(context);
          const slowest = report && largest(mapped(report), spanNs);
          return report && slowest
            ? `It is ${slowest.name}, with ${micro(spanNs(slowest))}; all other layers wait for it. Pixels are many in the first layers, because nothing has made the image smaller yet.`
            : PENDING;
        },
      },
    },
    {
      title: 'Who takes the room',
      text: [
        'Time is one cost, crossbars are the other. The deeper a layer, the more channels it has: its matrix grows.',
      ],
      look: 'network',
      question: {
        text: 'Which layer takes the most crossbars?',
        choices: LAYERS,
        answer: (context) => {
          const report = byHand(context, 'conv1', 1);
          return report && largest(mapped(report), ({ crossbars }) => crossbars)?.name;
        },
        explain: (context) => {
          const report = reportOf(context);
          const widest = report && largest(mapped(report), ({ crossbars }) => crossbars);
          const first = report && layerOf(report, 'conv1');
          return widest && first
            ? `It is ${widest.name}: ${widest.crossbars} crossbars for ${widest.windows} window. And \`conv1\` takes ${first.crossbars} for ${first.windows} windows. The slowest layer is the cheapest to have twice.`
            : PENDING;
        },
      },
    },
    {
      title: 'Eight at once',
      text: [
        'The button puts the weights of `conv1` on the chip eight times. The replicas share the pixels among them: eight windows at once.',
        'But the cycle does not become exactly eight times as short.',
      ],
      change: {
        label: 'Eight replicas of conv1',
        apply: (document) => withChoices(document, { replicas: { conv1: FEW } }),
      },
      look: 'readings',
      question: {
        text: 'Which layer sets the cycle now?',
        choices: LAYERS,
        answer: (context) => {
          const report = byHand(context, 'conv1', FEW);
          return report && largest(mapped(report), spanNs)?.name;
        },
        explain: (context) => {
          const report = byHand(context, 'conv1', FEW);
          const slowest = report && largest(mapped(report), spanNs);
          return slowest
            ? `Now it is ${slowest.name}, with ${micro(spanNs(slowest))}. The next replica belongs to it: every layer ought to take equally long.`
            : PENDING;
        },
      },
    },
    {
      title: 'Balance by hand',
      text: [
        'Give replicas, one after the other, to whichever layer is slowest: in the panel on the left, under Replicas by hand.',
        'Bring the cycle below 250 µs.',
      ],
      look: 'replicas',
      done: (context) => {
        const report = reportOf(context);
        return sliceOf(context).replication === 'manual' && report !== undefined && report.figures.timeNs < GOAL_NS;
      },
    },
    {
      title: 'No use for replicas',
      text: [
        'An FC layer has a single window: all its inputs at once.',
        'The button asks for eight replicas of `fc1`.',
      ],
      change: {
        label: 'Eight replicas of fc1',
        apply: (document) => withChoices(document, { replication: 'manual', replicas: { fc1: FEW } }),
      },
      look: 'network',
      question: {
        text: 'How many replicas of `fc1` does the compiler make?',
        answer: (context) => {
          const report = byHand(context, 'fc1', FEW);
          return report && layerOf(report, 'fc1')?.replication;
        },
        explain: (context) => {
          const report = byHand(context, 'fc1', FEW);
          const layer = report && layerOf(report, 'fc1');
          return layer
            ? `${layer.replication}: there are no more replicas than windows. More copies would have nothing to do.`
            : PENDING;
        },
      },
    },
    {
      title: 'Balance by rule',
      text: [
        'The rule that you followed by hand is the compiler’s balance heuristic: the next replica goes to the layer with the most windows for each of its replicas, as long as there are crossbars.',
        'The button chooses it. Look at the chip.',
      ],
      change: {
        label: 'Balance',
        apply: (document) => withChoices(document, { replication: 'balance', replicas: {} }),
      },
      look: 'readings',
      question: {
        text: 'How many products does the whole network need now, over all replicas?',
        answer: (context) => balanced(context)?.figures.mvms,
        explain: (context) => {
          const report = balanced(context);
          const first = report && layerOf(report, 'conv1');
          return report && first
            ? `${report.figures.mvms}, as before: replicas do not change the work, only how much of it is done at once. Of the ${report.figures.crossbars} crossbars in use, ${first.crossbars} hold copies of \`conv1\`.`
            : PENDING;
        },
      },
    },
    {
      title: 'Not to all alike',
      text: [
        'Pin the result. Then choose Uniform: as many replicas for every convolution.',
        'The deltas say what it is worth to give replicas to the first layers, rather than to all.',
      ],
      look: 'replication',
      done: (context) => {
        const report = reportOf(context);
        const uniform = report?.artefacts[0].data.method.startsWith('uniform') ?? false;
        return isPinned(context) && sliceOf(context).replication === 'uniform' && uniform;
      },
    },
  ],
};
