/** Variables that combinational logic does not assign on every path: they keep their value, which takes a latch. */
import type { Problem } from '../../core/result.ts';
import type * as ir from '../ir/types.ts';
import { combinationalOf } from './combinational.ts';
import { assignedOf } from './paths.ts';
import type { Usage } from './usage.ts';

export function inferredLatches(design: ir.Design, usage: Usage, promised?: (at: ir.At) => boolean): Problem[] {
  const problems: Problem[] = [];
  design.processes.forEach((process, index) => {
    const logic = combinationalOf(process);
    if (logic?.starts !== 'all') return;
    const { always, ever, uncertain, cause, where } = assignedOf(logic.body, design, promised);
    for (const [id, bits] of ever) {
      const signal = design.signals[id]!;
      if (uncertain.has(id) || signal.automatic || signal.hidden || signal.kind !== 'variable') continue;
      if (signal.type.kind !== 'vector' || (always.get(id) ?? 0n) === bits) continue;
      // A help variable of this process alone is no memory that anyone sees.
      if (!usage.readElsewhere(id, index)) continue;
      const reason = cause.get(id);
      if (!reason) continue;
      const choice =
        reason.kind === 'if'
          ? `the 'if' in line ${reason.at.line} has a way past it`
          : `the 'case' in line ${reason.at.line} has values for which nothing is assigned`;
      problems.push({
        code: 'inferred-latch',
        severity: 'warning',
        what: `'${signal.name}' is not assigned on every path of this always block (${choice}), so it keeps its value: a latch.`,
        where: where.get(id) ?? process.at,
        remedy: `Give '${signal.name}' a value at the start of the block, or in every branch; write always_latch where a latch is meant.`,
      });
    }
  });
  return problems;
}
