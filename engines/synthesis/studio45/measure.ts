import type { CellSpec } from './cells.ts';
import type { Circuit, Move, Values } from './circuit.ts';
import type { Device } from './device.ts';

/** Where tables are sampled. Slews in ps; loads as shares of the largest that the output may drive. */
export const SLEWS_PS = [2, 8, 20, 50, 110, 220, 400];
export const LOAD_SHARES = [0.005, 0.03, 0.08, 0.18, 0.36, 0.65, 1];
/** Places among `LOAD_SHARES` at which energies are given: they hardly depend on the load. */
export const ENERGY_LOADS = [0, 3, 6];
/** Largest slew of any pin, and the slowest edge at the largest load (typical corner, a step at the input). */
export const CELL_LIMITS = { slewPs: 400, slewAtLargestLoadPs: 200 } as const;

/** Row by row: input slews downwards. ps, fJ. */
export type Grid = number[][];

export interface Arc {
  relatedPin: string;
  type: string;
  sense?: 'positive_unate' | 'negative_unate' | 'non_unate';
  cellRise?: Grid;
  cellFall?: Grid;
  riseTransition?: Grid;
  fallTransition?: Grid;
  riseConstraint?: Grid;
  fallConstraint?: Grid;
}

/** Energies: of an output over slew and load; of an input over slew alone (a grid of one column). */
export interface Energy {
  relatedPin?: string;
  when?: string;
  rise: Grid;
  fall: Grid;
}

export interface Pin {
  name: string;
  direction: 'input' | 'output';
  capacitanceFf: number;
  maxLoadFf?: number;
  minWidthLowPs?: number;
  minWidthHighPs?: number;
  arcs: Arc[];
  energies: Energy[];
}

/** A cell while it is being characterised: `pins` are filled. */
export interface Bench {
  spec: CellSpec;
  circuit: Circuit;
  device: Device;
  pins: Pin[];
}

/** A settled state, and the condition on pins by which Liberty knows it. */
export interface State {
  when: string;
  values: Values;
}

export function pinOf(bench: Bench, name: string): Pin {
  const pin = bench.pins.find((it) => it.name === name);
  if (!pin) throw new Error(`Cell ${bench.spec.name} has no pin ${name}.`);
  return pin;
}

/** Every assignment of the pins, in the order of binary numbers. */
export function assignments(pins: readonly string[]): Values[] {
  const count = 2 ** pins.length;
  return Array.from({ length: count }, (_, number) =>
    Object.fromEntries(pins.map((pin, at) => [pin, ((number >> (pins.length - 1 - at)) & 1) as 0 | 1])),
  );
}

export function whenText(pins: Values): string {
  return Object.entries(pins)
    .map(([pin, value]) => (value === 1 ? pin : `!${pin}`))
    .join(' & ');
}

/** A measurement of an output's edge: over slew and load. */
export interface Measured {
  delay: Grid;
  slew: Grid;
  energy: Grid;
}

const gridOf = (valueAt: (row: number, column: number) => number): Grid =>
  SLEWS_PS.map((_, row) => LOAD_SHARES.map((_, column) => valueAt(row, column)));

/** Changes `input` in a settled state, at every slew and load, and watches `node`. Undefined when that does not end up at another value. */
export function measure(
  bench: Bench,
  state: Values,
  input: string,
  output: string,
  node = output,
): Measured | undefined {
  const { circuit, device, spec } = bench;
  const after = circuit.settle([{ [input]: state[input] === 1 ? 0 : 1 }], state);
  if (after[node] === state[node]) return undefined;
  const maxLoadFf = pinOf(bench, output).maxLoadFf ?? 0;
  const runs = SLEWS_PS.map((slewPs) =>
    LOAD_SHARES.map((share) => {
      const loadFf = Math.max(0, share * maxLoadFf);
      const moves = circuit.edge(state, input, slewPs, device, Object.keys(spec.outputs), loadFf);
      const last = moves.filter((it) => it.node === node).at(-1);
      if (!last) throw new Error(`${node} of ${spec.name} does not follow ${input}.`);
      return { delay: last.atPs, slew: last.slewPs, energy: energyOf(moves, output) };
    }),
  );
  const grid = (key: 'delay' | 'slew' | 'energy') => gridOf((row, column) => runs[row]?.[column]?.[key] ?? 0);
  return { delay: grid('delay'), slew: grid('slew'), energy: grid('energy') };
}

/** Energy of what moved; in cells with several outputs, of what is counted to this one. */
export function energyOf(moves: readonly Move[], output?: string): number {
  return moves
    .filter((it) => output === undefined || it.owner === undefined || it.owner === output)
    .reduce((sum, it) => sum + it.energyFj, 0);
}

const combine = (grids: readonly Grid[], by: (values: number[]) => number): Grid | undefined =>
  grids.length === 0
    ? undefined
    : (grids[0] as Grid).map((row, r) => row.map((_, c) => by(grids.map((grid) => grid[r]?.[c] ?? 0))));

/** Delays are those of the slowest state, energies the mean of all states. */
export const worst = (grids: readonly Grid[]) => combine(grids, (values) => Math.max(...values));
export const mean = (grids: readonly Grid[]) =>
  combine(grids, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);

export function addArc(
  bench: Bench,
  output: string,
  about: Pick<Arc, 'relatedPin' | 'type' | 'sense'>,
  rises: readonly Measured[],
  falls: readonly Measured[],
  energy: { rise?: Grid; fall?: Grid } | 'elsewhere' = {},
): void {
  const pin = pinOf(bench, output);
  pin.arcs.push({
    ...about,
    cellRise: worst(rises.map((it) => it.delay)),
    cellFall: worst(falls.map((it) => it.delay)),
    riseTransition: worst(rises.map((it) => it.slew)),
    fallTransition: worst(falls.map((it) => it.slew)),
  });
  if (energy === 'elsewhere') return;
  const rise = energy.rise ?? mean(rises.map((it) => it.energy));
  const fall = energy.fall ?? mean(falls.map((it) => it.energy));
  if (!rise && !fall) return;
  const none = gridOf(() => 0);
  const narrow = (grid: Grid) => grid.map((row) => ENERGY_LOADS.map((column) => row[column] ?? 0));
  pin.energies.push({ relatedPin: about.relatedPin, rise: narrow(rise ?? none), fall: narrow(fall ?? none) });
}

/** Energy of an edge of an input, over its slew, whatever it moves inside. */
export function edgeEnergy(bench: Bench, state: Values, input: string): Grid {
  return SLEWS_PS.map((slewPs) => [energyOf(bench.circuit.edge(state, input, slewPs, bench.device))]);
}
