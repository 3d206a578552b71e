import type { Engine } from '../core/job.ts';
import { layout } from './layout.ts';

export type * from './schematic-types.ts';
export type { SourceSpan } from './src.ts';

export const engine: Engine = {
  id: 'synthesis',
  version: '1',
  entries: { schematic: layout },
};
