import { type DesignDocument, newDocument } from '../../../../engines/document/index.ts';
import { slice } from '../../../../engines/rtl/slice.ts';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import { proofOf } from './context.ts';

const XOR = `module differ(input [7:0] a, b, output [7:0] y);
  assign y = a ^ b;
endmodule
`;

const XOR_OF_NANDS = `module differ(input [7:0] a, b, output [7:0] y);
  wire [7:0] n = ~(a & b);
  assign y = ~(~(a & n) & ~(b & n));
endmodule
`;

const counter = (
  full: string,
) => `module counter(input clk, input reset, input enable, output reg [3:0] count, output full);
  always @(posedge clk)
    if (reset) count <= 0;
    else if (enable) count <= count + 1;

  assign full = ${full};
endmodule
`;

const COUNTER = counter('count == 15');
const HASTY = counter('count[3] & count[2] & count[1]');

const machine = (bits: string, codes: string) => `module lock(input clk, input reset, input key, output open);
  localparam ${codes};
  reg [${bits}] state;

  always @(posedge clk)
    if (reset) state <= SHUT;
    else
      case (state)
        SHUT: if (key) state <= HALF;
        HALF: state <= key ? OPEN : SHUT;
        default: if (key) state <= SHUT;
      endcase

  assign open = state == OPEN;
endmodule
`;

const LOCK = machine('1:0', 'SHUT = 1, HALF = 2, OPEN = 0');
const ONE_HOT = machine('2:0', "SHUT = 3'b001, HALF = 3'b010, OPEN = 3'b100");

/** One text in the design, another kept beside it to be compared with. */
function pair(path: string, gold: string, gate: string, proof: Partial<RtlSlice['proof']> = {}): RtlSlice {
  return {
    ...slice.defaults,
    files: [{ path, text: gate }],
    against: { files: [{ path, text: gold }] },
    proof: { ...slice.defaults.proof, ...proof },
  };
}

function put(document: DesignDocument, rtl: RtlSlice): DesignDocument {
  return { ...document, slices: { ...document.slices, rtl } };
}

function withProof(document: DesignDocument, proof: Partial<RtlSlice['proof']>): DesignDocument {
  const before = document.slices.rtl as RtlSlice;
  return put(document, { ...before, proof: { ...before.proof, ...proof } });
}

const verdict = (context: LessonContext): string | undefined => proofOf(context)?.verdict;
const cycles = (context: LessonContext): number | undefined => proofOf(context)?.counterexample?.cycles;

/** An explanation that reads the proof: until there is one it says so. */
function afterProof(say: (context: LessonContext) => string): (context: LessonContext) => string {
  return (context) => (proofOf(context) ? say(context) : 'This step’s design has not been proved yet: press Prove.');
}

const VERDICTS = ['equal', 'different', 'undecided'];

export const proveLesson: Lesson = {
  id: 'prove',
  title: 'Prove it or see the counterexample',
  about: 'What a proof of equality says that a test cannot, and what it rests on: depth, start and reset.',
  lab: 'rtl',
  minutes: 12,
  start: async () => {
    const design = newDocument('rtl', pair('differ.v', XOR, XOR_OF_NANDS), {
      title: 'Prove it or see the counterexample',
    });
    return { ...design, view: { 'rtl.view': 'ppa', 'rtl.ppa': 'prove', 'rtl.proof.with': 'kept' } };
  },
  steps: [
    {
      title: 'All inputs at once',
      text: [
        'Someone wrote `a ^ b` with four NANDs for each bit. The version with `^` is kept beside it. Two inputs of eight bits have 65,536 values: a test tries some of them, a proof covers all.',
        'Press Prove.',
      ],
      look: 'proof',
      question: {
        text: 'What is the verdict?',
        choices: VERDICTS,
        answer: verdict,
        explain: afterProof((context) => `It is ${verdict(context)}: no inputs at all tell the two apart.`),
      },
    },
    {
      title: 'Ten cycles are not for ever',
      text: [
        'A counter says `full` at 15. The new version saves a gate: it looks at three bits only. It starts at 0, and the search goes ten cycles far.',
        'Press Prove, and read what the verdict claims.',
      ],
      change: {
        label: 'Open the counter',
        apply: (document) => put(document, pair('counter.v', COUNTER, HASTY, { depth: 10 })),
      },
      look: 'proof',
      question: {
        text: 'What is the verdict?',
        choices: VERDICTS,
        answer: verdict,
        explain: afterProof(
          (context) =>
            `It is ${verdict(context)}: there is no difference within ${proofOf(context)?.boundedDepth} cycles, and that is all it says.`,
        ),
      },
    },
    {
      title: 'The shortest way to the mistake',
      text: [
        'Let the search go further. It adds a cycle at a time, so the first difference that it finds is the shortest.',
        'The counterexample comes as values, as waves, and as a test bench that fails on this version and passes on the other.',
      ],
      change: { label: 'Search 20 cycles', apply: (document) => withProof(document, { depth: 20 }) },
      look: 'proof',
      question: {
        text: 'In which cycle do the outputs differ?',
        answer: cycles,
        explain: afterProof(
          (context) =>
            `In cycle ${cycles(context)}: the count is 0 in the first, so there it is ${(cycles(context) ?? 0) - 1}, and \`full\` comes one too early.`,
        ),
      },
    },
    {
      title: 'Mend it',
      text: [
        'Correct the line of `full` without writing `== 15`, and prove it again. Any way of writing it will do: the proof looks at what it does.',
      ],
      look: 'source',
      done: (context) => verdict(context) === 'equal',
    },
    {
      title: 'Where do registers start?',
      text: [
        'A lock with three states, and the same lock with a bit for each state. Neither has initial values, and this proof lets registers start at 0.',
        'In one of the versions 0 means open, in the other it means nothing.',
      ],
      change: { label: 'Open the lock', apply: (document) => put(document, pair('lock.v', LOCK, ONE_HOT)) },
      look: 'proof',
      question: {
        text: 'In which cycle do the outputs differ?',
        answer: cycles,
        explain: afterProof(
          (context) =>
            `In cycle ${cycles(context)}: they differ before any reset, which no user of the lock would see.`,
        ),
      },
    },
    {
      title: 'After the reset',
      text: [
        'Ask what is meant: registers may start at anything, the first cycle is a reset, and outputs are compared after it.',
        'What a proof rests on is part of what it says. The assumptions are listed with the verdict.',
      ],
      change: { label: 'Start with a reset', apply: (document) => withProof(document, { start: 'reset' }) },
      look: 'proof',
      question: {
        text: 'What is the verdict?',
        choices: VERDICTS,
        answer: verdict,
        explain: afterProof(
          (context) =>
            `It is ${verdict(context)}: after a reset, for all inputs and for ever, although the states have other codes.`,
        ),
      },
    },
  ],
};
