import type { Context } from '../context.ts';

/** Prepares a node: adds steps, and sets its outputs. @throws CannotRun */
export type Prepare = (context: Context) => void;
export type Operators = Record<string, Prepare>;
