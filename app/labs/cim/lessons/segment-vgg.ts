import type { CimReport, CimSlice } from '../../../../engines/cim/types.ts';
import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import { cycles, designOf, PENDING, planOf, reportOf, segmentOf, sliceOf, withChoices } from './context.ts';

const TITLE = 'Segment VGG by hand, then let the DP';
/** Every operator of VGG-8 in a segment of its own: the names of all but the last. */
const ALONE = [
  'stage1/conv1',
  'stage1/conv2',
  'stage2/conv1',
  'stage2/conv2',
  'stage3/conv1[1/2]',
  'stage3/conv1[2/2]',
  'stage3/conv2[1/3]',
  'stage3/conv2[2/3]',
  'stage3/conv2[3/3]',
  'classifier/fc1[1/5]',
  'classifier/fc1[2/5]',
  'classifier/fc1[3/5]',
  'classifier/fc1[4/5]',
  'classifier/fc1[5/5]',
];
const START: Partial<CimSlice> = { model: 'vgg8', batch: 8, cuts: ALONE };
const CONVS = ALONE.slice(0, 4);

function byHand(context: LessonContext): CimReport | undefined {
  const report = reportOf(context);
  return sliceOf(context).model === 'vgg8' && report?.plans[0]?.id === 'by-hand' ? report : undefined;
}

/** Cycles of the plan by hand over those of the compiler's own. */
function behind(report: CimReport): number | undefined {
  const own = planOf(report, 'improved');
  return own && report.plans[0]!.totals.cycles / own.totals.cycles;
}

function together(report: CimReport, names: readonly string[]): boolean {
  const plan = report.plans[0]!;
  const segment = segmentOf(report, plan, names[0]!);
  return names.every((name) => segmentOf(report, plan, name) === segment);
}

/** The first convolution whose weights do not fit beside those of all before it. */
function firstTooMany({ problem, hardware }: CimReport): string | undefined {
  let sum = 0;
  return problem.operators.find(({ arrays }) => {
    sum += arrays;
    return sum > hardware.arrays;
  })?.name;
}

export const segmentVggLesson: Lesson = {
  id: 'segment-vgg',
  title: TITLE,
  about:
    'Cut a network into pieces that fit on the chip at once, feel what a cut costs, and see what dynamic programming finds.',
  lab: 'cim',
  minutes: 10,
  start: async () => designOf(TITLE, START, 'segments'),
  steps: [
    {
      title: 'Each by itself',
      text: [
        'VGG-8, a batch of eight images, on 96 arrays. Here every product is a segment of its own: its weights are loaded, the batch runs, the result is written out, the next weights are loaded.',
        'Products too large for the chip were cut into parts.',
      ],
      look: 'segments',
      question: {
        text: 'Into how many parts was `stage3/conv2` cut?',
        answer: (context) => {
          const report = reportOf(context);
          return report?.problem.operators.filter(({ name }) => name.startsWith('stage3/conv2')).length || undefined;
        },
        explain: (context) => {
          const part = reportOf(context)?.problem.operators.find(({ name }) => name.startsWith('stage3/conv2'));
          return part
            ? `${part.part?.of ?? 1}: its weights would fill 195 arrays. A part takes ${part.arrays}.`
            : PENDING;
        },
      },
    },
    {
      title: 'Join two',
      text: [
        'Two products in one segment run as a pipeline: only one reload, and what passes between them stays on the chip.',
        'Drag the boundary between `stage1/conv1` and `stage1/conv2` away, or put the focus on it and press Delete.',
      ],
      look: 'segments',
      done: (context) => {
        const report = byHand(context);
        return report !== undefined && together(report, CONVS.slice(0, 2));
      },
    },
    {
      title: 'What fits',
      text: ['A segment’s weights must all lie on the chip, each at least once.'],
      look: 'segments',
      question: {
        text: 'If the first segment took product after product, which would be the first that does not fit?',
        choices: ALONE.slice(1, 6),
        answer: (context) => {
          const report = reportOf(context);
          return sliceOf(context).model === 'vgg8' && report ? firstTooMany(report) : undefined;
        },
        explain: (context) => {
          const report = reportOf(context);
          if (!report) return PENDING;
          const arrays = report.problem.operators.slice(0, 4).map(({ arrays: each }) => each);
          return `${arrays.join(' + ')} arrays are more than 96. So the first segment holds at most the first three.`;
        },
      },
    },
    {
      title: 'Catch up with the compiler',
      text: [
        'Full is not best: a segment with room to spare can hold weights twice, or use arrays as buffers.',
        'Move boundaries until your plan takes at most 2 % more cycles than the compiler’s.',
      ],
      look: 'segments',
      done: (context) => {
        const report = byHand(context);
        return report !== undefined && (behind(report) ?? 2) <= 1.02;
      },
    },
    {
      title: 'Let the compiler cut',
      text: [
        'Dynamic programming takes the best way to every prefix of the network, and extends it by every last segment that fits. It has looked at all the cuts that you could have made.',
      ],
      change: { label: 'Let the compiler cut', apply: (document) => withChoices(document, { cuts: null }) },
      look: 'readings',
      question: {
        text: 'How many segments does it make?',
        answer: (context) => {
          const report = reportOf(context);
          return sliceOf(context).cuts === null ? report?.plans[0]?.segments.length : undefined;
        },
        explain: (context) => {
          const plan = reportOf(context)?.plans[0];
          return plan ? `${plan.segments.length}, in ${cycles(plan.totals.cycles)}.` : PENDING;
        },
      },
    },
    {
      title: 'The network of the paper',
      text: [
        'VGG-16 is what the paper draws: the first four convolutions together, then two, then one by one.',
        'The button opens it under the same rules.',
      ],
      change: { label: 'VGG-16', apply: (document) => withChoices(document, { model: 'vgg16', batch: 1, cuts: null }) },
      look: 'segments',
      question: {
        text: 'How many convolutions share the first segment?',
        answer: (context) => {
          const report = reportOf(context);
          return sliceOf(context).model === 'vgg16' ? report?.plans[0]?.segments[0]?.operators.length : undefined;
        },
        explain: (context) => {
          const report = reportOf(context);
          const sizes = report?.plans[0]?.segments.slice(0, 3).map(({ operators }) => operators.length);
          return sizes
            ? `${sizes[0]}, then ${sizes[1]}, then ${sizes[2]}, as the paper’s figure has it. It came out of the cost model; nothing was set to make it so.`
            : PENDING;
        },
      },
    },
  ],
};
