import type { Sequential } from './cells.ts';
import type { Move, Values } from './circuit.ts';
import { SLEW_HIGH, SLEW_LOW } from './device.ts';
import {
  addArc,
  assignments,
  type Bench,
  edgeEnergy,
  type Grid,
  type Measured,
  mean,
  measure,
  pinOf,
  SLEWS_PS,
  type State,
  whenText,
} from './measure.ts';

type Bit = 0 | 1;
const BITS: readonly Bit[] = [0, 1];
const other = (bit: Bit): Bit => (bit === 1 ? 0 : 1);

/** The slew at which widths of pulses are measured: the middle of the tables. */
const PULSE_SLEW_PS = 50;

/** Fills the arcs, checks and energies of a flip-flop, a latch or a clock gate. Answers all states it can be in. */
export function storageArcs(bench: Bench, cell: Sequential): State[] {
  const sequences = new Sequences(bench, cell);
  if (cell.kind === 'clock-gate') gatedClock(bench, cell, sequences);
  else clockToOutput(bench, cell, sequences);
  for (const pin of cell.data) dataChecks(bench, cell, sequences, pin);
  for (const pin of [cell.clear, cell.preset]) if (pin) asynchronousPin(bench, cell, sequences, pin);
  clockWidths(bench, cell, sequences);
  for (const pin of bench.spec.inputs) ownEnergy(bench, cell, sequences, pin);
  return sequences.states();
}

/** Ways to bring the cell into a state. */
class Sequences {
  readonly #bench: Bench;
  readonly #cell: Sequential;
  readonly #data: string;
  readonly open: Values;
  readonly shut: Values;

  constructor(bench: Bench, cell: Sequential) {
    this.#bench = bench;
    this.#cell = cell;
    this.#data = cell.data[0] ?? '';
    this.open = { [cell.clock]: cell.openAt };
    this.shut = { [cell.clock]: other(cell.openAt) };
  }

