import { useMemo } from 'react';
import type { Problem } from '../../../../engines/core/result.ts';
import type { VerilogCheckReport } from '../../../../engines/verilog/types.ts';
import { unique } from '../../../jobs/problems.ts';
import { type PpaState, SDC_FILE, usePpa } from '../ppa/state.ts';
import { useSim } from '../simulate/state.ts';
import { useRtl } from '../state.ts';

/**
 * What is wrong with the design: what Yosys says, what the simulator's front end says of the same text (where Yosys has not named that line
 * already), and what came of the last run of the bench and of the analysis.
 */
export function useAllProblems(): readonly Problem[] {
  const synthesis = useRtl((state) => state.problems);
  const check = useSim((state) => state.check);
  const run = useSim((state) => (state.stale ? NONE : state.problems));
  const analysis = usePpa(analysisProblems);
  return useMemo(() => gather(synthesis, check, [...run, ...analysis]), [synthesis, check, run, analysis]);
}

/** The same, of this moment, as far as they are in files of the design. */
export function allProblems(): readonly Problem[] {
  const { check, stale, problems } = useSim.getState();
  const analysis = analysisProblems(usePpa.getState()).filter(({ where }) => where?.file !== SDC_FILE);
  return gather(useRtl.getState().problems, check, [...(stale ? NONE : problems), ...analysis]);
}

function analysisProblems({ problems, result, stale }: PpaState): readonly Problem[] {
  if (problems.length > 0) return problems;
  return (stale ? undefined : result?.report.problems) ?? NONE;
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
