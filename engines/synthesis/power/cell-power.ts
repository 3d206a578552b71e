import type { GateInstance, GateNetlist } from '../gates/types.ts';
import { evaluateExpr, pinsOf, unateness } from '../liberty/expression.ts';
import { lookupDelay } from '../liberty/table.ts';
import type { BoolExpr, InternalPower, LibraryCell, Table } from '../liberty/types.ts';
import { FunctionMaker, type Meaning, probabilityOf } from './bit-function.ts';
import { clockGatePins, meaningOf } from './network.ts';

/** What power needs of the timing analysis. */
export interface PowerTiming {
  /** By net: pins, wires, and loads of output ports. */
  loadsPf: Float64Array;
  /** By net, at its driver. */
  slewNs: { rise: Float64Array; fall: Float64Array };
}

/** Watts of one instance: leakage in nW, the rest in mW (pJ in a ns). */
export interface InstancePower {
  leakageNw: number;
  /** Of clock pins, and of all others. */
  clockPinsMw: number;
  internalMw: number;
}

/** The unconditional, and those under a condition. */
interface Groups {
  rest: InternalPower[];
  when: { expr: BoolExpr; power: InternalPower }[];
}

/**
 * Leakage and internal power of instances. Nets are independent of each other, as in the propagation; a condition that names an output of a
 * gate means the output's function of the inputs.
 */
export class CellPower {
  private readonly maker = new FunctionMaker();
  private readonly probability: Float64Array;
  private readonly toggles: Float64Array;
  private readonly openSlot: number;
  private readonly timing: PowerTiming;
  private readonly plans = new Map<LibraryCell, CellPlan>();

  constructor(design: GateNetlist, probability: Float64Array, toggles: Float64Array, timing: PowerTiming) {
    this.openSlot = design.nets.length;
    this.probability = new Float64Array(design.nets.length + 1);
    this.probability.set(probability);
    this.probability[this.openSlot] = 0.5;
    this.toggles = toggles;
    this.timing = timing;
  }

  of(instance: GateInstance): InstancePower {
    const plan = this.planOf(instance.cell);
    const meaning = this.meaningOf(instance, plan);
    let clockPinsMw = 0;
    let internalMw = 0;
    for (const pin of plan.inputs) {
      const net = instance.pins[pin.at]!;
      if (net < 0) continue;
      const toggles = this.toggles[net]!;
      if (toggles === 0) continue;
      const rise = this.timing.slewNs.rise[net]! || 0;
      const fall = this.timing.slewNs.fall[net]! || 0;
      const power = toggles * this.energy(plan, `${pin.name}`, pin.groups, meaning, rise, fall, 0);
      if (pin.clock) clockPinsMw += power;
      else internalMw += power;
    }
    for (const output of plan.outputs) {
      const net = instance.pins[output.at]!;
      if (net >= 0 && this.toggles[net]! > 0)
        internalMw += this.toggles[net]! * this.outputEnergy(plan, output, instance, meaning);
    }
    return { leakageNw: this.leakage(plan, meaning), clockPinsMw, internalMw };
  }

  /** Cells that were met and have tables of energy that are not read. */
  unreadCells(): string[] {
    return [...this.plans.values()].filter(({ unread }) => unread).map(({ cell }) => cell.name);
  }

  /** Each state's leakage by the chance of the state (the first that holds counts); what no state covers leaks as the cell's default. */
  private leakage(plan: CellPlan, meaning: (name: string) => Meaning): number {
    const { cell, leakageNames } = plan;
    const { leakageStates, leakageNw } = cell;
    if (leakageStates.length === 0) return leakageNw;
    let rest = 1;
    let sum = 0;
    for (const [at, state] of leakageStates.entries()) {
      const chance = this.chance(
        `${cell.name}/leak${at}`,
        leakageNames,
        meaning,
        (levelOf) =>
          plan.evaluate(state.when, levelOf) === 1 &&
          !leakageStates.slice(0, at).some(({ when }) => plan.evaluate(when, levelOf) === 1),
      );
      // Too many pins for a table: the state on its own, by its own pins.
      const share =
        chance ??
        this.chance(
          `${cell.name}/leak${at}?`,
          plan.names(state.when),
          meaning,
          (levelOf) => plan.evaluate(state.when, levelOf) === 1,
        ) ??
        0;
      const counted = Math.min(rest, share);
      sum += counted * state.leakageNw;
      rest -= counted;
    }
    return sum + Math.max(0, rest) * leakageNw;
  }

