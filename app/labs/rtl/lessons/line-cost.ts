import type { RtlReport } from '../../../../engines/rtl/types.ts';
import type { Lesson, LessonContext } from '../../../lessons/types.ts';
import {
  agrees,
  cellsOfAssign,
  count,
  designOf,
  gates,
  portBits,
  sourceOf,
  symbols,
  withSource,
  wordLevel,
} from './context.ts';
import { evaluate } from './evaluate.ts';

const FILE = 'cost.v';

/** No operand is used twice, so that no two lines can share gates. */
const LINES = `module cost (
    input  wire [7:0] a, b, c, d, e, f, g, h, k,
    input  wire [2:0] n,
    output wire [7:0] both, sum, moved,
    output wire       same, less
);

    assign both  = a & b;
    assign sum   = c + d;
    assign moved = e << n;
    assign same  = (f == g);
    assign less  = (h < k);

endmodule
`;

const FIXED_SHIFT = LINES.replace('e << n', 'e << 3');

const PRODUCT = `module cost (
    input  wire [7:0]  a, b, c, d, e, f,
    output wire [7:0]  both, sum,
    output wire [15:0] product
);

    assign both    = a & b;
    assign sum     = c + d;
    assign product = e * f;

endmodule
`;

const TIMES_TEN = PRODUCT.replace('e * f', 'e * 10');

const TWO_ADDERS = `module cost (
    input  wire       second,
    input  wire [7:0] a, b, c, d,
    output wire [8:0] y
);

    assign y = second ? c + d : a + b;

endmodule
`;

/** The outputs of `LINES`, with the choice that stands for each. */
const CHOICES = new Map([
  ['both', 'both = a & b'],
  ['sum', 'sum = c + d'],
  ['moved', 'moved = e << n'],
  ['same', 'same = (f == g)'],
  ['less', 'less = (h < k)'],
]);

const LESS_THAN_SUM = 'Less than the sum';
const LESS_THAN_FIVE = 'More than the sum, but less than five sums';
const MORE_THAN_FIVE = 'More than five sums';

const NOTHING = 'Nothing, it is only wires';
const ONE_SUM = 'Something like one sum';
const FULL = 'As much as any product';

const ADDERS = ['$add', '$sub', '$alu', '$macc', '$macc_v2'];

const SHIFTERS = ['$shl', '$sshl', '$shr', '$sshr', '$shift', '$shiftx'];

const BYTES = Array.from({ length: 256 }, (_, i) => i);

/** Samples that tell the two sums apart, and a sum of nine bits. */
const CHOSEN = [
  { second: 0, a: 1, b: 2, c: 16, d: 32 },
  { second: 1, a: 1, b: 2, c: 16, d: 32 },
  { second: 0, a: 255, b: 255, c: 0, d: 0 },
  { second: 1, a: 0, b: 0, c: 254, d: 255 },
];

const PENDING = 'The gates of this step’s design are not counted yet.';

/** Outputs by what their lines cost, dearest first. Undefined while the gates are not counted. */
function ranking(context: LessonContext): { name: string; cells: number }[] | undefined {
  const costs = [...CHOICES.keys()].map((name) => ({ name, cells: cellsOfAssign(context, name) }));
  if (costs.some(({ cells }) => cells === undefined)) return undefined;
  return costs.map(({ name, cells }) => ({ name, cells: cells ?? 0 })).sort((x, y) => y.cells - x.cells);
}

/** The output whose line most cells of the longest path come from. */
function deepest(context: LessonContext): { name: string; depth: number } | undefined {
  const report = gates(context);
  const end = report?.longestPath.at(-1)?.where;
  const line = end?.line === undefined ? undefined : sourceOf(context.document).split('\n')[end.line - 1];
  const name = /assign\s+(\w+)/.exec(line ?? '')?.[1];
  return report && name !== undefined ? { name, depth: report.figures.logicDepth } : undefined;
}

