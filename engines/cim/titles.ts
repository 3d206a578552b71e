import type { PlanId } from './types.ts';

/** Names of plans, as screens and exports show them. Methods of others are re-implemented here, and named so everywhere. */
export const PLAN_TITLES: Record<PlanId, string> = {
  improved: 'Improved',
  published: 'As published',
  'by-hand': 'By hand',
  'compute-only': 'Compute only',
  'cim-mlc-like': 'CIM-MLC-like (re-implementation)',
  'occ-like': 'OCC-like (re-implementation)',
  'puma-like': 'PUMA-like (re-implementation)',
};
