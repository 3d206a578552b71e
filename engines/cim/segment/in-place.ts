import { arrayBytes } from '../hardware.ts';
import { arraysOf, mayLieInPlace } from '../judge.ts';
import type { CimOperator, CimProblem, Segment } from '../types.ts';
import type { Plan } from './plans.ts';

/** Output arrays that a segment keeps, so that operators of the next one find their weights in them (rules.inPlace). */
export interface InPlace {
  /** Operators of the next segment whose weights lie in memory arrays. */
  placed: readonly number[];
  /** Memory arrays that a plan must have beside its own. */
  extra(plan: Plan): number;
  /** Output arrays of some operators, by place in the segment: so many at least, in all. */
  demands: readonly Demand[];
}

export interface Demand {
  places: readonly number[];
  arrays: number;
}

/** Sets of demands looked at for one segment: the last resort where its outputs are the weights of many, not exact. */
const MOST_VARIANTS = 16;

/** The choices of output arrays that a segment has; `undefined`: none are asked for. */
export function variantsOf(problem: CimProblem, chosen: readonly number[]): (InPlace | undefined)[] {
  if (!problem.rules.inPlace) return [undefined];
  const groups = new Map<string, { places: number[]; readers: CimOperator[] }>();
  for (const operator of problem.operators) {
    const { weightsFrom, index } = operator;
    if (!mayLieInPlace(operator) || chosen.includes(index)) continue;
    const places = weightsFrom.map((each) => chosen.indexOf(each.operator));
    if (places.includes(-1)) continue;
    const key = places.join(' ');
    const group = groups.get(key) ?? { places, readers: [] };
    group.readers.push(operator);
    groups.set(key, group);
  }
  const handed = handedOver(problem, chosen);
  let sets: { demands: Demand[]; placed: number[] }[] = [{ demands: [], placed: [] }];
  for (const { places, readers } of groups.values()) {
    const steps = [...new Set(readers.map(({ arrays }) => arrays))].sort((a, b) => a - b);
    sets = sets.flatMap((set) => [
      set,
      ...steps.map((arrays) => ({
        demands: [...set.demands, { places, arrays }],
        placed: [...set.placed, ...readers.filter((each) => each.arrays <= arrays).map(({ index }) => index)],
      })),
    ]);
  }
  return sets.slice(0, MOST_VARIANTS).map(({ demands, placed }) => {
    if (demands.length === 0) return undefined;
    const extra = ({ detail, memory }: Plan) =>
      detail ? arraysOf(withOutputs(detail, demands, handed)).memory - memory : 0;
    return { placed, demands, extra };
  });
}

/** Operators of a segment whose weights the segment before has left in its memory arrays. */
export function inPlaceOf({ rules }: CimProblem, chosen: readonly number[], before: InPlace | undefined): number[] {
  if (!rules.inPlace || !before) return [];
  return chosen.filter((each) => before.placed.includes(each));
}

/** The most arrays that two operators of a segment can share, by place (Eq. 6). */
export type HandedOver = readonly { from: number; to: number; most: number }[];

export function handedOver({ operators, rules, hardware }: CimProblem, chosen: readonly number[]): HandedOver {
  if (!rules.sharing) return [];
  return chosen.flatMap((reader, to) =>
    operators[reader]!.inputs.flatMap(({ operator, bytes }) => {
      const from = chosen.indexOf(operator);
      return from < 0 ? [] : [{ from, to, most: Math.floor(bytes / arrayBytes(hardware)) }];
    }),
  );
}

/**
 * A segment with at least the output arrays asked for: input arrays become output arrays first, then such are shared as stand
 * alone as a reader's input arrays, then arrays are added.
 */
export function withOutputs(segment: Segment, demands: readonly Demand[], handed: HandedOver): Segment {
  const allocations = segment.allocations.map((each) => ({ ...each }));
  const shared = segment.shared.map((each) => ({ ...each }));
  const boundIn = (operator: number) => shared.reduce((sum, { to, arrays }) => sum + (to === operator ? arrays : 0), 0);
  for (const { places, arrays } of demands) {
    let short = arrays;
    for (const place of places) short -= allocations[place]!.memoryOut;
    for (const place of places) {
      if (short <= 0) break;
      const own = allocations[place]!;
      const moved = Math.min(short, own.memoryIn - boundIn(own.operator));
      own.memoryIn -= moved;
      own.memoryOut += moved;
      short -= moved;
    }
    for (const { from, to, most } of handed) {
      if (short <= 0) break;
      if (!places.includes(from)) continue;
      const [own, reader] = [allocations[from]!, allocations[to]!];
      const known = shared.find((each) => each.from === own.operator && each.to === reader.operator);
      const more = Math.min(short, most - (known?.arrays ?? 0), reader.memoryIn - boundIn(reader.operator));
      if (more <= 0) continue;
      own.memoryOut += more;
      short -= more;
      if (known) known.arrays += more;
      else shared.push({ from: own.operator, to: reader.operator, arrays: more });
    }
    if (short > 0) allocations[places[0]!]!.memoryOut += short;
  }
  return { ...segment, allocations, shared };
}
