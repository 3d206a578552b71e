import type { RtlReport } from '../../../../engines/rtl/types.ts';
import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import { agrees, count, designOf, gates, portBits, symbols, withSource } from './context.ts';

const FILE = 'vote.v';

const VOTE = `module vote(input a, b, c, output y);
  wire two = a & b | a & c;
  assign y = two | b & c;
endmodule
`;

const VOTE_OF_WORDS = `module vote(input [7:0] a, b, c, output [7:0] y);
  wire [7:0] two = a & (b | c);
  assign y = two | b & c;
endmodule
`;

const SUM = `module vote(input [7:0] a, b, output [8:0] y);
  assign y = a + b;
endmodule
`;

const REGISTERED = `module vote(input clk, input [7:0] a, b, output reg [8:0] y);
  always @(posedge clk)
    y <= a + b;
endmodule
`;

const TRAP = `module vote(input enable, input [7:0] a, b, output reg [8:0] y);
  always @*
    if (enable) y = a + b;
endmodule
`;

const OPERATORS = ['$and', '$or'];

/** Every vote of one bit. */
const VOTES = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => ({ a: n & 1, b: (n >> 1) & 1, c: n >> 2 }));

const SUMS = [
  { enable: 1, a: 255, b: 255 },
  { enable: 1, a: 170, b: 85 },
  { enable: 1, a: 1, b: 2 },
];

const PENDING = 'The gates of this step’s design are not counted yet.';

const FEWER = 'Fewer gates than operators';
const SAME = 'As many gates as operators';
const MORE = 'More gates than operators';

const FLAT = 'At most 4 gates';
const MIDDLE = '5 to 8 gates';
const DEEP = 'More than 8 gates';

/** Tells by a report which of the lesson's designs it is about, so that no question is judged by another design's figures. */
type Which = (report: RtlReport) => boolean;

const isVote: Which = (report) => portBits(report, 'c') > 0;
const isWide: Which = (report) => isVote(report) && portBits(report, 'y') > 1;
const isSum: Which = (report) => portBits(report, 'y') > 0 && !isVote(report) && !isClocked(report) && !isTrap(report);
const isClocked: Which = (report) => portBits(report, 'clk') > 0;
const isTrap: Which = (report) => portBits(report, 'enable') > 0;

function about(context: LessonContext, which: Which): RtlReport | undefined {
  const report = gates(context);
  return report && which(report) ? report : undefined;
}

/** An answer read from the report; undefined while there is none of the design that the step is about. */
function from<T>(which: Which, read: (report: RtlReport) => T): (context: LessonContext) => T | undefined {
  return (context) => {
    const report = about(context, which);
    return report && read(report);
  };
}

function explain(which: Which, say: (report: RtlReport) => string): (context: LessonContext) => string {
  return (context) => {
    const report = about(context, which);
    return report ? say(report) : PENDING;
  };
}

function compare(report: RtlReport): string {
  const operators = symbols(report, ...OPERATORS).length;
  if (report.figures.cells === operators) return SAME;
  return report.figures.cells < operators ? FEWER : MORE;
}

function depthClass(depth: number): string {
  if (depth <= 4) return FLAT;
  return depth <= 8 ? MIDDLE : DEEP;
}

/** "8 $_AND_, 8 $_NOR_". */
function types(report: RtlReport): string {
  return report.cellsByType.map((each) => `${each.count} \`${each.type}\``).join(', ');
}

