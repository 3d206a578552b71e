import { formatNumber } from '../../../../ui/format.ts';

const count = (n: number, one: string, many = `${one}s`) => `${formatNumber(n)} ${n === 1 ? one : many}`;

const feeds = (compute: number, memory: number) =>
  memory === 0
    ? `${formatNumber(compute)} compute, main memory feeds`
    : `${formatNumber(compute)} compute, ${formatNumber(memory)} and main memory feed`;

/** Words of the view of rooflines and splits. */
export const texts = {
  title: 'Roofline',
  about: 'What limits each operator: its arrays in compute mode, or how fast they are fed (Eq. 10)',
  segment: 'Segment',
  segmentOf: (at: number, of: number, names: string) => `${formatNumber(at)} of ${formatNumber(of)}: ${names}`,
  previous: 'Segment before',
  next: 'Next segment',
  operator: 'Operator',
  mode: 'Split of',
  modes: { chip: 'Whole chip', operator: 'One operator' },
  split: 'Memory arrays',
  exact: 'Number of memory arrays',
  splitWords: (memory: number, compute: number) =>
    `${formatNumber(memory)} in memory mode, ${formatNumber(compute)} in compute mode`,
  toPlan: 'Back to the plan',
  toBest: 'To the best split',
  withReload: 'Count the reload',
  withReloadAbout: 'Best by the time of the segment and its reload; off: by the time of the segment alone (Eq. 9)',
  noRoom: 'All its arrays are needed to hold its weights once, so there is nothing to split.',

  roofline: {
    title: 'Roofline of the segment',
    x: 'MACs per byte that is fed',
    y: 'MACs per cycle',
    hint: 'Point at an operator, or use the arrow keys. Enter or a click draws its roofs.',
    roof: (name: string, compute: number, memory: number) => `Roofs of ${name}: ${feeds(compute, memory)}`,
    planRoof: (compute: number, memory: number) => `In the plan: ${feeds(compute, memory)}`,
    peak: (arrays: number) => `All ${formatNumber(arrays)} arrays in compute mode, every cell at work`,
    here: 'Operators of this segment',
    slowest: 'The slowest of them',
    others: 'Other segments, in the plan',
    point: (name: string, rate: string, intensity: string, cycles: string, bound: 'compute' | 'feed') =>
      `${name}: ${rate} MACs a cycle at ${intensity} MACs a byte, ${cycles} cycles, ${bound === 'compute' ? 'bound by its compute arrays' : 'bound by its feed'}`,
    other: (segment: number, name: string, rate: string, intensity: string) =>
      `Segment ${formatNumber(segment)}, ${name}: ${rate} MACs a cycle at ${intensity} MACs a byte`,
  },

  time: {
    title: 'Time over the split',
    x: 'Arrays in memory mode',
    y: 'Cycles',
    hint: 'Point at a split, or use the arrow keys. Enter or a click moves the slider there.',
    computeBound: 'Compute-bound',
    feedBound: 'Feed-bound',
    cycles: { chip: 'Time of the segment', operator: 'Time of the operator' },
    withReload: 'Time and reload',
    others: 'Slowest other operator',
    now: 'Shown split',
    plan: 'The plan',
    best: 'Best split',
    at: (memory: number, compute: number) => `${formatNumber(memory)} memory, ${formatNumber(compute)} compute`,
    never: 'never',
  },

  readout: {
    time: 'Time',
    reload: 'Reload',
    both: 'Both',
    best: 'Best',
    bestAt: (memory: number) => `at ${count(memory, 'memory array')}`,
    plan: 'Plan',
    planAt: (memory: number, compute: number) => `${formatNumber(compute)} compute, ${formatNumber(memory)} memory`,
    cycles: (cycles: string) => `${cycles} cycles`,
    next: (gain: number, word: 'memory' | 'compute') =>
      gain > 0
        ? `One array more in ${word} mode would save ${formatNumber(gain)} cycles.`
        : gain < 0
          ? `One array more in ${word} mode would cost ${formatNumber(-gain)} cycles.`
          : `One array more in ${word} mode would change nothing.`,
  },
  verdict: {
    memory: 'Here memory is worth more than compute.',
    compute: 'Here compute is worth more than memory.',
    neither: 'Here neither more memory nor more compute would help.',
    never: 'For these operators memory is never worth an array: main memory feeds them.',
    free: (memory: number) => `It pays up to ${count(memory, 'memory array')}, and no further.`,
  },

  table: {
    caption: 'Operators of the segment at this split',
    operator: 'Operator',
    compute: 'Compute arrays',
    memory: 'Memory arrays',
    planCompute: 'In the plan',
    planMemory: 'In the plan',
    intensity: 'MACs per byte',
    rate: 'MACs per cycle',
    computeBound: 'Compute-bound cycles',
    feedBound: 'Feed-bound cycles',
    cycles: 'Cycles',
  },
};