  private chance(
    key: string,
    names: readonly string[],
    meaning: (name: string) => Meaning,
    holds: (levelOf: (name: string) => 0 | 1) => boolean,
  ): number | undefined {
    const made = this.maker.compile(key, names, meaning, (levelOf) => (holds(levelOf) ? 1 : 0));
    return made && probabilityOf(made, this.probability);
  }

  /** pJ of one toggle: the mean of rise and fall; groups under a condition by its chance, the unconditional for what is left. */
  private energy(
    plan: CellPlan,
    key: string,
    groups: Groups,
    meaning: (name: string) => Meaning,
    riseSlewNs: number,
    fallSlewNs: number,
    loadPf: number,
    given?: { names: string[]; holds: (levelOf: (name: string) => 0 | 1) => boolean; chance: number },
  ): number {
    const of = ({ rise, fall }: InternalPower) =>
      (valueAt(rise, riseSlewNs, loadPf) + valueAt(fall, fallSlewNs, loadPf)) / 2;
    let rest = 1;
    let sum = 0;
    for (const [at, { expr, power }] of groups.when.entries()) {
      const names = plan.names(expr);
      const holds = (levelOf: (name: string) => 0 | 1) => plan.evaluate(expr, levelOf) === 1;
      const both = given
        ? this.chance(
            `${plan.cell.name}/${key}/${at}&`,
            [...new Set([...names, ...given.names])],
            meaning,
            (levelOf) => holds(levelOf) && given.holds(levelOf),
          )
        : undefined;
      const chance =
        both !== undefined && given
          ? both / given.chance
          : (this.chance(`${plan.cell.name}/${key}/${at}`, names, meaning, holds) ?? 0);
      const share = Math.min(rest, chance);
      sum += share * of(power);
      rest -= share;
    }
    for (const power of groups.rest) sum += Math.max(0, rest) * of(power);
    return sum;
  }

  /**
   * pJ of one toggle of an output: by the inputs that cause it. An input causes the share of its own term of the transition density; within
   * that share a condition has its chance among the states in which the output follows the input. A register's and a clock gate's outputs
   * are caused by the clock.
   */
  private outputEnergy(
    plan: CellPlan,
    output: OutputPlan,
    instance: GateInstance,
    meaning: (name: string) => Meaning,
  ): number {
    const load = this.timing.loadsPf[instance.pins[output.at]!]! || 0;
    const causes = output.function ? this.causes(plan, output, instance, meaning) : [];
    if (causes.length === 0) {
      const names = output.clock === undefined ? [...output.related.keys()] : [output.clock];
      const usable = names.filter((name) => output.related.has(name));
      if (usable.length === 0) return this.energy(plan, `${output.name}/*`, output.unrelated, meaning, 0, 0, load);
      let sum = 0;
      for (const name of usable) {
        const { rise, fall } = this.slews(instance, plan, name, 'non-unate');
        sum +=
          this.energy(plan, `${output.name}/${name}`, output.related.get(name)!, meaning, rise, fall, load) /
          usable.length;
      }
      return sum;
    }
    let sum = 0;
    for (const { name, share, chance, sense } of causes) {
      const groups = output.related.get(name) ?? output.unrelated;
      const { rise, fall } = this.slews(instance, plan, name, sense);
      const follows = {
        names: output.names,
        holds: (levelOf: (name: string) => 0 | 1) => plan.follows(output, name, levelOf),
        chance,
      };
      sum +=
        share *
        this.energy(
          plan,
          `${output.name}/${name}`,
          groups,
          meaning,
          rise,
          fall,
          load,
          chance > 0 ? follows : undefined,
        );
    }
    return sum;
  }