export const gatesLesson: Lesson = {
  id: 'gates',
  title: 'From four lines of Verilog to gates',
  about: 'What becomes of a line of Verilog: symbols, gates, flip-flops, and now and then a latch that nobody wanted.',
  lab: 'rtl',
  minutes: 12,
  start: async () => designOf('From four lines to gates', FILE, VOTE),
  steps: [
    {
      title: 'Four lines',
      text: [
        'These four lines describe a vote: `y` is 1 when at least two of `a`, `b` and `c` are 1.',
        'The schematic shows the design at word level: each operator is a symbol, each name a wire. Yosys has removed what is unused and merged what is written twice, no more.',
      ],
      look: 'schematic',
      question: {
        text: 'How many operator symbols does the schematic have?',
        answer: from(isVote, (report) => symbols(report, ...OPERATORS).length),
        explain: explain(
          isVote,
          (report) =>
            `There are ${symbols(report, ...OPERATORS).length}: ${symbols(report, '$and').length} for \`&\` and ${symbols(report, '$or').length} for \`|\`, as many as you can count in the text.`,
        ),
      },
    },
    {
      title: 'Gates',
      text: [
        'Synthesis turns the symbols into gates: cells with one to three inputs, of a handful of types. The readings list them by type.',
        '`$_AND_` is an AND gate; `$_ANDNOT_` is an AND gate whose second input is inverted.',
      ],
      look: 'readings',
      question: {
        text: 'Compare the number of cells in the readings with the number of operators in the text.',
        choices: [FEWER, SAME, MORE],
        answer: from(isVote, compare),
        explain: explain(
          isVote,
          (report) =>
            `${count(symbols(report, ...OPERATORS).length, 'operator')} became ${count(report.figures.cells, 'gate')}: ${types(report)}. An operator on single bits is a gate already${compare(report) === SAME ? ', and Yosys found no way with fewer' : ''}.`,
        ),
      },
    },
    {
      title: 'A better formula',
      text: [
        'You can see what Yosys did not: `a & b | a & c` is the same as `a & (b | c)`.',
        'Write it so in line 2. The function stays; watch the number of cells.',
      ],
      look: 'gutter',
      done: (context) => {
        const report = about(context, isVote);
        const bits = report ? portBits(report, 'y') : 0;
        return (
          report !== undefined &&
          bits > 0 &&
          report.figures.cells < 5 * bits &&
          agrees(report, 'y', VOTES, ({ a = 0, b = 0, c = 0 }) => (a & b) | (b & c) | (a & c))
        );
      },
    },
    {
      title: 'Words',
      text: [
        'A wire can be a word of many bits. The button makes all ports eight bits wide; the formula stays as it is.',
        'The schematic still has one symbol for each operator. Now look at the gates.',
      ],
      change: {
        label: 'Make the vote eight bits wide',
        apply: (document) => withSource(document, FILE, VOTE_OF_WORDS),
      },
      look: 'readings',
      question: {
        text: 'How many gates are there now?',
        answer: from(isWide, (report) => report.figures.cells),
        explain: explain(isWide, (report) => {
          const bits = portBits(report, 'y');
          return `${count(report.figures.cells, 'gate')}: ${count(bits, 'bit')} with ${report.figures.cells / bits} each. The bits know nothing of each other, so no path became longer: the logic depth is ${report.figures.logicDepth}.`;
        }),
      },
    },
    {
      title: 'An adder is different',
      text: [
        'The button replaces the vote by a sum: one operator, `+`. The result has nine bits, since two words of eight can add up to 510.',
        'Before you look: how long will the longest path be? Think of how you add by hand.',
      ],
      change: { label: 'Add instead of voting', apply: (document) => withSource(document, FILE, SUM) },
      look: 'readings',
      question: {
        text: 'How many gates does a signal pass on the longest path (the logic depth)?',
        choices: [FLAT, MIDDLE, DEEP],
        answer: from(isSum, (report) => depthClass(report.figures.logicDepth)),
        explain: explain(
          isSum,
          (report) =>
            `The depth is ${report.figures.logicDepth}. Each bit needs the carry of the bit below, so the bits are no longer independent. Yosys shortens the chain by looking ahead, which is part of the ${count(report.figures.cells, 'gate')}.`,
        ),
      },
    },
    {
      title: 'Remember',
      text: [
        'So far the output followed the inputs at once. In the new text `y` changes only at the rising edge of `clk`: it has to remember in between.',
        'One bit is remembered by one flip-flop.',
      ],
      change: { label: 'Put a register behind the sum', apply: (document) => withSource(document, FILE, REGISTERED) },
      look: 'schematic',
      question: {
        text: 'How many flip-flops does this make?',
        answer: from(isClocked, (report) => report.figures.flipFlops),
        explain: explain(
          isClocked,
          (report) =>
            `${count(report.figures.flipFlops, 'flip-flop')}, one for each bit of \`y\`. What counts is the width of what is assigned at the edge, not the width of \`a\` and \`b\`. The adder before it is the same as without the register.`,
        ),
      },
    },
    {
      title: 'A trap',
      text: [
        'In the next text there is no clock, and `y` is assigned only while `enable` is 1. What is `y` when `enable` is 0? The text does not say, so the old value stays.',
        'To keep a value without a clock takes latches. They are legal, hard to time, and nearly always a mistake: the problems list names the line.',
      ],
      change: { label: 'Forget a case', apply: (document) => withSource(document, FILE, TRAP) },
      look: 'problems',
      question: {
        text: 'How many bits of latch are there?',
        answer: from(isTrap, (report) => report.figures.latches),
        explain: explain(
          isTrap,
          (report) =>
            `${count(report.figures.latches, 'latch bit')}: all of \`y\`. Simulation would have shown nothing odd as long as \`enable\` is 1.`,
        ),
      },
    },
    {
      title: 'Out of the trap',
      text: [
        'Give `y` a value in every case: add `else y = 0;` after the `if`, or write `y = 0;` before it (then put both into `begin` and `end`).',
        'When the latches are gone you have what most designs are made of: words, operators, registers, and no case forgotten.',
      ],
      look: 'gutter',
      done: (context) => {
        const report = about(context, isTrap);
        return (
          report !== undefined && report.figures.latches === 0 && agrees(report, 'y', SUMS, ({ a = 0, b = 0 }) => a + b)
        );
      },
    },
  ],
};
