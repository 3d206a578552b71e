import { useEffect, useRef, useState } from 'react';
import type { TensorReport, TensorSpec } from '../../../../../engines/bfp/tensor-entry.ts';
import type { Problem } from '../../../../../engines/core/result.ts';
import { useJob } from '../../../../jobs/index.ts';

export interface TensorLook {
  report?: TensorReport;
  problems: readonly Problem[];
  running: boolean;
  /** From asking to the answer after the last change of format, as it was here; undefined before the first change. */
  tookMs?: number;
}

/**
 * What the engine says of a spec, kept up with as it changes: one question at a time, and after its answer the newest one,
 * so that a slider that moves faster than the answers come never starves the screen.
 */
export function useTensor(spec: TensorSpec | undefined, seed: number): TensorLook {
  const { run, state, result, problems = [] } = useJob<TensorSpec, TensorReport>('bfp/tensor');
  const [tookMs, setTook] = useState<number>();
  const asked = useRef<{ key: string; format: TensorSpec['format']; at: number; timed: boolean }>(undefined);
  const key = spec && JSON.stringify([spec, seed]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says the spec and the seed.
  useEffect(() => {
    if (state === 'running') return;
    const before = asked.current;
    if (state === 'done' && before?.timed) {
      setTook(performance.now() - before.at);
      before.timed = false;
    }
    if (!spec || key === undefined || before?.key === key) return;
    // The first question reads the weights; only another format puts them into it again.
    const timed = before !== undefined && before.format !== spec.format;
    asked.current = { key, format: spec.format, at: performance.now(), timed };
    run(spec, { seed, flush: false, cached: false });
  }, [key, state, run]);
  return {
    report: result?.layer.name === spec?.layer ? result : undefined,
    problems: state === 'failed' ? problems : [],
    running: state === 'running',
    tookMs,
  };
}
