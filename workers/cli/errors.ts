import type { Problem } from '../../engines/core/result.ts';

/** The command was called wrongly: exit 2. */
export class Usage extends Error {}

/** The design, or what it names, is wrong: exit 1. */
export class Failure extends Error {
  readonly problems: Problem[];
  /** What the places of the problems are in. */
  readonly source: string | undefined;

  constructor(problems: Problem[], source?: string) {
    super(problems[0]?.what);
    this.problems = problems;
    this.source = source;
  }
}
