import type { Mode, PimReport } from '../../../../engines/pim/types.ts';
import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import {
  designOf,
  isPinned,
  largest,
  layerOf,
  micro,
  PENDING,
  reportOf,
  sliceOf,
  spanNs,
  stages,
  withChoices,
} from './context.ts';

const TITLE = 'Throughput or latency?';
const FIRST = 'stage1/conv1';
const SECOND = 'stage1/conv2';
const BATCH = 100;

const YES = 'Yes, long before';
const NO = 'No, it waits for all of it';

/** The report, when it is of the goal that the design has now. */
function reportFor(context: LessonContext, mode: Mode): PimReport | undefined {
  const report = reportOf(context);
  return sliceOf(context).mode === mode && report?.mode === mode ? report : undefined;
}

/** Time from the first image in to the first image out of a pipeline, one cycle a stage. */
function throughNs(report: PimReport): number {
  return stages(report).length * report.figures.timeNs;
}

export const throughputLatencyLesson: Lesson = {
  id: 'throughput-latency',
  title: TITLE,
  about: 'Most images a second, or one image soonest: two schedules of the same network on the same chip.',
  lab: 'pim',
  minutes: 10,
  start: async () => designOf(TITLE, { model: 'vgg8', mode: 'throughput' }, 'layers'),
  steps: [
    {
      title: 'A pipeline',
      text: [
        'VGG-8, compiled for throughput: every layer works on an image of its own and hands its output on by way of the global memory.',
        'The cycle ends when the slowest layer is done.',
      ],
      look: 'layers',
      question: {
        text: 'Which layer sets the cycle?',
        choices: [FIRST, SECOND, 'stage2/conv1', 'stage3/conv1', 'classifier/fc1'],
        answer: (context) => {
          const report = reportFor(context, 'throughput');
          return report && largest(report.layers, spanNs)?.name;
        },
        explain: (context) => {
          const report = reportFor(context, 'throughput');
          const slowest = report && largest(report.layers, spanNs);
          return report && slowest
            ? `The layer ${slowest.name} takes ${micro(spanNs(slowest))} of the cycle of ${micro(report.figures.timeNs)}. Its ${slowest.replication} replicas share ${slowest.windows} windows.`
            : PENDING;
        },
      },
    },
    {
      title: 'The first image',
      text: [
        'One image leaves in every cycle. But the first must go through all stages, one cycle each: the layers that have instructions (those with a time in the table).',
      ],
      look: 'layers',
      question: {
        text: 'How many microseconds after it went in does the first image come out?',
        answer: (context) => {
          const report = reportFor(context, 'throughput');
          return report && throughNs(report) / 1000;
        },
        explain: (context) => {
          const report = reportFor(context, 'throughput');
          return report
            ? `${stages(report).length} stages of ${micro(report.figures.timeNs)} each: ${micro(throughNs(report))}. A camera that waits for an answer waits that long.`
            : PENDING;
        },
      },
    },
    {
      title: 'As soon as it can',
      text: [
        'For latency there is one image only, and no layer waits for a whole output: a convolution starts as soon as the pixels under its first window are there, and cores send them on directly.',
        'The button compiles for latency.',
      ],
      change: { label: 'Compile for latency', apply: (document) => withChoices(document, { mode: 'latency' }) },
      look: 'layers',
      question: {
        text: `Does \`${SECOND}\` start before \`${FIRST}\` has ended?`,
        choices: [YES, NO],
        answer: (context) => {
          const report = reportFor(context, 'latency');
          const [first, second] = report ? [layerOf(report, FIRST), layerOf(report, SECOND)] : [];
          return first && second && (second.startNs < first.endNs ? YES : NO);
        },
        explain: (context) => {
          const report = reportFor(context, 'latency');
          const [first, second] = report ? [layerOf(report, FIRST), layerOf(report, SECOND)] : [];
          return first && second
            ? `It starts after ${micro(second.startNs)}, and \`${FIRST}\` ends after ${micro(first.endNs)}. The Schedule shows how the layers overlap: hold one in the Chip and look.`
            : PENDING;
        },
      },
    },
    {
      title: 'How soon',
      text: ['The first reading is the latency now: from the first pixel in to the last result out.'],
      look: 'readings',
      question: {
        text: 'How many microseconds does one image take?',
        answer: (context) => {
          const report = reportFor(context, 'latency');
          return report && report.figures.timeNs / 1000;
        },
        explain: (context) => {
          const report = reportFor(context, 'latency');
          return report
            ? `${micro(report.figures.timeNs)}: a small part of what the first image took through the pipeline.`
            : PENDING;
        },
      },
    },
    {
      title: 'How many',
      text: [
        'One image after the other, each as soon as it can: that also makes a number of images a second.',
        'Remember the throughput of the pipeline, or undo, look, and redo.',
      ],
      look: 'readings',
      question: {
        text: 'How many images a second are computed one after the other?',
        answer: (context) => {
          const report = reportFor(context, 'latency');
          return report && 1e9 / report.figures.timeNs;
        },
        explain: (context) => {
          const report = reportFor(context, 'latency');
          return report
            ? `${Math.round(1e9 / report.figures.timeNs)}: fewer than the pipeline gives. While one image is at the last layers, the crossbars of the first have nothing to do.`
            : PENDING;
        },
      },
    },
    {
      title: 'A hundred images',
      text: [
        'Back to throughput, and to a batch of a hundred images: the first comes out after all stages, each further one a cycle later.',
      ],
      change: { label: 'Compile for throughput', apply: (document) => withChoices(document, { mode: 'throughput' }) },
      look: 'readings',
      question: {
        text: 'After how many microseconds is the hundredth image out?',
        answer: (context) => {
          const report = reportFor(context, 'throughput');
          return report && ((stages(report).length + BATCH - 1) * report.figures.timeNs) / 1000;
        },
        explain: (context) => {
          const report = reportFor(context, 'throughput');
          if (!report) return PENDING;
          const cycles = stages(report).length + BATCH - 1;
          return `After ${cycles} cycles, ${micro(cycles * report.figures.timeNs)}. The longer the batch, the less the start of the pipeline counts.`;
        },
      },
    },
    {
      title: 'Never one against the other',
      text: [
        'Pin this result and choose Latency again. The readings show no deltas: a cycle is not the time of an image, and the studio does not set one against the other.',
        'The same holds for the two clocks. Compare like with like.',
      ],
      look: 'mode',
      done: (context) => {
        const pinned = context.document.view?.pinned as { slices?: { pim?: { mode?: Mode } } } | null | undefined;
        return (
          isPinned(context) && pinned?.slices?.pim?.mode === 'throughput' && reportFor(context, 'latency') !== undefined
        );
      },
    },
  ],
};
