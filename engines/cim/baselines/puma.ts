import { computeWork } from '../judge.ts';
import type { CimProblem } from '../types.ts';

/**
 * Copies as PUMA's compiler is described to give them: the next whole copy to whichever operator of the pipeline is slowest,
 * while the chip has arrays for it (re-implemented from its description).
 */
export function balancePipeline(problem: CimProblem, chosen: readonly number[]): number[] {
  const { hardware } = problem;
  const operators = chosen.map((index) => problem.operators[index]!);
  const copies = operators.map(() => 1);
  let spare = hardware.arrays - operators.reduce((sum, { arrays }) => sum + arrays, 0);
  for (;;) {
    let slowest = 0;
    const time = (at: number) => computeWork(operators[at]!, hardware) / (operators[at]!.arrays * copies[at]!);
    for (let at = 1; at < operators.length; at++) if (time(at) > time(slowest)) slowest = at;
    const { arrays, vectors } = operators[slowest]!;
    if (arrays > spare || copies[slowest]! >= vectors) return copies;
    copies[slowest]! += 1;
    spare -= arrays;
  }
}
