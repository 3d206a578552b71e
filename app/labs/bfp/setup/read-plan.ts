import type { BfpSlice } from '../../../../engines/bfp/types.ts';
import { parseFormat } from '../../../../engines/tensor/formats/index.ts';
import { texts } from '../texts.ts';

const OPERANDS = ['weights', 'inputs', 'outputs'] as const;

/** The plan in a file that the lab wrote (`engines/bfp/export/plan-file.ts`), or why there is none. */
export function readPlan(name: string, text: string): { plan: BfpSlice['plan'] } | { what: string } {
  let found: unknown;
  try {
    found = (JSON.parse(text) as { plan?: unknown } | null)?.plan;
  } catch {
    return { what: texts.files.noPlan(name) };
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return { what: texts.files.noPlan(name) };
  const plan: BfpSlice['plan'] = {};
  for (const [layer, formats] of Object.entries(found as Record<string, Record<string, unknown> | null>)) {
    plan[layer] = {};
    for (const operand of OPERANDS) {
      const format = formats?.[operand];
      if (format === undefined) continue;
      if (typeof format !== 'string' || !parseFormat(format).ok) return { what: texts.files.planFormat(name, layer) };
      plan[layer][operand] = format;
    }
  }
  return { plan };
}