  private causes(
    plan: CellPlan,
    output: OutputPlan,
    instance: GateInstance,
    meaning: (name: string) => Meaning,
  ): { name: string; share: number; chance: number; sense: Sense }[] {
    const { names } = output;
    const found: { name: string; weight: number; chance: number; sense: Sense }[] = [];
    for (const name of names) {
      const means = meaning(name);
      if (typeof means !== 'object' || means.slot === this.openSlot) continue;
      const chance = this.chance(`${plan.cell.name}/${output.name}/d${name}`, names, meaning, (levelOf) =>
        plan.follows(output, name, levelOf),
      );
      if (chance === undefined) return [];
      found.push({ name, chance, weight: chance * this.toggles[means.slot]!, sense: output.senses.get(name)! });
    }
    const all = found.reduce((sum, { weight }) => sum + weight, 0);
    if (all > 0) return found.map(({ weight, ...one }) => ({ ...one, share: weight / all }));
    // The output was recorded to toggle though by these probabilities nothing makes it: its inputs share alike.
    const moving = found.filter(({ name }) => this.toggles[instance.pins[plan.cell.pinIndex.get(name)!]!]! > 0);
    const among = moving.length > 0 ? moving : found;
    return among.map(({ weight: _weight, ...one }) => ({ ...one, share: 1 / among.length }));
  }

  /** Slews of an input at the output's rise and fall. */
  private slews(instance: GateInstance, plan: CellPlan, name: string, sense: Sense): { rise: number; fall: number } {
    const net = instance.pins[plan.cell.pinIndex.get(name) ?? -1] ?? -1;
    if (net < 0) return { rise: 0, fall: 0 };
    const rise = this.timing.slewNs.rise[net]! || 0;
    const fall = this.timing.slewNs.fall[net]! || 0;
    if (sense === 'positive') return { rise, fall };
    if (sense === 'negative') return { rise: fall, fall: rise };
    return { rise: (rise + fall) / 2, fall: (rise + fall) / 2 };
  }

  private meaningOf(instance: GateInstance, plan: CellPlan): (name: string) => Meaning {
    const plain = meaningOf(instance, this.openSlot, this.openSlot);
    const { states } = plan;
    if (states.length === 0) return plain;
    // A state is known by the net of an output that shows it.
    const shown = states.find(({ at }) => instance.pins[at]! >= 0);
    const own = new Map(states.map(({ name, inverted }) => [name, inverted]));
    const { sequential } = plan.cell;
    return (name) => {
      const inverted = name === sequential?.state ? false : name === sequential?.inverse ? true : own.get(name);
      if (inverted === undefined || !shown) return plain(name);
      return { slot: instance.pins[shown.at]!, inverted: inverted !== shown.inverted };
    };
  }

  private planOf(cell: LibraryCell): CellPlan {
    const kept = this.plans.get(cell);
    if (kept) return kept;
    const made = new CellPlan(cell);
    this.plans.set(cell, made);
    return made;
  }
}

type Sense = 'positive' | 'negative' | 'non-unate';

interface OutputPlan {
  name: string;
  at: number;
  /** Of a gate; of registers and clock gates none. */
  function?: BoolExpr;
  names: string[];
  senses: Map<string, Sense>;
  related: Map<string, Groups>;
  unrelated: Groups;
  /** What causes its toggles, where there is no function. */
  clock?: string;
}

/** A library cell, arranged for power. */
class CellPlan {
  readonly inputs: { name: string; at: number; clock: boolean; groups: Groups }[] = [];
  readonly outputs: OutputPlan[] = [];
  /** Outputs that show a register's state. */
  readonly states: { name: string; at: number; inverted: boolean }[] = [];
  readonly leakageNames: string[];
  /** It has tables of energy that are not read. */
  readonly unread: boolean;
  readonly cell: LibraryCell;

