import { error, type Problem } from '../../core/result.ts';
import type { GraphNode } from '../types.ts';

/** Says why a node cannot run: thrown where it is prepared, and made a problem that names it. `what`: "has ...". */
export class CannotRun extends Error {
  readonly remedy: string | undefined;

  constructor(what: string, remedy?: string) {
    super(what);
    this.remedy = remedy;
  }
}

export function cannotRun({ name, op, domain }: GraphNode, reason: CannotRun): Problem {
  const operator = domain === '' || domain === 'ai.onnx' ? op : `${domain}.${op}`;
  return error(
    'onnx.cannot-run',
    `The node "${name}" (${operator}) ${reason.message}.`,
    reason.remedy ?? 'Export the model without this operator, or as operators of the standard set.',
    { path: name },
  );
}
