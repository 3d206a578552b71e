import type { Problem } from '../../core/result.ts';
import type { GateInstance, GateNetlist } from '../gates/types.ts';
import type { Library } from '../liberty/types.ts';
import { CellPower, type PowerTiming } from './cell-power.ts';
import type { NetActivities, PowerOf, PowerParts, PowerReport } from './types.ts';

export type { PowerTiming } from './cell-power.ts';

/** Parts in uW; leakage too, so that parts add up. */
interface Parts {
  leakage: number;
  internal: number;
  switching: number;
}

/**
 * Power of a mapped design: leakage by state, internal energy of every toggle at the slews and loads of timing, and 0.5 C V^2 for each toggle
 * of a net, which counts for the instance that drives it (shared alike where several do).
 *
 * Every instance's parts are rounded to one step for the whole report, a power of two near 1e-15 of the total (leakage: near 1e-12 of all leakage): sums of such numbers are exact
 * in whatever order, so that every breakdown adds up to the total to the last bit.
 */
export function analysePower(
  design: GateNetlist,
  library: Library,
  activities: NetActivities,
  timing: PowerTiming,
): PowerReport {
  const { probability, togglesPerNs } = activities;
  const cells = new CellPower(probability, togglesPerNs, timing);
  const voltage = library.conditions.voltageV;
  const drivers = new Int32Array(design.nets.length);
  forDrivenNets(design, (_instance, net) => drivers[net]!++);
  const switchingUw = (net: number) =>
    1000 * 0.5 * (timing.loadsPf[net]! || 0) * voltage * voltage * togglesPerNs[net]!;

  const own: Parts[] = [];
  const clockPins: number[] = [];
  for (const instance of design.instances) {
    const { leakageNw, clockPinsMw, internalMw } = cells.of(instance);
    own.push({ leakage: leakageNw / 1000, internal: internalMw * 1000, switching: 0 });
    clockPins.push(clockPinsMw * 1000);
  }
  forDrivenNets(design, (instance, net) => {
    own[instance]!.switching += switchingUw(net) / drivers[net]!;
  });
  const steps = stepsFor(own, clockPins);
  const parts = own.map(({ leakage, internal, switching }, at) => ({
    leakage: rounded(leakage, steps.leakage),
    internal: rounded(internal, steps.dynamic),
    switching: rounded(switching, steps.dynamic),
    clockPins: rounded(clockPins[at]!, steps.dynamic),
  }));

  const total = nothing();
  const modules = new Breakdown();
  const lines = new Breakdown();
  const groups = new Breakdown();
  const byInstance: PowerReport['byInstance'] = [];
  const isClock = clockInstances(design, activities);
  const places = new Map<string, { file: string; line: number }>();
  for (const [at, instance] of design.instances.entries()) {
    const { clockPins: pins, ...rest } = parts[at]!;
    const whole = { ...rest, internal: rest.internal + pins };
    const { cell, where } = instance;
    add(total, whole);
    byInstance.push({ name: instance.name, type: cell.name, cells: 1, areaUm2: cell.areaUm2, ...named(whole) });
    modules.add(instance.module, whole, cell.areaUm2);
    const place =
      where?.file !== undefined && where.line !== undefined ? { file: where.file, line: where.line } : undefined;
    const line = place ? `${place.file}:${place.line}` : '';
    if (place) places.set(line, place);
    lines.add(line, whole, cell.areaUm2);
    const group = isClock[at] ? 'clock network' : groupOf(instance);
    groups.add(group, rest, cell.areaUm2);
    // The pins belong to the network, the cell does not.
    if (pins !== 0) groups.add('clock network', { leakage: 0, internal: pins, switching: 0 }, 0, 0);
  }

  let inputNetsUw = 0;
  const inputs = new Set(
    design.ports.filter(({ direction, net }) => direction !== 'output' && net >= 0).map(({ net }) => net),
  );
  for (const net of inputs) if (drivers[net] === 0) inputNetsUw += switchingUw(net);

  const problems: Problem[] = [...activities.problems];
  const unread = cells.unreadCells();
  if (unread.length > 0) {
    problems.push({
      code: 'power-unread-table',
      severity: 'warning',
      what: `Internal energies of ${unread.slice(0, 8).join(', ')} hang on more than the slew of an input and the load of an output; they count as 0.`,
    });
  }
  return {
    total: named(total),
    byInstance,
    byModule: modules.list(),
    byLine: lines.list().map(({ name, ...of }) => ({ ...of, ...places.get(name) })),
    byGroup: groups.list(),
    inputNetsUw,
    activity: activities.summary,
    problems,
  };
}

