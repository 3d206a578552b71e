export { MipBuilder } from './builder.ts';
export { solveMip } from './solve.ts';
export { mipText } from './text.ts';
export type * from './types.ts';
