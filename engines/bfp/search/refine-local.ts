import { efficientChoices, type LayerTable, tabulate } from './table.ts';
import type { Assignment, PlanSpace } from './types.ts';

/** Steps along an operand's choices, by bits, at which differences are measured; the last is how far a move goes. */
export type Reach = readonly number[];

/** An operand that may move, and where to. */
export interface LocalOperand {
  /** In assignments. */
  place: number;
  layer: number;
  kind: 'weights' | 'inputs';
  /** Places in the layer's list within reach, the present one among them, by rising bits. */
  choices: number[];
  /** Those whose difference is measured. */
  probed: number[];
}

/** Operands with a choice, and the choices within reach of a plan's: finer steps than a search over all widths can take. */
export function localOperands({ layers }: PlanSpace, plan: Assignment, reach: Reach): LocalOperand[] {
  return layers.flatMap((layer, at) =>
    (['weights', 'inputs'] as const).flatMap((kind, k): LocalOperand[] => {
      const list = layer[kind];
      const place = 2 * at + k;
      const own = plan[place]!;
      if (list.length < 2) return [];
      const bits = (it: number) => list[it]!.bitsPerValue;
      const others = efficientChoices(list, Number.POSITIVE_INFINITY).filter((it) => bits(it) !== bits(own));
      const narrower = others.filter((it) => bits(it) < bits(own)).reverse();
      const wider = others.filter((it) => bits(it) > bits(own));
      const far = reach.at(-1)!;
      const choices = [...narrower.slice(0, far).reverse(), own, ...wider.slice(0, far)];
      // Where the list ends sooner, its end is the last step.
      const steps = (side: readonly number[]) => reach.map((step) => side[Math.min(step, side.length) - 1]);
      const probed = [...steps(narrower), ...steps(wider)].filter((it) => it !== undefined);
      return [{ place, layer: at, kind, choices, probed: [...new Set(probed)] }];
    }),
  );
}

/** What the choices within reach cost; what they lose is not filled in. */
export async function localTables(
  space: PlanSpace,
  operands: readonly LocalOperand[],
  plan: Assignment,
  signal: AbortSignal,
): Promise<LayerTable[]> {
  const byPlace = new Map(operands.map((operand) => [operand.place, operand]));
  const placesOf = (place: number) => byPlace.get(place)?.choices ?? [plan[place]!];
  // Drops that fall with the bits: every choice stays.
  const listOf = (at: number, kind: 'weights' | 'inputs') =>
    placesOf(2 * at + (kind === 'weights' ? 0 : 1)).map((choice) => {
      const it = space.layers[at]![kind][choice]!;
      return { ...it, drop: -it.bitsPerValue };
    });
  const layers = space.layers.map((layer, at) => ({
    ...layer,
    weights: listOf(at, 'weights'),
    inputs: listOf(at, 'inputs'),
  }));
  const tables = await tabulate({ ...space, layers }, signal);
  return tables.map((table, at) => ({
    ...table,
    weights: table.weights.map((it) => placesOf(2 * at)[it]!),
    inputs: table.inputs.map((it) => placesOf(2 * at + 1)[it]!),
  }));
}

/** The tables with these drops, [operand][choice]. */
export function withDrops(
  tables: readonly LayerTable[],
  operands: readonly LocalOperand[],
  drops: readonly number[][],
): LayerTable[] {
  const dropOf = new Map(
    operands.flatMap(({ place, choices }, i) =>
      choices.map((choice, c): [string, number] => [`${place}:${choice}`, drops[i]![c]!]),
    ),
  );
  return tables.map((table, at) => {
    const drop = new Float64Array(table.terms.drop.length);
    let place = 0;
    for (const w of table.weights) {
      for (const a of table.inputs) {
        const sum = (dropOf.get(`${2 * at}:${w}`) ?? 0) + (dropOf.get(`${2 * at + 1}:${a}`) ?? 0);
        drop.fill(sum, place, place + table.levels.length);
        place += table.levels.length;
      }
    }
    return { ...table, terms: { ...table.terms, drop } };
  });
}
