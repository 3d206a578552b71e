import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import { benchOf, simulation, valueIn, withText } from './context.ts';

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
        explain: (context) =>
          `They are ${stages(context, 46)}. With \`=\` each statement is carried out before the next one begins: \`b\` takes the new \`a\`, \`c\` the new \`b\`. The three registers are one.`,
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
        explain: (context) => `It takes ${edgesUntilC(context)}: one for each register, as a chain of three should.`,
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
        explain: (context) =>
          `Here they are ${stages(context, 46)}, by luck of the order. So: \`<=\` in what is clocked, \`=\` in what is combinational, and never both for one register.`,
      },
    },
  ],
};
