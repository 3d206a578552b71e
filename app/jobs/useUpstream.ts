import { useEffect, useMemo } from 'react';
import type { EntryName } from '../../engines/core/job.ts';
import type { Artefact, Report } from '../../engines/core/report.ts';
import { error, type Problem } from '../../engines/core/result.ts';
import { isFlowLink } from '../../engines/document/flow.ts';
import { useDesign } from '../design/index.ts';
import { useJob } from './useJob.ts';

export interface UpstreamOptions {
  /** The input of a slice: a link (`{"from": "bfp"}`), or a value of its own. */
  value: unknown;
  /** The kind of artefact that the input takes. */
  kind: string;
  /** Where the input stands in the document: `slices.pim.bits`. */
  path: string;
}

export interface Upstream<D> {
  /** The slice that the input is taken from; undefined: it has a value of its own. */
  from?: string;
  state: 'none' | 'running' | 'ready' | 'failed';
  artefact?: Artefact<string, D>;
  progress?: { fraction: number; what: string };
  problems: readonly Problem[];
  /** Runs what is taken from once more, after it failed or was stopped. */
  again(): void;
}

const NONE: readonly Problem[] = [];

/**
 * What a lab takes from another slice of its design: that slice is run as it stands (a result that is kept costs nothing),
 * and its artefact handed over. A link to nothing, a run that fails, and a result without the artefact are problems at the
 * input.
 */
export function useUpstream<D>({ value, kind, path }: UpstreamOptions): Upstream<D> {
  const from = isFlowLink(value) ? value.from : undefined;
  const slice = useDesign((state) => (from === undefined ? undefined : state.design?.document.slices[from]));
  const seed = useDesign((state) => state.design?.document.seed);
  const task = (slice as { task?: unknown } | undefined)?.task;
  const entry: EntryName = `${from ?? 'none'}/${typeof task === 'string' ? task : 'run'}`;
  const job = useJob<unknown, Report>(entry);
  const { run, cancel } = job;
  useEffect(() => {
    if (slice === undefined) cancel();
    else run(slice, { flush: false, seed });
  }, [slice, seed, run, cancel]);
  const { state, result, fresh, progress, problems } = job;
  return useMemo((): Upstream<D> => {
    const again = () => slice !== undefined && run(slice, { seed });
    if (from === undefined) return { state: 'none', problems: NONE, again };
    const failed = (code: string, what: string, remedy: string, others: readonly Problem[] = []): Upstream<D> => ({
      from,
      state: 'failed',
      problems: [error(code, what, remedy, { path }), ...others],
      again,
    });
    const takes = `${path} takes its ${kind} from “${from}”`;
    if (slice === undefined) {
      return failed('upstream-missing', `${takes}, which this design does not have.`, 'Give a value here.');
    }
    if (state === 'failed') {
      const what = `${takes}, which failed: ${problems?.[0]?.what ?? ''}`;
      return failed('upstream-failed', what, `Mend “${from}”, or give a value here.`, problems);
    }
    if (state === 'cancelled') {
      return failed('upstream-stale', `${takes}, which was stopped.`, 'Run again.');
    }
    if (state !== 'done' || !fresh) return { from, state: 'running', progress, problems: NONE, again };
    const artefact = result?.artefacts.find((each) => each.kind === kind) as Artefact<string, D> | undefined;
    if (artefact) return { from, state: 'ready', artefact, problems: NONE, again };
    return failed('upstream-lacks', `${takes}, whose result has none.`, 'Give a value here.');
  }, [from, slice, seed, state, result, fresh, progress, problems, kind, path, run]);
}
