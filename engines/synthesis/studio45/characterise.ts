import type { CellSpec } from './cells.ts';
import { Circuit, type Move, type Values } from './circuit.ts';
import { cornerOf, type Device, deviceAt } from './device.ts';
import { storageArcs } from './storage-arcs.ts';

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

export interface CharacterisedCell {
  spec: CellSpec;
  areaUm2: number;
  leakageNw: number;
  leakages: { when: string; nw: number }[];
  pins: Pin[];
}

export function characterise(spec: CellSpec, device: Device): CharacterisedCell {
  const circuit = new Circuit(spec.inputs, spec.stages);
  const typical = deviceAt(cornerOf('typical'));
  const pins: Pin[] = spec.inputs.map((name) => ({
    name,
    direction: 'input',
    capacitanceFf: circuit.capacitanceFf(name),
    arcs: [],
    energies: [],
  }));
  for (const name of Object.keys(spec.outputs)) {
    // Limits belong to the cell, not to the corner.
    const maxLoadFf = Math.floor(circuit.loadForSlewFf(name, CELL_LIMITS.slewAtLargestLoadPs, typical) * 10) / 10;
    // Only a three-state output is also a load to what else drives its net.
    const capacitanceFf = spec.threeState ? circuit.capacitanceFf(name) : 0;
    pins.push({ name, direction: 'output', capacitanceFf, maxLoadFf, arcs: [], energies: [] });
  }
  const cell = { spec, circuit, device, pins };
  const states = spec.sequential ? storageArcs(cell, spec.sequential) : combinational(cell);
  const leakages = states.map(({ when, values }) => ({ when, nw: circuit.leakageNw(values, device) }));
  return {
    spec,
    areaUm2: circuit.areaUm2,
    leakageNw: leakages.reduce((sum, it) => sum + it.nw, 0) / leakages.length,
    leakages: leakages.length > 1 ? leakages : [],
    pins,
  };
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

function combinational(bench: Bench): State[] {
  const { spec, circuit } = bench;
  const outputs = Object.keys(spec.outputs);
  for (const output of outputs) {
    for (const input of spec.inputs) {
      if (input === spec.threeState?.enable) continue;
      const rises: Measured[] = [];
      const falls: Measured[] = [];
      const senses = new Set<'positive_unate' | 'negative_unate'>();
      for (const pins of assignments(spec.inputs)) {
        if (spec.threeState && pins[spec.threeState.enable] === 0) continue;
        const measured = measure(bench, circuit.settle([pins]), input, output);
        if (!measured) continue;
        const risesNow = circuit.settle([pins])[output] === 0;
        (risesNow ? rises : falls).push(measured);
        senses.add((pins[input] === 0) === risesNow ? 'positive_unate' : 'negative_unate');
      }
      const sense = senses.size === 1 ? [...senses][0] : 'non_unate';
      addArc(bench, output, { relatedPin: input, type: 'combinational', sense }, rises, falls);
    }
  }
  if (spec.threeState) threeState(bench, spec.threeState);
  for (const input of spec.inputs) ownEnergy(bench, input);
  return assignments(spec.inputs).map((pins) => ({ when: whenText(pins), values: circuit.settle([pins]) }));
}

/** What an input moves inside while no output follows it. */
function ownEnergy(bench: Bench, input: string): void {
  const { spec, circuit } = bench;
  const quiet: { others: Values; rise: Grid; fall: Grid }[] = [];
  for (const others of assignments(spec.inputs.filter((it) => it !== input))) {
    const low = circuit.settle([{ ...others, [input]: 0 }]);
    const high = circuit.settle([{ ...others, [input]: 1 }]);
    const floats = spec.threeState && (input === spec.threeState.enable || others[spec.threeState.enable] === 0);
    if (!floats && Object.keys(spec.outputs).some((output) => low[output] !== high[output])) continue;
    const energies = { others, rise: edgeEnergy(bench, low, input), fall: edgeEnergy(bench, high, input) };
    if ([...energies.rise, ...energies.fall].some((row) => (row[0] ?? 0) > 0)) quiet.push(energies);
  }
  const rise = mean(quiet.map((it) => it.rise));
  const fall = mean(quiet.map((it) => it.fall));
  if (!rise || !fall) return;
  const always = quiet.length === 2 ** (spec.inputs.length - 1);
  const when = always ? undefined : quiet.map((it) => `(${whenText(it.others)})`).join(' | ');
  pinOf(bench, input).energies.push({ when, rise, fall });
}

function threeState(bench: Bench, { pin, enable }: { pin: string; enable: string }): void {
  const { circuit, spec } = bench;
  const data = spec.inputs.find((it) => it !== enable) ?? '';
  /** Floats at the other value. */
  const floating = (value: 0 | 1) =>
    circuit.settle([{ [data]: value === 1 ? 0 : 1, [enable]: 1 }, { [enable]: 0 }, { [data]: value }]);
  const enabled = (value: 0 | 1) => [measure(bench, floating(value), enable, pin)].filter((it) => it !== undefined);
  addArc(
    bench,
    pin,
    { relatedPin: enable, type: 'three_state_enable', sense: 'positive_unate' },
    enabled(1),
    enabled(0),
    // The enable pin's own energy holds the output's part: half of its edges move the output.
    'elsewhere',
  );
  // Rise: from 0 to floating, when the n transistors, straight at the pin, are off; that is not before the p's inverter.
  const released = measure(bench, circuit.settle([{ [data]: 0, [enable]: 1 }]), enable, pin, 'off');
  const letGo = released ? [released] : [];
  const arcs = pinOf(bench, pin).arcs;
  arcs.push({
    relatedPin: enable,
    type: 'three_state_disable',
    sense: 'negative_unate',
    cellRise: worst(letGo.map((it) => it.delay)),
    cellFall: worst(letGo.map((it) => it.delay)),
    riseTransition: worst(letGo.map((it) => it.slew)),
    fallTransition: worst(letGo.map((it) => it.slew)),
  });
}
