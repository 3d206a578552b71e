import type { CimReport, CimSlice, PlanTotals } from '../../../../engines/cim/types.ts';
import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import { cycles, designOf, limitOf, PENDING, planOf, reportOf, segmentOf, sliceOf, withChoices } from './context.ts';

const TITLE = 'When is memory worth more than compute?';
const START: Partial<CimSlice> = { model: 'vgg8', batch: 8 };
const FAST_MAIN: CimSlice['hardware'] = { base: 'dynaplasia', mainBytesPerCycle: 400 };
const NAME = 'stage1/conv2';
const LIMITS = ['computing', 'feeding'];

const PARTS = [
  ['computeCycles', 'Computing'],
  ['reloadCycles', 'Reloading weights'],
  ['writeBackCycles', 'Writing back'],
  ['switchCycles', 'Switching modes'],
] as const satisfies [keyof PlanTotals, string][];

/** What takes the most time in the design's own plan. */
function largestPart({ plans }: CimReport): string {
  const { totals } = plans[0]!;
  return PARTS.reduce((best, part) => (totals[part[0]] > totals[best[0]] ? part : best))[1];
}

/** The report when it is of the start's network and chip. */
function atStart(context: LessonContext): CimReport | undefined {
  const { model, hardware } = sliceOf(context);
  return model === 'vgg8' && hardware === 'dynaplasia' ? reportOf(context) : undefined;
}

function firstMemory(report: CimReport): number {
  return report.plans[0]!.segments[0]!.cost.memoryArrays;
}

function decoding(context: LessonContext, batch: number): CimReport | undefined {
  const { phase, batch: own } = sliceOf(context);
  return phase === 'decode' && own === batch ? reportOf(context) : undefined;
}

export const memoryOrComputeLesson: Lesson = {
  id: 'memory-or-compute',
  title: TITLE,
  about:
    'Every array of this chip computes or remembers. See what feeding costs, when an array helps more as a memory, and how much hangs on constants that nobody has published.',
  lab: 'cim',
  minutes: 12,
  start: async () => designOf(TITLE, START, 'roofline'),
  steps: [
    {
      title: 'Two limits',
      text: [
        'A small VGG on a chip of 96 arrays, each 320 × 320 cells of one bit. An array in compute mode holds weights and multiplies; one in memory mode is a buffer that feeds the others.',
        'A product’s time is the longer of two: the work over its compute arrays, and the bytes of its input windows over the bandwidth that feeds it.',
        'Look at the plan `Compute only`, where no array is a memory.',
      ],
      look: 'methods',
      question: {
        text: `With every array in compute mode, what limits \`${NAME}\`?`,
        choices: LIMITS,
        answer: (context) => {
          const report = atStart(context);
          return report && limitOf(report, planOf(report, 'compute-only'), NAME);
        },
        explain: (context) => {
          const report = reportOf(context);
          const plan = planOf(report, 'compute-only');
          const segment = report && plan && segmentOf(report, plan, NAME);
          const index = report?.problem.operators.findIndex(({ name }) => name === NAME);
          const cost = segment?.cost.operators.find(({ operator }) => operator === index);
          return cost
            ? `Computing would take ${cycles(cost.computeBoundCycles)}, feeding takes ${cycles(cost.feedBoundCycles)}. More compute arrays would only wait.`
            : PENDING;
        },
      },
    },
    {
      title: 'Arrays that feed',
      text: [
        'Now the compiler’s own plan. It gives up some compute arrays: each array in memory mode adds 40 bytes a cycle to what feeds its operator.',
      ],
      look: 'readings',
      question: {
        text: 'How many arrays are memory while the first segment runs?',
        answer: (context) => {
          const report = atStart(context);
          return report && firstMemory(report);
        },
        explain: (context) => {
          const report = reportOf(context);
          const segment = report?.plans[0]?.segments[0];
          const plain = planOf(report, 'compute-only')?.segments[0];
          return segment && plain
            ? `${segment.cost.memoryArrays} of 96. Its segment computes in ${cycles(segment.cost.computeCycles)}; the first segment of the plan without memory takes ${cycles(plain.cost.computeCycles)}.`
            : PENDING;
        },
      },
    },
    {
      title: 'A faster main memory',
      text: [
        'What feeds an operator without memory arrays is the main bandwidth: 44 bytes a cycle here. No paper gives that number; it is an assumption.',
        'The button makes it 400.',
      ],
      change: { label: '400 bytes a cycle', apply: (document) => withChoices(document, { hardware: FAST_MAIN }) },
      look: 'mainBytesPerCycle',
      question: {
        text: 'How many arrays are memory while the first segment runs now?',
        answer: (context) => {
          const report = reportOf(context);
          const { hardware } = sliceOf(context);
          return report && typeof hardware === 'object' && hardware.mainBytesPerCycle === 400
            ? firstMemory(report)
            : undefined;
        },
        explain: (context) => {
          const report = reportOf(context);
          const ratio = report?.figures.speedup?.computeOnly;
          return report && ratio !== undefined
            ? `${firstMemory(report)}. Where main memory feeds fast enough, an array is worth more as a multiplier: the plan without memory is slower by only ${((ratio - 1) * 100).toFixed(1)} %.`
            : PENDING;
        },
      },
    },
    {
      title: 'One token at a time',
      text: [
        'A block of LLaMA 2 that decodes: each weight is used for one token only. The chip is far too small for its weights, so they are loaded part by part.',
      ],
      change: {
        label: 'Decode a block of LLaMA 2',
        apply: (document) =>
          withChoices(document, {
            model: 'llama2-7b',
            hardware: 'dynaplasia',
            phase: 'decode',
            sequence: 64,
            blocks: 'one',
            batch: 1,
          }),
      },
      look: 'shares',
      question: {
        text: 'What takes the most time?',
        choices: PARTS.map(([, label]) => label),
        answer: (context) => {
          const report = decoding(context, 1);
          return report && largestPart(report);
        },
        explain: (context) => {
          const report = decoding(context, 1);
          return report
            ? `Reloading takes ${report.figures.reloadSharePercent.toFixed(1)} % of the time. No split of the arrays changes that: neither mode is worth more, since both wait for weights.`
            : PENDING;
        },
      },
    },
    {
      title: 'Use each weight more often',
      text: [
        'With a batch, each loaded weight serves more samples, and how they are fed matters again.',
        'Raise the batch until memory arrays make the block at least a tenth faster than compute only.',
      ],
      look: 'batch',
      done: (context) => {
        const report = reportOf(context);
        const { model, phase } = sliceOf(context);
        return model === 'llama2-7b' && phase === 'decode' && (report?.figures.speedup?.computeOnly ?? 0) >= 1.1;
      },
    },
    {
      title: 'One number is no answer',
      text: [
        'The speed-up hangs on two constants that are not published: the main bandwidth, and how long an array takes to be written.',
        'Under `What matters most`, move them until memory arrays are worth less than 2 % again. The view Sensitivity shows the whole range.',
      ],
      look: 'chip',
      done: (context) => {
        const report = reportOf(context);
        const { batch, hardware } = sliceOf(context);
        const ratio = report?.figures.speedup?.computeOnly;
        return batch > 1 && typeof hardware === 'object' && ratio !== undefined && ratio < 1.02;
      },
    },
  ],
};
