import { formatNumber } from '../../../../ui/format.ts';
import type { Role } from './role-maps.ts';

const count = (n: number, one: string, many = `${one}s`) => `${formatNumber(n)} ${n === 1 ? one : many}`;

/** Words of the view of the chip. */
export const texts = {
  title: 'Chip',
  about: 'Every array, by what it does while a segment runs',
  label: 'Arrays of the chip: arrow keys go from array to array, Page Up and Page Down from segment to segment',
  form: 'Show as',
  forms: { chip: 'Chip', table: 'Table' },
  by: 'Colour by',
  bys: { role: 'Role', operator: 'Operator' },
  placing: 'Placing the roles on arrays',

  previous: 'Segment before',
  next: 'Next segment',
  play: 'Run through the plan',
  pause: 'Pause',
  segment: 'Segment',
  exact: 'Number of the segment',
  speed: 'Speed',
  speedOf: (times: number) => `${times < 1 ? '1/2' : times}×`,
  playNote: 'Segments are on the screen as long as they take, in proportion, but none so short that it cannot be seen.',
  of: (at: number, of: number) => `${formatNumber(at)} of ${formatNumber(of)}`,
  ofAll: (of: number) => `of ${formatNumber(of)}`,

  roles: {
    compute: 'Compute',
    input: 'Input buffer',
    output: 'Output buffer',
    shared: 'Shared buffer',
    idle: 'Idle',
  } satisfies Record<Role, string>,
  switchedLegend: 'Changed its mode: M>C to compute, C>M to memory (small arrays: upper and lower corner)',
  idleLegend: 'An idle array keeps its mode.',

  caption: {
    title: 'This segment',
    operators: 'Operators',
    operator: 'Operator',
    inUse: (compute: number, memory: number, idle: number) =>
      `${count(compute, 'array')} compute, ${formatNumber(memory)} remember, ${formatNumber(idle)} idle`,
    switches: (toCompute: number, toMemory: number) =>
      toCompute + toMemory === 0
        ? 'No array changes its mode on the way in.'
        : `On the way in ${[
            toCompute > 0 && `${count(toCompute, 'array')} M>C`,
            toMemory > 0 && `${count(toMemory, 'array')} C>M`,
          ]
            .filter(Boolean)
            .join(' and ')}.`,
    times: (times: number) =>
      `Its block runs ${formatNumber(times)} times. Shown is the first; the way into later ones may differ.`,
    cycles: 'Cycles',
    switching: 'Switches',
    writeBack: 'Write-back',
    reload: 'Reload',
    computing: 'Compute',
    total: 'All',
    kept: (bytes: string) => `${bytes} stay in memory arrays on the way in.`,
    slowest: (name: string) => `The slowest operator, which sets the time: ${name}.`,
  },

  facts: {
    array: 'Array',
    arrayAt: (array: number, row: number, column: number) =>
      `${formatNumber(array)} (row ${formatNumber(row)}, column ${formatNumber(column)})`,
    mode: 'Mode',
    modes: { compute: 'compute', memory: 'memory' },
    role: 'Role',
    operator: 'Operator',
    holds: 'Holds',
    weights: (operator: string, part: number, parts: number, copy: number) =>
      `weights of ${operator}, part ${formatNumber(part)} of ${formatNumber(parts)}, copy ${formatNumber(copy)}`,
    dynamicWeights: (operator: string, part: number, parts: number, copy: number) =>
      `computed operand of ${operator}, part ${formatNumber(part)} of ${formatNumber(parts)}, copy ${formatNumber(copy)}`,
    input: (operator: string, at: number, of: number) =>
      `inputs of ${operator}, array ${formatNumber(at)} of ${formatNumber(of)}`,
    output: (operator: string, at: number, of: number) =>
      `outputs of ${operator}, array ${formatNumber(at)} of ${formatNumber(of)}`,
    shared: (from: string, to: string, at: number, of: number) =>
      `outputs of ${from}, which are inputs of ${to}, array ${formatNumber(at)} of ${formatNumber(of)}`,
    nothing: 'nothing that this segment uses',
    kept: 'Kept',
    keptFrom: (operator: string) => `stood with outputs of ${operator} in the segment before; they can stay`,
    switched: 'Switched',
    never: 'not yet: every array begins in compute mode',
    here: (arrow: string) => `${arrow}, on the way into this segment`,
    earlier: (arrow: string, segment: number) => `${arrow}, on the way into segment ${formatNumber(segment)}`,
  },

  strip: {
    label: 'Segments of the plan',
    title: 'Arrays over the segments',
    byTime: 'Width by time',
    say: (segment: number, of: number, compute: number, memory: number, idle: number) =>
      `Segment ${formatNumber(segment)} of ${formatNumber(of)}: ${formatNumber(compute)} compute, ${formatNumber(memory)} memory, ${formatNumber(idle)} idle`,
    compute: 'compute',
    memory: 'memory',
    idle: 'idle',
  },

  table: {
    caption: 'Arrays of the chip in this segment',
    array: 'Array',
    row: 'Row',
    column: 'Column',
    mode: 'Mode',
    role: 'Role',
    operator: 'Operator',
    feeds: 'Feeds',
    switched: 'Switched here',
    last: 'Last switched in segment',
  },
};
