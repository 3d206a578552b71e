import type { CostKind } from './texts.ts';

/** Parts of a segment's time in the order in which they run, with the colours that they have in the whole lab. */
export const COSTS: readonly { id: CostKind; colour: string }[] = [
  { id: 'writeBackCycles', colour: 'c4' },
  { id: 'switchCycles', colour: 'c3' },
  { id: 'reloadCycles', colour: 'c7' },
  { id: 'computeCycles', colour: 'c1' },
];
