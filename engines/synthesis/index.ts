import type { Engine } from '../core/job.ts';
import { layout } from './layout.ts';

export { schematicSpec } from './schematic.ts';
export { cellsAtLine, parseSrc } from './schematic-src.ts';
export type * from './schematic-types.ts';

export const engine: Engine = {
  id: 'synthesis',
  version: '1',
  entries: { schematic: layout },
};
