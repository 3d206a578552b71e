export { prepareRunner } from './prepare.ts';
export type * from './types.ts';