  /** Asynchronous pins at rest, enable given. */
  #rest(value: Bit): Values {
    const { clear, preset, data } = this.#cell;
    const enables = Object.fromEntries(data.slice(1).map((pin) => [pin, 1 as Bit]));
    return { ...(clear ? { [clear]: 1 } : {}), ...(preset ? { [preset]: 1 } : {}), ...enables, [this.#data]: value };
  }

  /** Holds `stored`, the clock at the level where the first latch is open or shut, then takes `inputs`. */
  holding(stored: Bit, clock: 'open' | 'shut', inputs: Values = {}): Values {
    const steps = [{ ...this.#rest(stored), ...this.open }, this.shut];
    return this.#bench.circuit.settle([...steps, ...(clock === 'open' ? [this.open] : []), inputs]);
  }

  /** `holding`, with the data pin at this value. */
  withData(stored: Bit, clock: 'open' | 'shut', data: Bit): Values {
    return this.holding(stored, clock, { [this.#data]: data });
  }

  /** Every state of pins and output that the cell can rest in. */
  states(): State[] {
    const { inputs, outputs } = this.#bench.spec;
    const found = new Map<string, State>();
    for (const pins of assignments(inputs)) {
      const clock = pins[this.#cell.clock] === this.#cell.openAt ? 'open' : 'shut';
      for (const stored of BITS) {
        const values = this.holding(stored, clock, pins);
        const shown = Object.fromEntries(Object.keys(outputs).map((pin) => [pin, values[pin] ?? 0]));
        const when = whenText({ ...pins, ...shown });
        if (!found.has(when)) found.set(when, { when, values });
      }
    }
    return [...found.values()];
  }
}

const present = <T>(items: readonly (T | undefined)[]) => items.filter((it) => it !== undefined);

function minus(grid: Grid | undefined, own: Grid): Grid | undefined {
  return grid?.map((row, r) => row.map((value) => Math.max(0, value - (own[r]?.[0] ?? 0))));
}

/** Energy of a clock edge that no output follows: what is stored is taken over again, or, in a clock gate, a 0 is. */
function idleClock(bench: Bench, cell: Sequential, sequences: Sequences, from: 'open' | 'shut'): Grid {
  const stored: readonly Bit[] = cell.kind === 'clock-gate' ? [0] : BITS;
  return mean(stored.map((bit) => edgeEnergy(bench, sequences.withData(bit, from, bit), cell.clock))) ?? [];
}

function clockToOutput(bench: Bench, cell: Sequential, sequences: Sequences): void {
  const isLatch = cell.kind === 'latch';
  // A flip-flop shows its value when the first latch shuts; a latch when it opens.
  const from = isLatch ? 'shut' : 'open';
  const edge = (value: Bit) =>
    present([measure(bench, sequences.withData(other(value), from, value), cell.clock, 'Q')]);
  const risingEdge = (from === 'open') === (cell.openAt === 0);
  const [rises, falls] = [edge(1), edge(0)];
  const own = idleClock(bench, cell, sequences, from);
  addArc(
    bench,
    'Q',
    { relatedPin: cell.clock, type: risingEdge ? 'rising_edge' : 'falling_edge', sense: 'non_unate' },
    rises,
    falls,
    { rise: minus(mean(rises.map((it) => it.energy)), own), fall: minus(mean(falls.map((it) => it.energy)), own) },
  );
  if (!isLatch) return;
  const through = (value: Bit) =>
    present([measure(bench, sequences.withData(other(value), 'open', other(value)), 'D', 'Q')]);
  addArc(bench, 'Q', { relatedPin: 'D', type: 'combinational', sense: 'positive_unate' }, through(1), through(0));
}

function gatedClock(bench: Bench, cell: Sequential, sequences: Sequences): void {
  const rises = present([measure(bench, sequences.withData(1, 'open', 1), cell.clock, 'GCK')]);
  const falls = present([measure(bench, sequences.withData(1, 'shut', 1), cell.clock, 'GCK')]);
  const own = (from: 'open' | 'shut') => idleClock(bench, cell, sequences, from);
  addArc(bench, 'GCK', { relatedPin: cell.clock, type: 'combinational', sense: 'positive_unate' }, rises, falls, {
    rise: minus(mean(rises.map((it) => it.energy)), own('open')),
    fall: minus(mean(falls.map((it) => it.energy)), own('shut')),
  });
}

const moveOf = (moves: readonly Move[], node: string) => moves.filter((it) => it.node === node).at(-1);

/** Until the node has left half of its swing, and the rest of it at the same speed. */
const doneAt = (move: Move) => move.atPs + move.slewPs / (2 * (SLEW_HIGH - SLEW_LOW));

/** When the clock begins and ends to shut the first latch, by its slew. */
function closing(bench: Bench, cell: Sequential, sequences: Sequences): { begins: number[]; ends: number[] } {
  const runs = SLEWS_PS.map((slew) =>
    bench.circuit.edge(sequences.withData(0, 'open', 0), cell.clock, slew, bench.device),
  );
  const at = (moves: readonly Move[], node: string) => (node === cell.clock ? 0 : (moveOf(moves, node)?.atPs ?? 0));
  return { begins: runs.map((moves) => at(moves, cell.closing)), ends: runs.map((moves) => at(moves, cell.closed)) };
}

/** Over the slews of the clock (rows) and of the constrained pin, which changes in each of `states`. */
function checkGrids(
  bench: Bench,
  cell: Sequential,
  sequences: Sequences,
  pin: string,
  states: readonly Values[],
): { before: Grid; after: Grid } | undefined {
  const runs = states
    .map((state) => SLEWS_PS.map((slew) => bench.circuit.edge(state, pin, slew, bench.device)))
    .filter((bySlew) => bySlew.some((moves) => moveOf(moves, cell.stored)));
  if (runs.length === 0) return undefined;
  const settled = SLEWS_PS.map((_, at) =>
    Math.max(
      ...runs.map((bySlew) => {
        const move = moveOf(bySlew[at] ?? [], cell.stored);
        return move ? doneAt(move) : 0;
      }),
    ),
  );
  const reached = SLEWS_PS.map((_, at) =>
    Math.min(
      ...runs.map((bySlew) => {
        const moves = bySlew[at] ?? [];
        return (moveOf(moves, cell.entered) ?? moveOf(moves, cell.stored))?.atPs ?? 0;
      }),
    ),
  );
  const clock = closing(bench, cell, sequences);
  return {
    before: clock.begins.map((begins) => settled.map((at) => at - begins)),
    after: clock.ends.map((ends) => reached.map((at) => ends - at)),
  };
}

/** The clock edge that shuts the first latch. */
const closingEdge = (cell: Sequential) => (cell.openAt === 0 ? 'rising' : 'falling');

function dataChecks(bench: Bench, cell: Sequential, sequences: Sequences, pin: string): void {
  const statesBefore = (value: Bit): Values[] =>
    BITS.flatMap((stored) =>
      BITS.map((data) => sequences.holding(stored, 'open', cell.data[0] === pin ? {} : { [cell.data[0] ?? '']: data })),
    ).map((state) => bench.circuit.settle([{ [pin]: other(value) }], state));
  const rise = checkGrids(bench, cell, sequences, pin, statesBefore(1));
  const fall = checkGrids(bench, cell, sequences, pin, statesBefore(0));
  const edge = closingEdge(cell);
  pinOf(bench, pin).arcs.push(
    { relatedPin: cell.clock, type: `setup_${edge}`, riseConstraint: rise?.before, fallConstraint: fall?.before },
    { relatedPin: cell.clock, type: `hold_${edge}`, riseConstraint: rise?.after, fallConstraint: fall?.after },
  );
}

function asynchronousPin(bench: Bench, cell: Sequential, sequences: Sequences, pin: string): void {
  const value: Bit = pin === cell.preset ? 1 : 0;
  // Asserted while the cell holds the other value, whatever the clock and the data.
  const states = (['open', 'shut'] as const).flatMap((clock) =>
    BITS.map((data) => sequences.withData(other(value), clock, data)),
  );
  const measured: Measured[] = present(states.map((state) => measure(bench, state, pin, 'Q')));
  addArc(
    bench,
    'Q',
    {
      relatedPin: pin,
      type: value === 1 ? 'preset' : 'clear',
      sense: value === 1 ? 'negative_unate' : 'positive_unate',
    },
    value === 1 ? measured : [],
    value === 1 ? [] : measured,
  );

  // Released while the data would bring the other value.
  const released = sequences.holding(value, 'open', { [pin]: 0, [cell.data[0] ?? '']: other(value) });
  const checks = checkGrids(bench, cell, sequences, pin, [released]);
  const edge = closingEdge(cell);
  const constrained = pinOf(bench, pin);
  constrained.arcs.push(
    { relatedPin: cell.clock, type: `recovery_${edge}`, riseConstraint: checks?.before },
    { relatedPin: cell.clock, type: `removal_${edge}`, riseConstraint: checks?.after },
  );
  const ends = states.flatMap((state) => bench.circuit.edge(state, pin, PULSE_SLEW_PS, bench.device)).map(doneAt);
  constrained.minWidthLowPs = Math.max(...ends);
}

function clockWidths(bench: Bench, cell: Sequential, sequences: Sequences): void {
  const until = (node: string, from: 'open' | 'shut') =>
    Math.max(
      ...BITS.map((bit) => {
        const state = sequences.withData(other(bit), from, bit);
        const move = moveOf(bench.circuit.edge(state, cell.clock, PULSE_SLEW_PS, bench.device), node);
        return move ? doneAt(move) : 0;
      }),
    );
  const pin = pinOf(bench, cell.clock);
  const width = (level: Bit, ps: number) => {
    if (level === 1) pin.minWidthHighPs = ps;
    else pin.minWidthLowPs = ps;
  };
  width(cell.openAt, until(cell.stored, 'shut'));
  if (cell.passed) width(other(cell.openAt), until(cell.passed, 'open'));
}

/** What a pin moves inside while the output stays, for each state of the other pins. */
function ownEnergy(bench: Bench, cell: Sequential, sequences: Sequences, pin: string): void {
  const { circuit, spec } = bench;
  if (pin === cell.clock) {
    const [rise, fall] = cell.openAt === 0 ? (['open', 'shut'] as const) : (['shut', 'open'] as const);
    const energies = { rise: idleClock(bench, cell, sequences, rise), fall: idleClock(bench, cell, sequences, fall) };
    pinOf(bench, pin).energies.push(energies);
    return;
  }
  for (const others of assignments(spec.inputs.filter((it) => it !== pin))) {
    const clock = others[cell.clock] === cell.openAt ? 'open' : 'shut';
    const edges: Record<Bit, Grid[]> = { 0: [], 1: [] };
    for (const stored of BITS) {
      for (const value of BITS) {
        const state = sequences.holding(stored, clock, { ...others, [pin]: other(value) });
        const after = circuit.settle([{ [pin]: value }], state);
        if (Object.keys(spec.outputs).some((output) => after[output] !== state[output])) continue;
        edges[value].push(edgeEnergy(bench, state, pin));
      }
    }
    const rise = mean(edges[1]);
    const fall = mean(edges[0]);
    if (!rise || !fall || ![...rise, ...fall].some((row) => (row[0] ?? 0) > 0)) continue;
    pinOf(bench, pin).energies.push({ when: whenText(others), rise, fall });
  }
}