/** Whether the multiplier of the design has a constant for an operand. */
function hasConstantFactor(report: RtlReport): boolean {
  return symbols(report, '$mul').some((cell) =>
    ['A', 'B'].some((port) => cell.connections[port]?.every((bit) => typeof bit === 'string')),
  );
}

/** What the design has beyond the AND and the sum: the product. Undefined for a report of another step's design. */
function product(context: LessonContext, constant: boolean): { cells: number; sum: number; depth: number } | undefined {
  const report = gates(context);
  const both = cellsOfAssign(context, 'both');
  const sum = cellsOfAssign(context, 'sum');
  if (!report || both === undefined || sum === undefined) return undefined;
  if (portBits(report, 'product') === 0 || hasConstantFactor(report) !== constant) return undefined;
  return { cells: report.figures.cells - both - sum, sum, depth: report.figures.logicDepth };
}

/** What the line of `moved` costs, once the shift is by a constant. */
function fixedShift(context: LessonContext): number | undefined {
  const report = gates(context);
  return report && symbols(report, ...SHIFTERS).length === 0 ? cellsOfAssign(context, 'moved') : undefined;
}

/** The report of the design that chooses between two sums. */
function choice(context: LessonContext): RtlReport | undefined {
  const report = gates(context);
  return report && portBits(report, 'second') > 0 ? report : undefined;
}

