import { type Arrivals, TAINT } from './arrivals.ts';
import type { EdgeCheck } from './edge-arcs.ts';
import { type TimingGraph, vertexName } from './graph.ts';

/** Why an endpoint is not timed when it is behind a latch, a loop, or a cell that is not read. */
export function behind(graph: TimingGraph, { taint, taintBy }: Arrivals, v: number): string | undefined {
  const bits = taint[v] as number;
  if (bits === 0) return undefined;
  if (bits & TAINT.loop) return 'It is behind a combinational loop.';
  const name = vertexName(graph, taintBy[v] as number);
  return bits & TAINT.latch ? `It is behind the latch output ${name}.` : `It is behind ${name}, which is not timed.`;
}

/** The same of the clock pins of its checks. */
export function behindClock(
  graph: TimingGraph,
  arrivals: Arrivals,
  base: number,
  checks: readonly EdgeCheck[],
): string | undefined {
  for (const { clockPin } of checks) {
    const found = behind(graph, arrivals, base + clockPin);
    if (found !== undefined) return `Its clock pin cannot be timed. ${found.replace('It is', 'That is')}`;
  }
  return undefined;
}

export function whyNoArrival(graph: TimingGraph, v: number): string {
  const net = graph.netOf[v] as number;
  if (net < 0) return 'It is not connected.';
  const driven = (graph.driverStart[net + 1] as number) > (graph.driverStart[net] as number);
  return driven ? 'No path leads to it.' : 'Nothing drives it.';
}

/**
 * Why no path of an endpoint has a setup check.
 *
 * @param unclocked the clock pin that no clock reaches, if that is so
 */
export function whyUnchecked(
  graph: TimingGraph,
  { entryStart, entryCount, tagOf, tags }: Arrivals,
  v: number,
  unclocked: number | undefined,
): string {
  const first = entryStart[v] as number;
  const last = first + (entryCount[v] as number);
  if (first === last) return whyNoArrival(graph, v);
  if (unclocked !== undefined) return `No clock reaches ${vertexName(graph, unclocked)}.`;
  let launched = false;
  for (let e = first; e < last; e++) if ((tags.clock[tagOf[e] as number] as number) >= 0) launched = true;
  if (!launched) return 'Its paths begin at inputs without an input delay, or at registers that no clock reaches.';
  return 'All its paths are false paths, or between clocks of different groups, or are not checked for setup.';
}