  constructor(cell: LibraryCell) {
    this.cell = cell;
    const { sequential } = cell;
    const gate = clockGatePins(cell);
    const clockExpr = sequential?.kind === 'ff' ? sequential.clockedOn : sequential?.enable;
    const clocks = new Set([...(clockExpr ? pinsOf(clockExpr) : []), ...(gate ? [gate.clock] : [])]);
    for (const [at, pin] of cell.pins.entries()) {
      const shows = sequential && pin.function && stateShown(pin.function, sequential.state, sequential.inverse);
      if (shows !== undefined) this.states.push({ name: pin.name, at, inverted: shows });
      if (pin.power.length === 0) continue;
      if (pin.direction === 'output' || pin.direction === 'inout') {
        const plain = pin.function && !sequential && !gate ? pin.function : undefined;
        const names = plain ? pinsOf(plain) : [];
        const related = new Map<string, InternalPower[]>();
        for (const power of pin.power) {
          if (power.relatedPin === undefined) continue;
          for (const name of power.relatedPin.split(/\s+/)) related.set(name, [...(related.get(name) ?? []), power]);
        }
        const clock = [...clocks].find((name) => related.has(name));
        this.outputs.push({
          name: pin.name,
          at,
          ...(plain && { function: plain }),
          names,
          senses: new Map(names.map((name) => [name, plain ? senseOf(plain, name) : 'non-unate'])),
          related: new Map([...related].map(([name, powers]) => [name, grouped(powers)])),
          unrelated: grouped(pin.power.filter(({ relatedPin }) => relatedPin === undefined)),
          ...(clock !== undefined && { clock }),
        });
      } else {
        this.inputs.push({ name: pin.name, at, clock: clocks.has(pin.name), groups: grouped(pin.power) });
      }
    }
    const groups = cell.pins.flatMap(({ power }) => power);
    this.unread = groups.some(({ rise, fall }) => [rise, fall].some((table) => table && !isRead(table)));
    this.leakageNames = [...new Set(cell.leakageStates.flatMap(({ when }) => this.names(when)))];
  }

  /** Pins that an expression hangs on, with an output's function in its place. */
  names(expr: BoolExpr): string[] {
    const found = pinsOf(expr).flatMap((name) => {
      const of = this.functionOf(name);
      return of ? pinsOf(of) : [name];
    });
    return [...new Set(found)];
  }

  evaluate(expr: BoolExpr, levelOf: (name: string) => 0 | 1): 0 | 1 {
    return evaluateExpr(expr, (name) => {
      const of = this.functionOf(name);
      return of ? evaluateExpr(of, levelOf) : levelOf(name);
    });
  }

  /** Whether an output changes with one of its inputs, the others being as they are. */
  follows({ function: of }: OutputPlan, input: string, levelOf: (name: string) => 0 | 1): boolean {
    if (!of) return false;
    const at = (value: 0 | 1) => evaluateExpr(of, (name) => (name === input ? value : levelOf(name)));
    return at(0) !== at(1);
  }

  private functionOf(name: string): BoolExpr | undefined {
    if (this.cell.sequential || this.cell.clockGate !== undefined) return undefined;
    const at = this.cell.pinIndex.get(name);
    const pin = at === undefined ? undefined : this.cell.pins[at]!;
    return pin?.direction === 'output' ? pin.function : undefined;
  }
}

function grouped(powers: readonly InternalPower[]): Groups {
  const rest: InternalPower[] = [];
  const when: Groups['when'] = [];
  for (const power of powers) {
    if (power.when) when.push({ expr: power.when, power });
    else rest.push(power);
  }
  return { rest, when };
}

function valueAt(table: Table | undefined, slewNs: number, loadPf: number): number {
  return table && isRead(table) ? lookupDelay(table, slewNs, loadPf) : 0;
}

/** Tables over anything but the input's slew and the output's load are not read. */
function isRead({ variables }: Table): boolean {
  return variables.length < 3 && variables.every((variable) => variable === 'input-slew' || variable === 'output-load');
}

function senseOf(expr: BoolExpr, input: string): Sense {
  const found = unateness(expr, input);
  return found === 'none' ? 'non-unate' : found;
}

/** Whether a function is a register's state (false), its inverse (true), or something else. */
function stateShown(expr: BoolExpr, state: string, inverse: string): boolean | undefined {
  if (expr.kind === 'pin') return expr.name === state ? false : expr.name === inverse ? true : undefined;
  if (expr.kind !== 'not') return undefined;
  const of = stateShown(expr.of, state, inverse);
  return of === undefined ? undefined : !of;
}
