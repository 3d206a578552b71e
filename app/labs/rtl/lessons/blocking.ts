import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import { afterRun, benchOf, simulation, valueIn, withText } from './context.ts';

const FILE = 'chain.v';

const body = (op: string) => `module chain(input clk, input d, output reg a, output reg b, output reg c);
  always @(posedge clk) begin
    a ${op} d;
    b ${op} a;
    c ${op} b;
  end
endmodule
`;
const BLOCKING = body('=');
const NONBLOCKING = body('<=');

const RACE = `module chain(input clk, input d, output reg a, output reg b, output reg c);
  always @(posedge clk) a = d;
  always @(posedge clk) b = a;
  always @(posedge clk) c = b;
endmodule
`;

const SWAP = `module chain(input clk, input d, output reg a, output reg b, output reg c);
  initial begin
    a = 0;
    b = 1;
    c = 0;
  end
  always @(posedge clk) begin
    a <= b;
    b <= a;
  end
endmodule
`;

const COMBINATIONAL = `module chain(input clk, input d, output reg a, output reg b, output reg c);
  always @* begin
    a = d;
    b = ~a;
    c = a | b;
  end
endmodule
`;

const BENCH = `\`timescale 1ns/1ns
module chain_tb;
  reg clk = 0, d = 0;
  wire a, b, c;
  chain dut(clk, d, a, b, c);
  always #5 clk = ~clk;        // edges at 5, 15, 25 ...
  initial begin
    #42 d = 1;                 // seen first by the edge at 45
    #60 $finish;
  end
endmodule
`;

const ALL = '1 1 1';
const FIRST = '1 0 0';
const NONE = '0 0 0';

/** Values of a, b and c at a time. */
function stages(context: LessonContext, timeNs: number): string | undefined {
  const values = ['a', 'b', 'c'].map((name) => valueIn(context, `chain_tb.dut.${name}`, timeNs));
  return values.includes(undefined) ? undefined : values.join(' ');
}

/** Edges from the one at 45 ns on until c is 1. */
function edgesUntilC(context: LessonContext): number | undefined {
  if (!simulation(context)) return undefined;
  for (let edge = 1; edge <= 6; edge++) if (valueIn(context, 'chain_tb.dut.c', 36 + 10 * edge) === '1') return edge;
  return undefined;
}

export const blockingLesson: Lesson = {
  id: 'blocking',
  title: 'Blocking or not?',
  about: 'Three registers in a row, written with = and with <=. The waves show what differs, and what depends on luck.',
  lab: 'rtl',
  minutes: 10,
  start: async () =>
    benchOf(
      'Blocking or not?',
      { path: FILE, text: BLOCKING },
      { path: 'bench/chain_tb.v', text: BENCH, top: 'chain_tb' },
      ['clk', 'd', 'a', 'b', 'c'].map((name) => `chain_tb.${name}`),
    ),
  steps: [
    {
      title: 'Three assignments',
      text: [
        'This module is meant as a chain: what comes in at `d` should go to `a` at one edge of the clock, to `b` at the next, and to `c` at the one after.',
        'The bench sets `d` to 1 at 42 ns; the next rising edge is at 45 ns. Press Simulate if the bench has not run by itself, and look at the waves around that moment.',
      ],
      look: 'waves',
      question: {
        text: 'What are `a`, `b` and `c` right after the edge at 45 ns?',
        choices: [NONE, FIRST, ALL],
        answer: (context) => stages(context, 46),
        explain: afterRun(
          (context) =>
            `They are ${stages(context, 46)}. With \`=\` each statement is carried out before the next one begins: \`b\` takes the new \`a\`, \`c\` the new \`b\`. The three registers are one.`,
        ),
      },
    },
    {
      title: 'Not blocking',
      text: [
        'With `<=` the right-hand sides are all read first; the registers take their new values at the end of the time step, together. That is what flip-flops on one clock do.',
      ],
      change: { label: 'Write <= instead of =', apply: (document) => withText(document, FILE, NONBLOCKING) },
      look: 'waves',
      question: {
        text: 'How many rising edges, that at 45 ns included, does it take now until `c` is 1?',
        answer: edgesUntilC,
        explain: afterRun(
          (context) => `It takes ${edgesUntilC(context)}: one for each register, as a chain of three should.`,
        ),
      },
    },
    {
      title: 'Three processes',
      text: [
        'The same with `=` again, but in an `always` of its own for each register. All three wait for the same edge; the standard does not say which runs first.',
        'A simulator has to choose some order. Ours is that of Icarus Verilog; another may give other waves for the same text, and synthesis a third answer.',
      ],
      change: { label: 'Give each register its own always', apply: (document) => withText(document, FILE, RACE) },
      look: 'waves',
      question: {
        text: 'What are `a`, `b` and `c` after the edge at 45 ns in this simulator?',
        choices: [NONE, FIRST, '1 1 0', ALL],
        answer: (context) => stages(context, 46),
        explain: afterRun(
          (context) =>
            `Here they are ${stages(context, 46)}, by luck of the order. So: \`<=\` in what is clocked, \`=\` in what is combinational, and never both for one register.`,
        ),
      },
    },
    {
      title: 'A swap',
      text: [
        'Because `<=` reads first and writes later, two registers can trade their values without a third to help. They begin as `a` 0 and `b` 1.',
      ],
      change: { label: 'Swap two registers', apply: (document) => withText(document, FILE, SWAP) },
      look: 'waves',
      question: {
        text: 'What are `a`, `b` and `c` after the first edge, at 5 ns?',
        choices: ['1 1 0', FIRST, NONE],
        answer: (context) => stages(context, 6),
        explain: afterRun((context) => `They are ${stages(context, 6)}: each took what the other had before the edge.`),
      },
    },
    {
      title: 'Where = is right',
      text: [
        'Combinational logic has no edge to wait for: what is worked out in one line is used in the next, at once. That is what `=` says, and `always @*` runs again whenever something that it reads has changed.',
      ],
      change: { label: 'Make it combinational', apply: (document) => withText(document, FILE, COMBINATIONAL) },
      look: 'waves',
      question: {
        text: 'What is `c` at 43 ns, right after `d` has become 1?',
        choices: ['0', '1', 'x'],
        answer: (context) => valueIn(context, 'chain_tb.dut.c', 43),
        explain: afterRun(
          (context) =>
            `It is ${valueIn(context, 'chain_tb.dut.c', 43)}: \`b\` was inverted from the new \`a\`, and one of the two is always 1.`,
        ),
      },
    },
  ],
};
