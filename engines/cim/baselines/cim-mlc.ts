import { computeWork } from '../judge.ts';
import type { CimOperator, CimProblem } from '../types.ts';

/**
 * Copies of each operator's weights as CIM-MLC deals them out: a dynamic program over layers and spare arrays that
 * minimises the sum of the operators' times, whole copies only, each number of copies a divisor of the vectors; then walking
 * forward no operator has more copies than the one before it, nor than the first one's over the strides between them
 * (arXiv 2401.12428 and its released source, from which this is re-implemented). Divisors are of the vectors, since the
 * width of the output alone is not kept here.
 */
export function duplicate(problem: CimProblem, chosen: readonly number[]): number[] {
  const { hardware } = problem;
  const operators = chosen.map((index) => problem.operators[index]!);
  const spare = hardware.arrays - operators.reduce((sum, { arrays }) => sum + arrays, 0);
  // best[r]: least sum of the times of the operators so far with r spare arrays; back[i][r]: copies of operator i in it.
  let best = new Array<number>(spare + 1).fill(0);
  const back: number[][] = [];
  for (const operator of operators) {
    const time = computeWork(operator, hardware) / operator.arrays;
    const next = new Array<number>(spare + 1).fill(Number.POSITIVE_INFINITY);
    const chosenCopies = new Array<number>(spare + 1).fill(1);
    for (let left = 0; left <= spare; left++) {
      for (let copies = 1; (copies - 1) * operator.arrays <= left; copies++) {
        if (operator.vectors % copies !== 0) continue;
        const sum = best[left - (copies - 1) * operator.arrays]! + time / copies;
        if (sum >= next[left]!) continue;
        next[left] = sum;
        chosenCopies[left] = copies;
      }
    }
    best = next;
    back.push(chosenCopies);
  }
  const copies: number[] = [];
  let left = spare;
  for (let at = operators.length - 1; at >= 0; at--) {
    const own = back[at]![left]!;
    copies.unshift(own);
    left -= (own - 1) * operators[at]!.arrays;
  }
  return balance(operators, copies);
}

/** Later layers of a pipeline need no more copies than what reaches them keeps busy. */
function balance(operators: readonly CimOperator[], copies: readonly number[]): number[] {
  const [first] = operators;
  const balanced: number[] = [];
  for (const [at, operator] of operators.entries()) {
    if (!first || at === 0) {
      balanced.push(copies[at]!);
      continue;
    }
    // A convolution’s vectors shrink with the square of the strides before it.
    const strides = Math.max(1, Math.sqrt(first.vectors / operator.vectors));
    const most = Math.min(Math.floor(balanced[0]! / strides), balanced[at - 1]!);
    balanced.push(Math.max(1, Math.min(copies[at]!, most)));
  }
  return balanced;
}
