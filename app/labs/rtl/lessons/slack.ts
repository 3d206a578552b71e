import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import type { TimingPath } from '../../../../engines/synthesis/timing/types.ts';
import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import { designOf, ppaOf, withText } from './context.ts';

const FILE = 'dot.v';

const ONE_STAGE = `// a * b + c * d, two products and their sum in one clock cycle.
module dot(
  input             clk,
  input      [7:0]  a, b, c, d,
  output reg [16:0] y
);
  reg [7:0] ra, rb, rc, rd;
  wire [15:0] p = ra * rb;
  wire [15:0] q = rc * rd;

  always @(posedge clk) begin
    ra <= a; rb <= b;
    rc <= c; rd <= d;
    y <= p + q;
  end
endmodule
`;

const TWO_STAGES = `// a * b + c * d, the products in one clock cycle and their sum in the next.
module dot(
  input             clk,
  input      [7:0]  a, b, c, d,
  output reg [16:0] y
);
  reg [7:0] ra, rb, rc, rd;
  reg [15:0] p, q;

  always @(posedge clk) begin
    ra <= a; rb <= b;
    rc <= c; rd <= d;
    p <= ra * rb;
    q <= rc * rd;
    y <= p + q;
  end
endmodule
`;

/** The path with the least slack, of the newest analysis. */
function worst(context: LessonContext): TimingPath | undefined {
  return ppaOf(context)?.timing.setupPaths[0];
}

/** The register in which the worst path ends, without its bit: mapping names registers by what they hold. */
function endOf(context: LessonContext): string | undefined {
  return worst(context) && /^\w+/.exec(worst(context)!.end.name)?.[0];
}

/** Logic cells on the worst path. */
function levels(context: LessonContext): number | undefined {
  return worst(context)?.points.filter(({ step }) => step === 'cell').length;
}

const waiting = 'The analysis of this step’s design is not there yet.';

export const slackLesson: Lesson = {
  id: 'slack',
  title: 'Where is my slack?',
  about: 'Why a clock is too fast for a design, which line is to blame, and what it costs to mend it.',
  lab: 'rtl',
  minutes: 10,
  start: async () => {
    const document = designOf('Where is my slack?', FILE, ONE_STAGE);
    const rtl = document.slices.rtl as RtlSlice;
    return {
      ...document,
      slices: { ...document.slices, rtl: { ...rtl, clockNs: 1 } },
      view: { 'rtl.view': 'ppa', 'rtl.ppa': 'paths' },
    };
  },
  steps: [
    {
      title: 'A race against the clock',
      text: [
        'Between two rising edges of the clock a signal must leave a register, pass the logic, and be at the next register a little before the edge (its setup time).',
        'Slack is what is left of the period. Below zero, the register may take the wrong value.',
      ],
      look: 'ppa-readings',
      question: {
        text: 'The clock has a period of 1 ns. Does the design keep it?',
        choices: ['yes', 'no'],
        answer: (context) => {
          const slack = ppaOf(context)?.figures.worstSlackNs;
          return slack === undefined || slack === null ? undefined : slack >= 0 ? 'yes' : 'no';
        },
        explain: (context) => {
          const slack = ppaOf(context)?.figures.worstSlackNs;
          return typeof slack === 'number' ? `Its worst slack is ${slack.toFixed(3)} ns.` : waiting;
        },
      },
    },
    {
      title: 'The critical path',
      text: [
        'The first row of the table is the path with the least slack. Choose it: each step shows its cell, its delay and the line it comes from.',
        'It begins in a register that holds an input, runs through a product, and ends where the result is kept.',
      ],
      look: 'ppa-paths',
      question: {
        text: 'Which register does the worst path end in: `y`, `ra` or `rc`?',
        choices: ['y', 'ra', 'rc'],
        answer: endOf,
        explain: (context) =>
          worst(context)
            ? `It ends in \`${endOf(context)}\`, after ${levels(context)} cells: a product and a sum, one behind the other.`
            : waiting,
      },
    },
    {
      title: 'A stage in between',
      text: [
        'Pin this version. Then put registers behind the products, so that the sum has a cycle of its own.',
        'The result comes a cycle later: that is the price of a pipeline, with the registers it takes.',
      ],
      change: { label: 'Add a pipeline stage', apply: (document) => withText(document, FILE, TWO_STAGES) },
      look: 'ppa-readings',
      question: {
        text: 'How many MHz can the clock have now, at most? (To the nearest whole number.)',
        answer: (context) => {
          const top = ppaOf(context)?.figures.fMaxMhz;
          return typeof top === 'number' ? Math.round(top) : undefined;
        },
        explain: (context) => {
          const top = ppaOf(context)?.figures.fMaxMhz;
          return typeof top === 'number'
            ? `${Math.round(top)} MHz: the period need only cover the longer of the two stages.`
            : waiting;
        },
      },
    },
    {
      title: 'What it costs',
      text: [
        'Registers take area, and their clock pins switch twice in every cycle. Compare area and power with what you pinned.',
        'More stages would be faster still, and dearer. Whether the change is right is a question of what the chip is for.',
      ],
      look: 'ppa-readings',
      question: {
        text: 'How many flip-flops does the design have now?',
        answer: (context) => ppaOf(context)?.figures.flipFlops,
        explain: (context) => {
          const count = ppaOf(context)?.figures.flipFlops;
          return count === undefined ? waiting : `${count}: 32 bits of products more than before.`;
        },
      },
    },
  ],
};