function forDrivenNets(design: GateNetlist, visit: (instance: number, net: number) => void): void {
  for (const [at, { cell, pins }] of design.instances.entries()) {
    for (const [pin, { direction, function: of }] of cell.pins.entries()) {
      const drives = direction === 'output' || (direction === 'inout' && of !== undefined);
      if (drives && pins[pin]! >= 0) visit(at, pins[pin]!);
    }
  }
}

/** Buffers, gates and clock gates in the clock network: those that drive it and keep no state, clock gates aside. */
function clockInstances({ instances }: GateNetlist, { clockNetwork }: NetActivities): boolean[] {
  return instances.map(
    ({ cell, pins }) =>
      (!cell.sequential || cell.clockGate !== undefined) &&
      cell.pins.some(({ direction }, at) => direction === 'output' && pins[at]! >= 0 && clockNetwork[pins[at]!] === 1),
  );
}

function groupOf({ cell }: GateInstance): string {
  if (cell.sequential || cell.clockGate !== undefined) return 'sequential';
  return cell.pins.some(({ direction, function: of }) => direction === 'output' && of) ? 'combinational' : 'other';
}

function nothing(): Parts {
  return { leakage: 0, internal: 0, switching: 0 };
}

function add(to: Parts, { leakage, internal, switching }: Parts): void {
  to.leakage += leakage;
  to.internal += internal;
  to.switching += switching;
}

function named({ leakage, internal, switching }: Parts): PowerParts {
  return {
    leakageNw: leakage * 1000,
    internalUw: internal,
    switchingUw: switching,
    totalUw: leakage + internal + switching,
  };
}

/**
 * Powers of two of which the parts are made multiples: small enough to be lost in no figure, and large enough that sums of all parts stay
 * exact in double precision (52 bits), leakage also in nW, a thousand times as much (42 bits).
 */
function stepsFor(parts: readonly Parts[], clockPins: readonly number[]): { leakage: number; dynamic: number } {
  let leakages = 0;
  let sum = 0;
  for (const { leakage, internal, switching } of parts) {
    leakages += Math.abs(leakage);
    sum += Math.abs(leakage) + Math.abs(internal) + Math.abs(switching);
  }
  for (const one of clockPins) sum += Math.abs(one);
  const dynamic = powerOfTwoAbove(sum * 2 ** -52);
  return { dynamic, leakage: Math.max(dynamic, powerOfTwoAbove(leakages * 2 ** -42)) };
}

function powerOfTwoAbove(value: number): number {
  let step = 2 ** -80;
  while (step <= value && step < 1) step *= 2;
  return step;
}

function rounded(value: number, step: number): number {
  return Math.round(value / step) * step;
}

class Breakdown {
  private readonly of = new Map<string, { parts: Parts; areaUm2: number; cells: number }>();

  add(name: string, parts: Parts, areaUm2: number, cells = 1): void {
    const found = this.of.get(name) ?? { parts: nothing(), areaUm2: 0, cells: 0 };
    add(found.parts, parts);
    found.areaUm2 += areaUm2;
    found.cells += cells;
    this.of.set(name, found);
  }

  /** Most power first, then by name. */
  list(): PowerOf[] {
    return [...this.of]
      .map(([name, { parts, areaUm2, cells }]) => ({ name, ...named(parts), areaUm2, cells }))
      .sort((a, b) => b.totalUw - a.totalUw || (a.name < b.name ? -1 : 1));
  }
}
