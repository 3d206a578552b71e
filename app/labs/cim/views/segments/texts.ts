import type { CimOperator } from '../../../../../engines/cim/types.ts';
import { formatNumber } from '../../../../ui/format.ts';

const count = (n: number, one: string, many = `${one}s`) => `${formatNumber(n)} ${n === 1 ? one : many}`;
const cycles = (value: number) => formatNumber(Math.round(value), 'cycles');

export type CostKind = 'computeCycles' | 'reloadCycles' | 'writeBackCycles' | 'switchCycles';

export const texts = {
  title: 'Segments',
  about: (operators: number, segments: number) => `${count(operators, 'product')} in ${count(segments, 'segment')}`,
  kinds: { conv: 'conv', depthwise: 'depthwise', fc: 'linear', matmul: 'product' } satisfies Record<
    CimOperator['kind'],
    string
  >,
  costs: {
    computeCycles: 'Compute',
    reloadCycles: 'Reload',
    writeBackCycles: 'Write-back',
    switchCycles: 'Switch',
  } satisfies Record<CostKind, string>,

  row: 'Products in the order in which they run',
  rowHelp:
    'Left and right go from product to product. Enter holds one. O opens or folds the parts of a layer. S splits the segment after the product.',
  operator: (name: string, kind: string, segment: number) => `${name}, ${kind}, segment ${segment}`,
  parts: (n: number) => count(n, 'part'),
  open: 'Open: show every part',
  fold: 'Fold the parts',
  arrays: (compute: number, memory: number) => `${formatNumber(compute)} + ${formatNumber(memory)}`,
  arraysInFull: (compute: number, memory: number) =>
    `${count(compute, 'array computes', 'arrays compute')}, ${count(memory, 'array remembers', 'arrays remember')}`,
  upTo: (text: string) => `up to ${text}`,
  bound: { compute: 'compute', feed: 'feed' },
  boundBy: { compute: 'bound by its compute arrays', feed: 'bound by feeding it' },
  shareOfSlowest: (bound: string, share: string) => `${bound} ${share}`.trim(),
  segment: (number: number) => `Segment ${number}`,
  heap: (first: number, last: number) => `${formatNumber(first)}–${formatNumber(last)}`,
  times: (n: number) => `× ${formatNumber(n)}`,
  section: (name: string, times: number) => `${name} × ${formatNumber(times)}`,
  cycles,
  aboutCycles: (value: number) => `about ${cycles(value)}`,
  ofAll: (share: number) => `${formatNumber(share, '%')} of the run`,

  boundary: (before: string, after: string) => `Boundary between ${before} and ${after}`,
  boundaryAt: (left: number, right: number, total: string) =>
    `${count(left, 'product')} before it, ${count(right, 'product')} after it; in all ${total}`,
  boundaryHelp:
    'Drag it, or move it with the left and right arrow keys. Delete joins the two segments. It takes the boundaries that it passes with it.',
  fixedBoundary: 'Border of a repeated block: segments always end here',
  hint: 'Drag a boundary. Double-click between products to split. Delete joins.',
  zoomIn: 'Wider products',
  zoomOut: 'Narrower products',
  obstacle: {
    arrays: (needs: number, has: number, over: number) =>
      `needs ${formatNumber(needs)} arrays of ${formatNumber(has)}: ${formatNumber(over)} too many`,
    operand: (operator: string, producer: string) =>
      `${operator} needs the whole output of ${producer} as its weights before it starts`,
  },
  doesNotFit: (segment: number, reason: string) => `Segment ${segment} does not fit: it ${reason}.`,
  cannotStand: (segment: number, reason: string) => `Segment ${segment} cannot stand: ${reason}.`,
  moreDoNot: (n: number) => `${count(n, 'more segment does', 'more segments do')} not fit.`,

  versus: {
    label: 'Your cuts against the compiler’s',
    you: 'You',
    compiler: (title: string) => `Compiler, ${title.toLowerCase()}`,
    cut: (title: string) => `Cut by the compiler, ${title.toLowerCase()}`,
    other: (title: string) => `Plan of another method, ${title}`,
    difference: 'Difference',
    equal: 'Equal',
    slower: (by: string, percent: string) => `${by} more (${percent})`,
    faster: (by: string, percent: string) => `${by} fewer (${percent})`,
    segments: (n: number) => count(n, 'segment'),
    estimate: 'Estimate: arrays of the changed segments chosen one by one. The run that follows weighs them together.',
    illegal: 'Does not fit',
    broken: 'Not compiled',
    letCompiler: 'Let the DP cut',
    fromCompiler: 'Start from the DP’s cuts',
    /** The compiler's own plan runs products in another order. */
    fromOther: (title: string) => `Start from the cuts: ${title.toLowerCase()}`,
    theirs: 'Compiler',
    yours: 'You',
  },
  otherOrder:
    'This plan runs products in another order than the network’s, by which cuts are named. Cuts by hand are made in the network’s own order.',
  cutInOrder: 'Cut by hand in the network’s order',
  unknownCuts: (names: string) => `The cuts name products that this network does not have: ${names}.`,
  earlier: 'The row shows an earlier design until this one is compiled: cuts can be moved then.',
  locked: 'This design cannot be edited.',

  card: {
    title: (number: number, name: string) => `Segment ${number}: ${name}`,
    range: (first: string, last: string) => (first === last ? first : `${first} to ${last}`),
    cost: 'Cost of one run',
    again: 'each further run',
    share: 'of the run',
    kept: 'Stays on the chip',
    written: 'Written back',
    loaded: 'Weights loaded',
    arrays: 'Arrays',
    roles: (compute: number, memoryIn: number, memoryOut: number, shared: number, unused: number) =>
      `${formatNumber(compute)} compute, ${formatNumber(memoryIn)} input buffers, ${formatNumber(memoryOut)} output buffers, ${formatNumber(shared)} of these shared, ${formatNumber(unused)} unused`,
    switched: 'Switched before it',
    switches: (toCompute: number, toMemory: number) =>
      `${formatNumber(toCompute)} to compute, ${formatNumber(toMemory)} to memory`,
    slowest: 'Slowest product',
    why: {
      compute: (name: string, compute: string, feed: string) =>
        `${name}: its compute arrays take ${compute}, feeding it would take ${feed}`,
      feed: (name: string, compute: string, feed: string) =>
        `${name}: feeding it takes ${feed}, its compute arrays would take ${compute}`,
    },
    energy: 'Energy of one run',
    estimated: 'Estimated; known exactly after the run.',
    none: 'Select a segment or a product for its costs.',
    split: 'Split after this product',
    joinBefore: 'Join with the one before',
    joinAfter: 'Join with the next',
    close: 'Close',
    operator: 'Product',
    inputs: 'Reads',
    weights: 'Weights from',
    nothing: 'nothing on the chip',
  },

  legend: {
    title: 'What the colours mean',
    compute: 'compute arrays; bound by them',
    memory: 'memory arrays; bound by feeding',
    data: 'reads its output',
    operand: 'its output becomes weights',
    rival: 'below: the compiler’s segments and their costs',
  },
  table: {
    caption: 'Segments and their costs',
    number: '#',
    operators: 'Products',
    range: 'From, to',
    times: 'Runs',
    cycles: 'Cycles, all runs',
    share: 'Share',
    compute: 'Compute arrays',
    memory: 'Memory arrays',
    slowest: 'Slowest product',
  },
};