export const lineCostLesson: Lesson = {
  id: 'line-cost',
  title: 'What does a line cost?',
  about: 'Lines look alike and cost anything from nothing to hundreds of gates. Learn to guess before you look.',
  lab: 'rtl',
  minutes: 12,
  start: async () => designOf('What does a line cost?', FILE, LINES),
  steps: [
    {
      title: 'Five lines',
      text: [
        'Five lines, each with one operator and operands of its own. In the editor, the number beside a line says how many gates came from it.',
        'Guess first, then look.',
      ],
      look: 'gutter',
      question: {
        text: 'Which line costs the most cells?',
        choices: [...CHOICES.values()],
        answer: (context) => CHOICES.get(ranking(context)?.[0]?.name ?? ''),
        explain: (context) => {
          const order = ranking(context);
          return order
            ? `From dear to cheap: ${order.map(({ name, cells }) => `\`${name}\` ${cells}`).join(', ')}. The shift by \`n\` is three rows of multiplexers; to compare sizes is to subtract and keep only the borrow.`
            : PENDING;
        },
      },
    },
    {
      title: 'Long or wide',
      text: [
        'Gates side by side work at the same time; gates one behind the other add up to delay. The logic depth in the readings counts the gates on the longest path, and the report knows from which lines they come.',
        'In `a & b` every path has one gate. Where is the longest?',
      ],
      look: 'readings',
      question: {
        text: 'To which line does the longest path of the design belong?',
        choices: [...CHOICES.values()],
        answer: (context) => CHOICES.get(deepest(context)?.name ?? ''),
        explain: (context) => {
          const longest = deepest(context);
          return longest
            ? `To \`${longest.name}\`, with ${count(longest.depth, 'gate')}: the top bit waits for the carries of all bits below it. The shift by \`n\` has only three multiplexers in a row, whatever the word's width.`
            : PENDING;
        },
      },
    },
    {
      title: 'Constants',
      text: [
        'The button replaces the shift by `n` with a shift by 3.',
        'Think of the schematic: which gate would move a word by three places?',
      ],
      change: { label: 'Shift by a constant', apply: (document) => withSource(document, FILE, FIXED_SHIFT) },
      look: 'gutter',
      question: {
        text: 'How many gates does the line of `moved` cost now?',
        answer: fixedShift,
        explain: (context) => {
          const cells = fixedShift(context);
          return cells === undefined
            ? PENDING
            : `${count(cells, 'gate')}. To shift by a constant is to connect each bit three places further up; the three lowest bits are tied to 0.`;
        },
      },
    },
    {
      title: 'A lucky number',
      text: [
        'A comparison with a constant is cheaper, too. How much cheaper depends on the constant.',
        "Change the last line: compare `h` with a constant instead of `k`, so that the line needs at most two gates. Write constants like `8'd100` and try a few.",
      ],
      look: 'gutter',
      done: (context) => {
        const report = gates(context);
        const cells = cellsOfAssign(context, 'less');
        if (report === undefined || cells === undefined || cells > 2) return false;
        // It is still a question about `h`, and no longer one about `k`.
        const module = wordLevel(report);
        const answers = (k: number) => BYTES.map((h) => module && evaluate(module, { h, k }, 'less'));
        const [low, high] = [answers(0), answers(255)];
        return low.includes(0) && low.includes(1) && low.every((value, h) => value === high[h]);
      },
    },
    {
      title: 'A product',
      text: [
        'The new text has three lines: an AND, a sum and a product of eight-bit words.',
        'Guess what `e * f` costs before you look.',
      ],
      change: { label: 'Multiply', apply: (document) => withSource(document, FILE, PRODUCT) },
      look: 'gutter',
      question: {
        text: 'Measured in sums of eight bits: what does the product cost?',
        choices: [LESS_THAN_SUM, LESS_THAN_FIVE, MORE_THAN_FIVE],
        answer: (context) => {
          const found = product(context, false);
          if (!found) return undefined;
          if (found.cells < found.sum) return LESS_THAN_SUM;
          return found.cells <= 5 * found.sum ? LESS_THAN_FIVE : MORE_THAN_FIVE;
        },
        explain: (context) => {
          const found = product(context, false);
          return found
            ? `The product takes ${found.cells} gates, the sum ${found.sum}. Eight rows of partial products are added up, as in the method learnt at school, and the longest path has grown to ${found.depth} gates.`
            : PENDING;
        },
      },
    },
    {
      title: 'Times ten',
      text: [
        'One operand becomes a constant: `e * 10`. The operator is the same; the circuit is not.',
        'Hint: ten is eight and two.',
      ],
      change: { label: 'Multiply by ten', apply: (document) => withSource(document, FILE, TIMES_TEN) },
      look: 'schematic',
      question: {
        text: 'What does the product cost now?',
        choices: [NOTHING, ONE_SUM, FULL],
        answer: (context) => {
          const found = product(context, true);
          if (!found) return undefined;
          if (found.cells === 0) return NOTHING;
          return found.cells <= 2 * found.sum ? ONE_SUM : FULL;
        },
        explain: (context) => {
          const found = product(context, true);
          return found
            ? `${count(found.cells, 'gate')}, beside ${found.sum} of the eight-bit sum: \`8e + 2e\` is one addition of shifted words, and the shifts are free. Try \`e * 8\` and \`e * 255\` by hand.`
            : PENDING;
        },
      },
    },
    {
      title: 'Two adders',
      text: [
        'The line in this text adds one pair or the other, as `second` decides. Only one of the two sums is ever used.',
        'The schematic shows what you wrote, not what you meant.',
      ],
      change: { label: 'Choose between two sums', apply: (document) => withSource(document, FILE, TWO_ADDERS) },
      look: 'schematic',
      question: {
        text: 'How many adders are built?',
        answer: (context) => {
          const report = choice(context);
          return report && symbols(report, ...ADDERS).length;
        },
        explain: (context) => {
          const report = choice(context);
          return report
            ? `${count(symbols(report, ...ADDERS).length, 'adder')} and a multiplexer behind them, ${count(report.figures.cells, 'gate')} in all.`
            : PENDING;
        },
      },
    },
    {
      title: 'One adder',
      text: [
        'Pin the result. Then change the text so that it chooses the operands first and adds once: two wires such as `wire [7:0] left = second ? c : a;`, and one `+`.',
        'Multiplexers are cheap, adders are not. The deltas say what the change is worth. That is the habit this lesson is about: write, look what the line costs, write it better.',
      ],
      look: 'readings',
      done: (context) => {
        const report = choice(context);
        return (
          report !== undefined &&
          symbols(report, ...ADDERS).length === 1 &&
          agrees(report, 'y', CHOSEN, ({ second, a = 0, b = 0, c = 0, d = 0 }) => (second ? c + d : a + b))
        );
      },
    },
  ],
};
