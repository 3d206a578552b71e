import { NET_0, NET_1 } from '../gates/types.ts';
import { mapPins, unateness } from '../liberty/expression.ts';
import type { BoolExpr, LibraryCell } from '../liberty/types.ts';
import { type CellTiming, ROLE } from './edge-arcs.ts';
import type { TimingGraph } from './graph.ts';

export const UNKNOWN = 2;

export interface Constants {
  /** 0, 1 or UNKNOWN, by vertex. */
  value: Uint8Array;
  /** 1: the edge arc cannot happen, because of constants. */
  disabled: Uint8Array;
}

/**
 * Carries constants (of the netlist, of cells that make them, of `set_case_analysis`) through logic, not through registers, and finds
 * the arcs that they leave without effect: those at a constant pin, those whose `when` is false, and those whose output no longer
 * depends on the input, or no longer in that direction.
 *
 * @param given value by vertex
 */
export function findConstants(graph: TimingGraph, given: ReadonlyMap<number, 0 | 1>): Constants {
  const { vertices, netOf, drives, instanceOf, pinBase, timing, order, arcBase, design } = graph;
  const value = new Uint8Array(vertices).fill(UNKNOWN);
  const disabled = new Uint8Array(arcBase[design.instances.length] as number);
  const touched = new Set<number>();
  const makers = new Map<LibraryCell, boolean>();
  for (let k = 0; k < order.length; k++) {
    const v = order[k] as number;
    const instance = instanceOf[v] as number;
    const said = given.get(v);
    let found: number = UNKNOWN;
    if (said !== undefined) found = said;
    else if (drives[v] === 0) {
      const net = netOf[v] as number;
      if (net === NET_0) found = 0;
      else if (net === NET_1) found = 1;
      else if (net >= 0) {
        const first = graph.driverStart[net] as number;
        // Of a net with several drivers, none is known to be the one that drives.
        if ((graph.driverStart[net + 1] as number) - first === 1)
          found = value[graph.drivers[first] as number] as number;
      }
    } else if (instance >= 0) {
      const { cell } = timing[instance] as CellTiming;
      let maker = makers.get(cell);
      if (maker === undefined) {
        maker = cell.pins.every(({ direction }) => direction !== 'input');
        makers.set(cell, maker);
      }
      if (maker || touched.has(instance)) {
        const base = pinBase[instance] as number;
        const pin = cell.pins[v - base];
        if (pin?.function && !pin.threeState) found = ternary(pin.function, (name) => at(cell, base, name, value));
      }
    }
    value[v] = found;
    if (found !== UNKNOWN && instance >= 0) touched.add(instance);
  }
  const known = new Map<string, Uint8Array>();
  for (const instance of [...touched].sort((a, b) => a - b)) {
    const of = timing[instance] as CellTiming;
    const base = pinBase[instance] as number;
    const values = value.subarray(base, base + of.cell.pins.length);
    const key = `${of.cell.name} ${values.join('')}`;
    let mask = known.get(key);
    if (!mask) {
      mask = withoutEffect(of, values);
      known.set(key, mask);
    }
    disabled.set(mask, arcBase[instance] as number);
  }
  return { value, disabled };
}

/** Whether a condition can hold. */
export function possible(expr: BoolExpr | undefined, cell: LibraryCell, base: number, value: Uint8Array): boolean {
  return expr === undefined || ternary(expr, (name) => at(cell, base, name, value)) !== 0;
}

function withoutEffect({ cell, arcs }: CellTiming, values: Uint8Array): Uint8Array {
  const mask = new Uint8Array(arcs.length);
  arcs.forEach(({ arc, fromPin, toPin, fromEdge, toEdge, role }, i) => {
    const { function: means } = cell.pins[toPin] as LibraryCell['pins'][number];
    if (values[fromPin] !== UNKNOWN || values[toPin] !== UNKNOWN || !possible(arc.when, cell, 0, values)) mask[i] = 1;
    else if (role === ROLE.gate && means && arc.type.startsWith('combinational') && cell.sequential === undefined) {
      const left = mapPins(means, (name) => {
        const known = at(cell, 0, name, values);
        return known === UNKNOWN ? { kind: 'pin', name } : { kind: 'constant', value: known as 0 | 1 };
      });
      const sense = unateness(left, arc.relatedPin);
      const wrong = fromEdge === toEdge ? 'negative' : 'positive';
      if (sense === 'none' || sense === wrong) mask[i] = 1;
    }
  });
  return mask;
}

function at(cell: LibraryCell, base: number, name: string, value: Uint8Array): number {
  const pin = cell.pinIndex.get(name);
  return pin === undefined ? UNKNOWN : (value[base + pin] as number);
}

function ternary(expr: BoolExpr, known: (name: string) => number): number {
  switch (expr.kind) {
    case 'constant':
      return expr.value;
    case 'pin':
      return known(expr.name);
    case 'not': {
      const of = ternary(expr.of, known);
      return of === UNKNOWN ? UNKNOWN : 1 - of;
    }
    default: {
      const a = ternary(expr.of[0], known);
      const b = ternary(expr.of[1], known);
      if (expr.kind === 'and') return a === 0 || b === 0 ? 0 : a === 1 && b === 1 ? 1 : UNKNOWN;
      if (expr.kind === 'or') return a === 1 || b === 1 ? 1 : a === 0 && b === 0 ? 0 : UNKNOWN;
      return a === UNKNOWN || b === UNKNOWN ? UNKNOWN : a === b ? 0 : 1;
    }
  }
}
