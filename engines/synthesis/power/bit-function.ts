import { evaluateExpr, pinsOf } from '../liberty/expression.ts';
import type { BoolExpr } from '../liberty/types.ts';

/** Functions of more variables than this are not computed with: their tables double with each. */
export const MAX_VARIABLES = 12;

/** A Boolean function over slots (pins, nets, states), as probabilities need it: tables, variable `k` at bit `k` of the index. */
export interface BitFunction {
  slots: Int32Array;
  table: Uint8Array;
  /** Of each variable: where the function changes with it (the Boolean difference), for all values of the others. */
  differences: Uint8Array[];
}

/** What a name in an expression stands for: a slot, perhaps inverted, or a constant. */
export type Meaning = { slot: number; inverted: boolean } | 0 | 1;

type Tables = Pick<BitFunction, 'table' | 'differences'>;

/**
 * Compiles a function of named pins; names of one slot are one variable and constants are none.
 * @returns nothing when there are more than `MAX_VARIABLES` variables
 */
export function compile(
  names: readonly string[],
  meaning: (name: string) => Meaning,
  evaluate: (levelOf: (name: string) => 0 | 1) => 0 | 1,
): BitFunction | undefined {
  const slots: number[] = [];
  const at = new Map<string, { bit: number; inverted: boolean } | 0 | 1>();
  for (const name of names) {
    const means = meaning(name);
    if (means === 0 || means === 1) {
      at.set(name, means);
      continue;
    }
    let bit = slots.indexOf(means.slot);
    if (bit < 0) bit = slots.push(means.slot) - 1;
    at.set(name, { bit, inverted: means.inverted });
  }
  if (slots.length > MAX_VARIABLES) return undefined;
  const tables = tablesOf(slots.length, (index) =>
    evaluate((name) => {
      const place = at.get(name);
      if (place === undefined) return 0;
      if (place === 0 || place === 1) return place;
      return ((index >> place.bit) & 1) === (place.inverted ? 0 : 1) ? 1 : 0;
    }),
  );
  return { slots: Int32Array.from(slots), ...tables };
}

export function compileExpr(expr: BoolExpr, meaning: (name: string) => Meaning): BitFunction | undefined {
  return compile(pinsOf(expr), meaning, (levelOf) => evaluateExpr(expr, levelOf));
}

function tablesOf(variables: number, value: (index: number) => 0 | 1): Tables {
  const table = new Uint8Array(1 << variables);
  for (let i = 0; i < table.length; i++) table[i] = value(i);
  const differences = Array.from({ length: variables }, (_, bit) =>
    table.map((one, i) => one ^ table[i ^ (1 << bit)]!),
  );
  return { table, differences };
}

const scratch = new Float64Array(1 << MAX_VARIABLES);

/** Chance that a table's function is 1 when its variables are independent, variable `k` being 1 with `probability(slots[k])`. */
export function chanceOf(table: Uint8Array, slots: Int32Array, probability: Float64Array): number {
  let length = table.length;
  if (length === 1) return table[0]!;
  let p = probability[slots[0]!]!;
  length >>= 1;
  for (let i = 0; i < length; i++) {
    const low = table[2 * i]!;
    scratch[i] = low + p * (table[2 * i + 1]! - low);
  }
  for (let bit = 1; length > 1; bit++) {
    p = probability[slots[bit]!]!;
    length >>= 1;
    for (let i = 0; i < length; i++) {
      const low = scratch[2 * i]!;
      scratch[i] = low + p * (scratch[2 * i + 1]! - low);
    }
  }
  return Math.min(1, Math.max(0, scratch[0]!));
}

/** `chanceOf` of the function itself. */
export function probabilityOf({ table, slots }: BitFunction, probability: Float64Array): number {
  return chanceOf(table, slots, probability);
}

/** Najm's transition density: the sum over the variables of their changes, each times the chance that the function changes with it. */
export function densityOf(
  { differences, slots }: BitFunction,
  probability: Float64Array,
  toggles: Float64Array,
): number {
  let sum = 0;
  for (let k = 0; k < slots.length; k++) {
    const rate = toggles[slots[k]!]!;
    if (rate > 0) sum += rate * chanceOf(differences[k]!, slots, probability);
  }
  return sum;
}
