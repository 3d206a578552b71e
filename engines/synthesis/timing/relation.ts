import type { Clock, Constraints } from './types.ts';

/** Femtoseconds in a ns: edges of clocks are compared as whole numbers of them. */
const FS = 1e6;
/** Clocks that meet less often than once in this many periods of the shorter one count as unrelated in their periods. */
export const FARTHEST_PERIODS = 1000;

/**
 * How the edges of two clocks lie to each other over their common period. `setupNs`: from a launching edge to the next capturing edge,
 * the least there is (more than 0). `holdNs`: to the last capturing edge at or before, the least distance (0 or less).
 */
export interface Relation {
  setupNs: number;
  holdNs: number;
  /** The periods have no common multiple within reach. */
  incommensurate: boolean;
}

export function edgeTime(clock: Clock, edge: number): number {
  return clock.waveformNs[edge] ?? 0;
}

/** Differences between edges are all the multiples of the periods' greatest common divisor, beside the first difference. */
export function relation(launch: Clock, launchEdge: number, capture: Clock, captureEdge: number): Relation {
  const a = Math.round(launch.periodNs * FS);
  const b = Math.round(capture.periodNs * FS);
  const step = greatestDivisor(a, b);
  const apart = Math.round((edgeTime(capture, captureEdge) - edgeTime(launch, launchEdge)) * FS);
  let setup = ((apart % step) + step) % step;
  if (setup === 0) setup = step;
  const incommensurate = Math.max(a, b) / step > FARTHEST_PERIODS;
  return { setupNs: setup / FS, holdNs: (setup - step) / FS, incommensurate };
}

/** The first launching edge, from time 0 on, that a capturing edge follows by `apart`: times of both. */
export function edgesOf(
  launch: Clock,
  launchEdge: number,
  capture: Clock,
  captureEdge: number,
  apartNs: number,
): { launchNs: number; captureNs: number } {
  const start = edgeTime(launch, launchEdge);
  const target = edgeTime(capture, captureEdge);
  const period = Math.round(capture.periodNs * FS);
  for (let n = 0; n <= FARTHEST_PERIODS; n++) {
    const launchNs = start + n * launch.periodNs;
    const from = Math.round((launchNs + apartNs - target) * FS);
    if (from >= 0 && from % period === 0) return { launchNs, captureNs: launchNs + apartNs };
  }
  return { launchNs: start, captureNs: start + apartNs };
}

function greatestDivisor(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y > 0) [x, y] = [y, x % y];
  return x === 0 ? 1 : x;
}

/** 1 at launch * clocks + capture for clocks of different groups. */
export function cutPairs({ clocks, clockGroups }: Constraints): Uint8Array {
  const n = clocks.length;
  const cut = new Uint8Array(n * n);
  for (const { groups } of clockGroups) {
    const groupOf = clocks.map(({ name }) => groups.findIndex((group) => group.includes(name)));
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        const [x, y] = [groupOf[a] as number, groupOf[b] as number];
        // One group alone is apart from all other clocks.
        if (x !== y && (groups.length === 1 || (x >= 0 && y >= 0))) cut[a * n + b] = 1;
      }
    }
  }
  return cut;
}
