import { useMemo } from 'react';
import type { Problem } from '../../../../engines/core/result.ts';
import type { VerilogCheckReport } from '../../../../engines/verilog/types.ts';
import { unique } from '../../../jobs/problems.ts';
import { useSim } from '../simulate/state.ts';
import { useRtl } from '../state.ts';

/**
 * What is wrong with the design: what Yosys says, what the simulator's front end says of the same text (where Yosys has not named that line
 * already), and what came of the last run.
 */
export function useAllProblems(): readonly Problem[] {
  const synthesis = useRtl((state) => state.problems);
  const check = useSim((state) => state.check);
  const run = useSim((state) => (state.stale ? NONE : state.problems));
  return useMemo(() => gather(synthesis, check, run), [synthesis, check, run]);
}

/** The same, of this moment. */
export function allProblems(): readonly Problem[] {
  const { check, stale, problems } = useSim.getState();
  return gather(useRtl.getState().problems, check, stale ? NONE : problems);
}

function gather(
  synthesis: readonly Problem[],
  check: VerilogCheckReport | undefined,
  run: readonly Problem[],
): readonly Problem[] {
  const said = new Set(synthesis.map(lineOf));
  const found = [...(check?.problems ?? []), ...run].filter(
    (problem) => problem.where?.file === undefined || !said.has(lineOf(problem)),
  );
  return unique([...synthesis, ...found]);
}

const NONE: readonly Problem[] = [];

function lineOf({ where }: Problem): string {
  return `${where?.file}:${where?.line}`;
}
