import type { GateInstance } from '../gates/types.ts';
import { lookupDelay } from '../liberty/table.ts';
import type { InternalPower, Table } from '../liberty/types.ts';
import { probabilityOf } from './bit-function.ts';
import { type Energies, isRead, type OutputPlan, PowerPlan, type Sense } from './power-plan.ts';
import { Wirings } from './wiring.ts';

/** What power needs of the timing analysis. */
export interface PowerTiming {
  /** By net: pins, wires, and loads of output ports. */
  loadsPf: Float64Array;
  /** By net, at its driver. */
  slewNs: { rise: Float64Array; fall: Float64Array };
}

/** Of one instance: leakage in nW, the rest in mW (pJ in a ns). */
export interface InstancePower {
  leakageNw: number;
  /** Of clock pins, and of all others. */
  clockPinsMw: number;
  internalMw: number;
}

/**
 * Leakage and internal power of instances, by what is worked out once for each cell and way of wiring (`PowerPlan`). Nets are independent of
 * each other, as in the propagation.
 */
export class CellPower {
  private readonly plans = new Wirings((wiring) => new PowerPlan(wiring));
  private readonly probability: Float64Array;
  private readonly toggles: Float64Array;
  private readonly timing: PowerTiming;
  /** By pin of the instance at hand; then its state, and open pins. */
  private local = new Float64Array(16);

  constructor(probability: Float64Array, toggles: Float64Array, timing: PowerTiming) {
    this.probability = probability;
    this.toggles = toggles;
    this.timing = timing;
  }

  of(instance: GateInstance): InstancePower {
    const { pins } = instance;
    const plan = this.plans.of(instance);
    this.bring(plan, pins);
    let clockPinsMw = 0;
    let internalMw = 0;
    for (const { at, clock, energies } of plan.inputs) {
      const toggles = this.togglesAt(pins, at);
      if (toggles === 0) continue;
      const net = pins[at]!;
      const power = toggles * this.energy(energies, this.timing.slewNs.rise[net]!, this.timing.slewNs.fall[net]!, 0);
      if (clock) clockPinsMw += power;
      else internalMw += power;
    }
    for (const output of plan.outputs) {
      const toggles = this.togglesAt(pins, output.at);
      if (toggles > 0) internalMw += toggles * this.outputEnergy(output, pins);
    }
    return { leakageNw: this.leakage(plan), clockPinsMw, internalMw };
  }

  /** Cells that were met and have tables of energy that are not read. */
  unreadCells(): string[] {
    return [...new Set(this.plans.all().flatMap(({ unread, cell }) => (unread ? [cell.name] : [])))];
  }

  private bring({ cell, shown }: PowerPlan, pins: Int32Array): void {
    const count = cell.pins.length;
    if (this.local.length < count + 2) this.local = new Float64Array(count + 2);
    const { local, probability } = this;
    for (let at = 0; at < count; at++) local[at] = pins[at]! >= 0 ? probability[pins[at]!]! : 0.5;
    const state = shown ? local[shown.at]! : 0.5;
    local[count] = shown?.inverted ? 1 - state : state;
    local[count + 1] = 0.5;
  }

  private togglesAt(pins: Int32Array, at: number): number {
    return pins[at]! >= 0 ? this.toggles[pins[at]!]! : 0;
  }

  /** Each state's leakage by the chance of the state; what no state covers leaks as the cell's default. */
  private leakage({ cell, leakages }: PowerPlan): number {
    let rest = 1;
    let sum = 0;
    for (const { chance, leakageNw } of leakages) {
      const share = Math.min(rest, chance ? probabilityOf(chance, this.local) : 0);
      sum += share * leakageNw;
      rest -= share;
    }
    return sum + Math.max(0, rest) * cell.leakageNw;
  }

  /** pJ of one toggle: the mean of rise and fall; energies under a condition by its chance, the unconditional for what is left. */
  private energy(
    { when, rest: always }: Energies,
    riseSlewNs: number,
    fallSlewNs: number,
    loadPf: number,
    given = 0,
  ): number {
    let rest = 1;
    let sum = 0;
    for (const { chance, meeting, power } of when) {
      const found =
        given > 0 && meeting
          ? probabilityOf(meeting, this.local) / given
          : chance
            ? probabilityOf(chance, this.local)
            : 0;
      const share = Math.min(rest, found);
      if (share > 0) sum += share * meanEnergy(power, riseSlewNs, fallSlewNs, loadPf);
      rest -= share;
    }
    if (rest > 0) for (const power of always) sum += rest * meanEnergy(power, riseSlewNs, fallSlewNs, loadPf);
    return sum;
  }

  /**
   * pJ of one toggle of an output: by the inputs that cause it. An input causes the share of its own term of the transition density; within
   * that share a condition has its chance among the states in which the output follows the input.
   */
  private outputEnergy(output: OutputPlan, pins: Int32Array): number {
    const load = this.timing.loadsPf[pins[output.at]!]! || 0;
    const { causes, weights, chances } = output;
    if (causes.length === 0) return this.energy(output.unrelated, 0, 0, load);
    let all = 0;
    let moving = 0;
    for (const [k, { at, difference }] of causes.entries()) {
      const toggles = this.togglesAt(pins, at);
      chances[k] = difference ? probabilityOf(difference, this.local) : 0;
      weights[k] = (difference ? chances[k]! : 1) * toggles;
      all += weights[k]!;
      if (toggles > 0) moving++;
    }
    let sum = 0;
    for (const [k, { at, sense, energies }] of causes.entries()) {
      // An output that was recorded to toggle though by these chances nothing makes it: inputs that move share alike.
      const moves = moving === 0 || this.togglesAt(pins, at) > 0;
      const share = all > 0 ? weights[k]! / all : moves ? 1 / (moving || causes.length) : 0;
      if (share === 0) continue;
      const { rise, fall } = this.slews(pins[at]!, sense);
      sum += share * this.energy(energies, rise, fall, load, chances[k]!);
    }
    return sum;
  }

  /** Slews of an input at the output's rise and fall. */
  private slews(net: number, sense: Sense): { rise: number; fall: number } {
    if (net < 0) return { rise: 0, fall: 0 };
    const rise = this.timing.slewNs.rise[net]!;
    const fall = this.timing.slewNs.fall[net]!;
    if (sense === 'positive') return { rise, fall };
    if (sense === 'negative') return { rise: fall, fall: rise };
    return { rise: (rise + fall) / 2, fall: (rise + fall) / 2 };
  }
}

function meanEnergy({ rise, fall }: InternalPower, riseSlewNs: number, fallSlewNs: number, loadPf: number): number {
  return (valueAt(rise, riseSlewNs, loadPf) + valueAt(fall, fallSlewNs, loadPf)) / 2;
}

function valueAt(table: Table | undefined, slewNs: number, loadPf: number): number {
  // Nets that timing did not reach have no slew.
  return table && isRead(table) ? lookupDelay(table, Number.isFinite(slewNs) ? slewNs : 0, loadPf) : 0;
}
