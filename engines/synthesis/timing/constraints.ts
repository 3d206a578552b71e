import type { Clock, Constraints, MinMaxEdges } from './types.ts';

/** The same for all edges, early and late. */
export function everywhere(value: number): MinMaxEdges {
  return { minRise: value, minFall: value, maxRise: value, maxFall: value };
}

/** Constraints that say nothing: all paths are unconstrained. */
export function noConstraints(): Constraints {
  return {
    clocks: [],
    clockGroups: [],
    interClockUncertaintyNs: [],
    inputDelays: [],
    outputDelays: [],
    inputTransitionNs: {},
    drivingCells: {},
    loadsPf: {},
    exceptions: [],
    caseValues: {},
  };
}

/** An ideal clock that rises at 0 and falls at half its period, at an input port of the same name unless `sources` say other. */
export function idealClock(name: string, periodNs: number, more: Partial<Clock> = {}): Clock {
  return {
    name,
    periodNs,
    waveformNs: [0, periodNs / 2],
    sources: [{ kind: 'port', name }],
    sourceLatencyNs: everywhere(0),
    networkLatencyNs: everywhere(0),
    transitionNs: everywhere(0),
    uncertaintyNs: { setup: 0, hold: 0 },
    propagated: false,
    ...more,
  };
}
