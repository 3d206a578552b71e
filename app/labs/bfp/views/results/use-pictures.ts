import { useCallback, useEffect, useRef, useState } from 'react';
import type { Picture, SamplesSpec } from '../../../../../engines/bfp/try-entries.ts';
import type { Problem } from '../../../../../engines/core/result.ts';
import { useJob } from '../../../../jobs/index.ts';

export interface Pictures {
  of: ReadonlyMap<number, Picture>;
  problems: readonly Problem[];
  /** Asks for some samples; those that are there already are not fetched again. */
  want(samples: readonly number[]): void;
}

/** Pictures of samples of one set, fetched a page at a time as they come into sight. For another set, build it anew. */
export function usePictures(set: Omit<SamplesSpec, 'samples'>): Pictures {
  const { run, state, result, problems = [] } = useJob<SamplesSpec, (Picture | undefined)[]>('bfp/samples');
  const [pictures, setPictures] = useState<ReadonlyMap<number, Picture>>(new Map());
  const [asks, setAsks] = useState(0);
  const waiting = useRef<(readonly number[])[]>([]);
  const asked = useRef<readonly number[]>(undefined);
  const known = useRef(new Set<number>());

  const want = useCallback((samples: readonly number[]) => {
    const fresh = samples.filter((sample) => !known.current.has(sample));
    if (fresh.length === 0) return;
    for (const sample of fresh) known.current.add(sample);
    waiting.current.push(fresh);
    setAsks((count) => count + 1);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a page asked for wakes it.
  useEffect(() => {
    if (state === 'running') return;
    const page = asked.current;
    asked.current = undefined;
    if (page && state === 'done' && result) {
      setPictures((was) => {
        const all = new Map(was);
        for (const [index, sample] of page.entries()) {
          const picture = result[index];
          if (picture) all.set(sample, picture);
        }
        return all;
      });
    }
    const next = waiting.current.shift();
    if (!next) return;
    asked.current = next;
    run({ ...set, samples: [...next] }, { flush: false });
  }, [state, result, asks, run]);

  return { of: pictures, problems: state === 'failed' ? problems : [], want };
}
