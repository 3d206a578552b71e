import { error, type Problem } from '../../core/result.ts';
import { arrayBytes } from '../hardware.ts';
import { arraysOf } from '../judge.ts';
import type { CimProblem, Segment } from '../types.ts';

/**
 * Whether a segment is legal: its operators and the order of the pipeline, arrays enough for all weights, shared arrays (Eq. 5
 * to 7), the arrays of the chip (Eq. 8), and the rule on computed operands. For segments from elsewhere: made by hand, or
 * read from a program. Says all that is wrong; empty where nothing is. `path`: where in the design the segment comes from.
 */
export function checkSegment(problem: CimProblem, segment: Segment, path?: string): Problem[] {
  const where = path === undefined ? undefined : { path };
  const found: Problem[] = [];
  const say = (code: string, what: string, remedy: string) =>
    found.push(error(`cim.segment.${code}`, what, remedy, where));
  const position = new Map<number, number>();
  for (const [at, operator] of segment.operators.entries()) {
    if (!problem.operators[operator]) {
      say(
        'operator',
        `There is no operator number ${operator}.`,
        `Operators are numbered from 0 to ${problem.operators.length - 1}.`,
      );
    } else if (position.has(operator)) {
      say('operator', `"${nameOf(problem, operator)}" stands twice in one segment.`, 'Name every operator once.');
    }
    position.set(operator, at);
  }
  if (segment.operators.length === 0)
    say('empty', 'A segment has no operator.', 'Give it one, or leave the segment out.');
  // The rest speaks of operators by name.
  if (found.length > 0) return found;
  checkPipeline(problem, position, say);
  if (checkAllocations(problem, segment, position, say)) {
    checkShared(problem, segment, say);
    const { compute, memory } = arraysOf(segment);
    const { arrays } = problem.hardware;
    if (compute + memory > arrays) {
      const what = `The segment takes ${compute} arrays in compute and ${memory} in memory mode, and the chip has ${arrays}.`;
      say('arrays', what, `Take ${compute + memory - arrays} away, or move operators to another segment.`);
    }
  }
  return found;
}

type Say = (code: string, what: string, remedy: string) => void;

function nameOf({ operators }: CimProblem, operator: number): string {
  return operators[operator]?.name ?? `operator ${operator}`;
}

/** Producers before their readers; no operator in one segment with what computes its weights. */
function checkPipeline(problem: CimProblem, position: ReadonlyMap<number, number>, say: Say): void {
  for (const [operator, at] of position) {
    const { name, inputs, weightsFrom } = problem.operators[operator]!;
    for (const { operator: from } of inputs) {
      const before = position.get(from);
      if (before === undefined || before < at) continue;
      const what = `"${name}" reads "${nameOf(problem, from)}", which comes after it in the segment.`;
      say('order', what, 'Put what is read first.');
    }
    for (const { operator: from } of weightsFrom) {
      const before = position.get(from);
      if (before === undefined) continue;
      if (!problem.rules.dynamicInSegment) {
        const what = `"${name}" has the output of "${nameOf(problem, from)}" as weights, and stands in the same segment.`;
        say('dynamic', what, 'Cut between the two, or let products of computed tensors stand with their operands.');
      } else if (before > at) {
        const what = `"${name}" has the output of "${nameOf(problem, from)}" as weights, which comes after it in the segment.`;
        say('order', what, 'Put what is read first.');
      }
    }
  }
}

/** One allocation for each operator, of whole numbers, with arrays for all its weights. False: the counts mean nothing. */
function checkAllocations(
  problem: CimProblem,
  { allocations }: Segment,
  position: ReadonlyMap<number, number>,
  say: Say,
): boolean {
  let sound = true;
  const allocated = new Set<number>();
  for (const { operator, compute, memoryIn, memoryOut } of allocations) {
    const name = nameOf(problem, operator);
    if (!position.has(operator) || allocated.has(operator)) {
      const what = position.has(operator)
        ? `"${name}" is given arrays twice.`
        : `"${name}" is given arrays, and is not in the segment.`;
      say('allocation', what, 'Give every operator of the segment its arrays once.');
      sound = false;
      continue;
    }
    allocated.add(operator);
    if (![compute, memoryIn, memoryOut].every((count) => Number.isInteger(count) && count >= 0)) {
      say('allocation', `The arrays of "${name}" are not whole numbers of at least 0.`, 'Give it whole arrays.');
      sound = false;
      continue;
    }
    const { arrays } = problem.operators[operator]!;
    if (compute >= arrays) continue;
    const what = `The weights of "${name}" take ${arrays} arrays, and it has ${compute} in compute mode.`;
    say('weights', what, `Give it ${arrays - compute} more.`);
  }
  for (const operator of position.keys()) {
    if (allocated.has(operator)) continue;
    say(
      'allocation',
      `"${nameOf(problem, operator)}" is given no arrays.`,
      'Give every operator of the segment its arrays.',
    );
    sound = false;
  }
  return sound;
}

/** Eq. 5 to 7: only what one operator hands to another is shared, no array by two pairs. */
function checkShared(problem: CimProblem, { allocations, shared }: Segment, say: Say): void {
  const left = new Map(allocations.map(({ operator, memoryIn, memoryOut }) => [operator, { memoryIn, memoryOut }]));
  const holds = arrayBytes(problem.hardware);
  const pairs = new Set<string>();
  for (const { from, to, arrays } of shared) {
    const names = `"${nameOf(problem, from)}" and "${nameOf(problem, to)}"`;
    const source = left.get(from);
    const sink = left.get(to);
    const bytes = (problem.operators[to]?.inputs ?? []).reduce(
      (sum, each) => sum + (each.operator === from ? each.bytes : 0),
      0,
    );
    if (!source || !sink || bytes === 0) {
      const what = `${names} share arrays, but the second does not read the first within the segment.`;
      say('shared', what, 'Share arrays only between an operator and one that reads it.');
      continue;
    }
    if (!problem.rules.sharing) {
      say(
        'shared',
        `${names} share arrays, and the rules of costs allow none.`,
        'Allow sharing, or give each its own.',
      );
      continue;
    }
    if (!Number.isInteger(arrays) || arrays < 1 || pairs.has(`${from} ${to}`)) {
      say('shared', `What ${names} share is not one whole number of at least 1.`, 'Name every pair once.');
      continue;
    }
    pairs.add(`${from} ${to}`);
    source.memoryOut -= arrays;
    sink.memoryIn -= arrays;
    const most = holds > 0 ? Math.floor(bytes / holds) : 0;
    if (arrays <= most) continue;
    const what = `${names} share ${arrays} arrays, and what the one hands to the other fills ${most}.`;
    say('shared', what, `Share at most ${most}.`);
  }
  for (const [operator, { memoryIn, memoryOut }] of left) {
    if (memoryOut < 0) {
      const what = `"${nameOf(problem, operator)}" shares more output arrays than it has, by ${-memoryOut}.`;
      say('shared', what, 'An array serves one operator as output and one as input.');
    }
    if (memoryIn < 0) {
      const what = `"${nameOf(problem, operator)}" shares more input arrays than it has, by ${-memoryIn}.`;
      say('shared', what, 'An array serves one operator as output and one as input.');
    }
  }
}
