import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import { afterRun, benchOf, simulation, valueIn, withText } from './context.ts';

const FILE = 'counter.v';

const NO_RESET = `module counter(input clk, input reset, output reg [3:0] q, output reg even);
  always @(posedge clk)
    q <= q + 1;

  always @(posedge clk)
    if (q[0] == 0) even <= 1;
    else even <= 0;
endmodule
`;

const WITH_RESET = `module counter(input clk, input reset, output reg [3:0] q, output reg even);
  always @(posedge clk)
    if (reset) q <= 0;
    else q <= q + 1;

  always @(posedge clk)
    if (q[0] == 0) even <= 1;
    else even <= 0;
endmodule
`;

const TWO_DRIVERS = `module counter(input clk, input reset, output reg [3:0] q, output even);
  always @(posedge clk)
    if (reset) q <= 0;
    else q <= q + 1;

  assign even = ~q[0];
  assign even = q[1];
endmodule
`;

const NO_DRIVER = `module counter(input clk, input reset, output reg [3:0] q, output even);
  always @(posedge clk)
    if (reset) q <= 0;
    else q <= q + 1;
endmodule
`;

const BENCH = `\`timescale 1ns/1ns
module counter_tb;
  reg clk = 0, reset = 1;
  wire [3:0] q;
  wire even;
  counter dut(clk, reset, q, even);
  always #5 clk = ~clk;        // edges at 5, 15, 25 ...
  initial begin
    #22 reset = 0;
    #80 $finish;
  end
endmodule
`;

/** The first moment, in whole nanoseconds, at which every bit of the count is known. */
function knownFrom(context: LessonContext): number | undefined {
  const report = simulation(context);
  if (!report) return undefined;
  for (let time = 0; time <= report.figures.simulatedTimeNs; time++) {
    const value = valueIn(context, 'counter_tb.q', time);
    if (value !== undefined && value !== '' && !/[xz]/i.test(value)) return time;
  }
  return undefined;
}

/** How many of the states of two bits of the count make `even` unknown. */
function fights(context: LessonContext): number | undefined {
  if (!simulation(context)) return undefined;
  return [26, 36, 46, 56].filter((time) => /x/i.test(valueIn(context, 'counter_tb.even', time) ?? '')).length;
}

export const unknownLesson: Lesson = {
  id: 'unknown',
  title: 'Why X?',
  about:
    'Where the red X in a wave comes from: registers without a start, conditions that nobody can answer, wires with two masters.',
  lab: 'rtl',
  minutes: 10,
  start: async () =>
    benchOf(
      'Why X?',
      { path: FILE, text: NO_RESET },
      { path: 'bench/counter_tb.v', text: BENCH, top: 'counter_tb' },
      ['clk', 'reset', 'q', 'even'].map((name) => `counter_tb.${name}`),
    ),
  steps: [
    {
      title: 'No beginning',
      text: [
        'A counter: at every edge `q` becomes `q + 1`. The bench gives it eight edges.',
        'A flip-flop has some value when the power comes on, but nobody knows which. The simulator says X, and an unknown number plus one is unknown.',
      ],
      look: 'waves',
      question: {
        text: 'What is `q` at 100 ns, in binary?',
        answer: (context) => valueIn(context, 'counter_tb.q', 100),
        explain: afterRun(
          (context) => `It is ${valueIn(context, 'counter_tb.q', 100)}: X goes in, so X comes out, for ever.`,
        ),
      },
    },
    {
      title: 'What if nobody knows?',
      text: [
        'Look at `even`. Its `if` asks whether `q[0]` is 0. While `q[0]` is X the answer is neither yes nor no, and Verilog then takes the `else`.',
        'So a design can look sound in simulation although what it decides on is unknown. This is called X-optimism.',
      ],
      look: 'waves',
      question: {
        text: 'What is `even` at 50 ns?',
        choices: ['0', '1', 'x'],
        answer: (context) => valueIn(context, 'counter_tb.even', 50),
        explain: afterRun(
          (context) =>
            `It is ${valueIn(context, 'counter_tb.even', 50)}, the value of the \`else\`, although nobody knows whether \`q\` is even.`,
        ),
      },
    },
    {
      title: 'A reset',
      text: ['The bench holds `reset` at 1 for the first 22 ns. Let the counter listen to it.'],
      change: { label: 'Add the reset', apply: (document) => withText(document, FILE, WITH_RESET) },
      look: 'waves',
      question: {
        text: 'From which time on, in ns, is `q` known?',
        answer: knownFrom,
        explain: afterRun(
          (context) => `From ${knownFrom(context)} ns on: the first rising edge at which \`reset\` is 1.`,
        ),
      },
    },
    {
      title: 'Two masters',
      text: [
        'Now `even` is driven by two assignments. Where they agree the wire has their value; where one says 0 and the other 1, nobody wins: X.',
        'The problems below name both drivers before anything runs.',
      ],
      change: { label: 'Drive even twice', apply: (document) => withText(document, FILE, TWO_DRIVERS) },
      look: 'waves',
      question: {
        text: 'At how many of the moments 26, 36, 46 and 56 ns is `even` X?',
        answer: fights,
        explain: afterRun((context) => `At ${fights(context)} of the four: whenever \`~q[0]\` and \`q[1]\` differ.`),
      },
    },
    {
      title: 'No master',
      text: [
        'Take both assignments away and nobody drives `even` at all. The wave has a line of its own for that, between 0 and 1.',
        'Reading such a wire gives X: `even & 1` is unknown, too. Give every output a driver, and exactly one.',
      ],
      change: { label: 'Leave even without a driver', apply: (document) => withText(document, FILE, NO_DRIVER) },
      look: 'waves',
      question: {
        text: 'What is `even` at 50 ns?',
        choices: ['0', 'x', 'z'],
        answer: (context) => valueIn(context, 'counter_tb.even', 50),
        explain: afterRun(
          (context) =>
            `It is ${valueIn(context, 'counter_tb.even', 50)}: high impedance, a wire that hangs in the air.`,
        ),
      },
    },
  ],
};
