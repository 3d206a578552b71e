import type { RtlSlice } from '../../../engines/rtl/types.ts';
import { registerFlush } from '../../design/index.ts';
import { commitTexts, currentSlice } from './actions.ts';
import { Typing } from './editor/typing.ts';
import { sameSimulation, sameSpec, withPending } from './run/spec.ts';
import { useRtl } from './state.ts';

/** What is being typed in this lab: one burst at a time, whichever file. */
export const typing = new Typing(commitTexts);

let latest: RtlSlice | undefined;
let latestSimulation: RtlSlice | undefined;

/** The design as the editor shows it, typed text included. */
export function currentDesign(): RtlSlice {
  return withPending(currentSlice(), typing.get());
}

/** The same; one object until it asks for another synthesis. */
export function currentSpec(): RtlSlice {
  const next = currentDesign();
  if (!latest || !sameSpec(latest, next)) latest = next;
  return latest;
}

/** The same for a simulation. */
export function currentSimulation(): RtlSlice {
  const next = currentDesign();
  if (!latestSimulation || !sameSimulation(latestSimulation, next)) latestSimulation = next;
  return latestSimulation;
}

/** Connects the burst of typing with the design store while the lab is on the screen. */
export function startSession(): () => void {
  const stopFlush = registerFlush(typing.flush);
  const stopTyping = typing.subscribe(() => {
    const paths = typing.get();
    const { dirty } = useRtl.getState();
    if (paths.size === dirty.size && [...paths.keys()].every((path) => dirty.has(path))) return;
    useRtl.setState({ dirty: new Set(paths.keys()) });
  });
  return () => {
    typing.flush();
    stopFlush();
    stopTyping();
    latest = undefined;
    latestSimulation = undefined;
  };
}
