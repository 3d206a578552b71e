import { useEffect } from 'react';
import { type ShownProgram, usePim } from '../state.ts';

/** The program of the result on the screen, asked for while the caller is on the screen; undefined until it is there. */
export function useProgram(wanted = true): ShownProgram | undefined {
  useEffect(() => {
    if (!wanted) return;
    usePim.setState(({ programWanted }) => ({ programWanted: programWanted + 1 }));
    return () => usePim.setState(({ programWanted }) => ({ programWanted: Math.max(0, programWanted - 1) }));
  }, [wanted]);
  return usePim((state) => state.program);
}
