import { placeRoles } from '../../../../../engines/cim/place.ts';
import type { CimReport, CompiledPlan } from '../../../../../engines/cim/types.ts';
import { RoleMaps } from './role-maps.ts';

const known = new WeakMap<CompiledPlan, RoleMaps>();

/** The roles of a plan's segments on the arrays of the chip; kept as long as the plan is. */
export function roleMapsOf(report: CimReport, plan: CompiledPlan): RoleMaps {
  const found = known.get(plan);
  if (found) return found;
  const { hardware, rules } = report;
  const maps = new RoleMaps(rolesOf({ ...report.problem, hardware, rules }, plan));
  known.set(plan, maps);
  return maps;
}

function* rolesOf(problem: Parameters<typeof placeRoles>[0], plan: CompiledPlan) {
  for (const { arrays } of placeRoles(problem, plan.segments)) yield arrays;
}
