import { useEffect } from 'react';
import type { MovementReport, MovementSpec } from '../../../../../engines/bfp/movement/movement.ts';
import { useJob } from '../../../../jobs/index.ts';

/** What the layers of a spec move at best, computed anew when the spec is another; nothing is asked for undefined. */
export function useMovement(spec: MovementSpec | undefined) {
  const { run, cancel, ...state } = useJob<MovementSpec, MovementReport>('bfp/movement');
  const key = spec && JSON.stringify(spec);
  useEffect(() => {
    if (key === undefined) cancel();
    else run(JSON.parse(key) as MovementSpec, { flush: false });
  }, [key, run, cancel]);
  return state;
}
