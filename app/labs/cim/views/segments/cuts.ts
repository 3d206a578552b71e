import type { CimOperator, Section } from '../../../../../engines/cim/types.ts';

/**
 * A way to cut a row of operators into segments: for each segment the place after its last operator, ascending; the last
 * is the number of operators. A place is a boundary between two operators: place 3 lies after the third.
 */
export type Ends = readonly number[];

/** Where the segments of a plan end, in its own order. */
export function endsOf(segments: readonly { operators: readonly number[] }[]): number[] {
  let at = 0;
  return segments.map(({ operators }) => {
    at += operators.length;
    return at;
  });
}

/** The order in which a plan runs the operators. */
export function orderOf(segments: readonly { operators: readonly number[] }[]): number[] {
  return segments.flatMap(({ operators }) => operators);
}

/** Whether operators run in the order of the network: only there can cuts by hand be named. */
export function inNetworkOrder(order: readonly number[]): boolean {
  return order.every((operator, place) => operator === place);
}

/** Borders of sections: segments always end there. */
export function fixedEnds(sections: readonly Section[]): number[] {
  return sections.map(({ first, count }) => first + count);
}

/** Cuts as a design names them. Names that no operator has are told, not guessed at. */
export function endsOfNames(
  operators: readonly CimOperator[],
  sections: readonly Section[],
  names: readonly string[],
): { ends: number[]; unknown: string[] } {
  const places = new Map(operators.map(({ name, index }) => [name, index + 1]));
  const ends = new Set(fixedEnds(sections));
  const unknown: string[] = [];
  for (const name of names) {
    const place = places.get(name);
    if (place === undefined) unknown.push(name);
    else ends.add(place);
  }
  return { ends: [...ends].sort((a, b) => a - b), unknown };
}

/** As a design names cuts: without those at borders of sections, which are there anyway. */
export function namesOfEnds(operators: readonly CimOperator[], sections: readonly Section[], ends: Ends): string[] {
  const fixed = new Set(fixedEnds(sections));
  return ends.filter((place) => !fixed.has(place)).map((place) => operators[place - 1]!.name);
}

/** How far the boundary at `place` can go: not over the border of a section, nor onto it. */
export function reachOf(sections: readonly Section[], place: number): { low: number; high: number } {
  for (const { first, count } of sections) {
    if (place > first && place < first + count) return { low: first + 1, high: first + count - 1 };
  }
  return { low: place, high: place };
}

/** Moves the boundary at place `from` to `to`. Boundaries that it passes or meets are joined into it. */
export function moveEnd(ends: Ends, from: number, to: number): number[] {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  return [...ends.filter((place) => place < low || place > high), to].sort((a, b) => a - b);
}

/** Takes a boundary away: the segments on both sides become one. */
export function joinAt(ends: Ends, place: number): number[] {
  return ends.filter((each) => each !== place);
}

/** Puts a boundary at a place; the same cuts where there is one. */
export function splitAt(ends: Ends, place: number): number[] {
  return ends.includes(place) ? [...ends] : [...ends, place].sort((a, b) => a - b);
}

/** The segment that holds the operator at a position of the row. */
export function segmentAt(ends: Ends, position: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where the segment begins and ends: [first, end). */
export function rangeOf(ends: Ends, segment: number): [number, number] {
  return [segment === 0 ? 0 : ends[segment - 1]!, ends[segment]!];
}

export function sameEnds(a: Ends, b: Ends): boolean {
  return a.length === b.length && a.every((place, at) => place === b[at]);
}
