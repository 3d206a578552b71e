import type { CimProblem, Segment } from '../types.ts';

/**
 * Operators of a section in the order of the network, put into a segment as long as the chip has arrays for their weights
 * once: how compilers without a search cut a network. A product of computed tensors starts a segment where the rules want
 * its operand complete.
 */
export function greedySegments({ operators, hardware, rules, sections }: CimProblem, section: number): number[][] {
  const { first, count } = sections[section]!;
  const segments: number[][] = [];
  let current: number[] = [];
  let arrays = 0;
  for (const operator of operators.slice(first, first + count)) {
    const waits = !rules.dynamicInSegment && operator.weightsFrom.some((each) => current.includes(each.operator));
    if (current.length > 0 && (waits || arrays + operator.arrays > hardware.arrays)) {
      segments.push(current);
      current = [];
      arrays = 0;
    }
    current.push(operator.index);
    arrays += operator.arrays;
  }
  if (current.length > 0) segments.push(current);
  return segments;
}

/** A segment whose operators have whole copies of their weights, and no memory arrays. */
export function withCopies({ operators }: CimProblem, chosen: readonly number[], copies: readonly number[]): Segment {
  return {
    operators: [...chosen],
    allocations: chosen.map((index, at) => ({
      operator: index,
      compute: operators[index]!.arrays * copies[at]!,
      memoryIn: 0,
      memoryOut: 0,
    })),
    shared: [],
  };
}
