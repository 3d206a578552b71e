export { prepareRunner, type RunnerOptions } from './prepare.ts';
export type * from './types.ts';
