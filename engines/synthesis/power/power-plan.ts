import { evaluateExpr, mapPins, pinsOf, unateness } from '../liberty/expression.ts';
import type { BoolExpr, InternalPower, LibraryCell, Table } from '../liberty/types.ts';
import { type BitFunction, compile, compileExpr, type Meaning } from './bit-function.ts';
import { clockGatePins } from './network.ts';
import { meaningIn, type Wiring } from './wiring.ts';

export type Sense = 'positive' | 'negative' | 'non-unate';

/** Energies of a pin: those under a condition, with its chance, and those for the rest. */
export interface Energies {
  when: {
    chance?: BitFunction;
    /** The condition while the output follows the input. */
    meeting?: BitFunction;
    power: InternalPower;
  }[];
  rest: InternalPower[];
}

export interface OutputPlan {
  at: number;
  /** Inputs that make it toggle. */
  causes: {
    at: number;
    /** Where the output follows the input. Absent for clocks of registers: always. */
    difference?: BitFunction;
    sense: Sense;
    energies: Energies;
  }[];
  /** Where no cause is known. */
  unrelated: Energies;
  /** Room for the weights and chances of the causes. */
  weights: Float64Array;
  chances: Float64Array;
}

/** What power needs of a cell that is wired in one way, over the slots of the wiring. */
export class PowerPlan {
  readonly cell: LibraryCell;
  readonly inputs: { at: number; clock: boolean; energies: Energies }[] = [];
  readonly outputs: OutputPlan[] = [];
  /** The states that leak differently; each without those before it. */
  readonly leakages: { chance: BitFunction | undefined; leakageNw: number }[];
  /** The wired output by which a register's state is known. */
  readonly shown: { at: number; inverted: boolean } | undefined;
  /** It has tables of energy that are not read. */
  readonly unread: boolean;
  private readonly meaning: (name: string) => Meaning;
  private readonly keepsState: boolean;

  constructor(wiring: Wiring) {
    const { cell } = wiring;
    this.cell = cell;
    this.keepsState = cell.sequential !== undefined || cell.clockGate !== undefined;
    const states = statesShown(cell);
    this.shown = states.find(({ at }) => wiring.first[at]! >= 0);
    this.meaning = meaningOfStates(wiring, states, this.shown !== undefined);
    this.unread = cell.pins.some(({ power }) =>
      power.some(({ rise, fall }) => [rise, fall].some((table) => table && !isRead(table))),
    );
    const clocks = clockPins(cell);
    for (const [at, pin] of cell.pins.entries()) {
      if (pin.power.length === 0 || wiring.first[at]! < 0) continue;
      if (pin.direction === 'output' || pin.direction === 'inout') this.outputs.push(this.outputOf(at, clocks));
      else this.inputs.push({ at, clock: clocks.has(pin.name), energies: this.energiesOf(pin.power) });
    }
    this.leakages = this.leakagesOf();
  }

  private leakagesOf(): PowerPlan['leakages'] {
    const states = this.cell.leakageStates.map(({ when, leakageNw }) => ({ when: this.inPins(when), leakageNw }));
    const names = [...new Set(states.flatMap(({ when }) => pinsOf(when)))];
    return states.map(({ when, leakageNw }, at) => ({
      chance:
        compile(names, this.meaning, (levelOf) =>
          evaluateExpr(when, levelOf) === 1 &&
          !states.slice(0, at).some((before) => evaluateExpr(before.when, levelOf) === 1)
            ? 1
            : 0,
        ) ??
        // Too many pins for one table: the state by its own.
        compileExpr(when, this.meaning),
      leakageNw,
    }));
  }

  private outputOf(at: number, clocks: ReadonlySet<string>): OutputPlan {
    const { cell } = this;
    const pin = cell.pins[at]!;
    const related = new Map<string, InternalPower[]>();
    const unrelated: InternalPower[] = [];
    for (const power of pin.power) {
      if (power.relatedPin === undefined) unrelated.push(power);
      else for (const name of power.relatedPin.split(/\s+/)) related.set(name, [...(related.get(name) ?? []), power]);
    }
    const causes: OutputPlan['causes'] = [];
    if (pin.function && !this.keepsState) {
      for (const name of pinsOf(pin.function)) {
        const difference = this.differenceOf(pin.function, name);
        const input = cell.pinIndex.get(name);
        if (!difference || input === undefined) continue;
        const found = unateness(pin.function, name);
        causes.push({
          at: input,
          difference,
          sense: found === 'none' ? 'non-unate' : found,
          energies: this.energiesOf(related.get(name) ?? unrelated, { function: pin.function, input: name }),
        });
      }
    }
    if (causes.length === 0) {
      // Registers and clock gates: by the clock; where nothing is said of it, by whatever something is said of.
      const clock = [...clocks].filter((name) => related.has(name));
      for (const name of clock.length > 0 ? clock : unrelated.length > 0 ? [] : related.keys()) {
        const input = cell.pinIndex.get(name);
        if (input === undefined) continue;
        causes.push({ at: input, sense: 'non-unate', energies: this.energiesOf(related.get(name)!) });
      }
    }
    return {
      at,
      causes,
      unrelated: this.energiesOf(unrelated),
      weights: new Float64Array(causes.length),
      chances: new Float64Array(causes.length),
    };
  }

  private differenceOf(of: BoolExpr, input: string): BitFunction | undefined {
    return typeof this.meaning(input) === 'object'
      ? compile(pinsOf(of), this.meaning, (levelOf) => follows(of, input, levelOf))
      : undefined;
  }

  private energiesOf(powers: readonly InternalPower[], through?: { function: BoolExpr; input: string }): Energies {
    const energies: Energies = { when: [], rest: [] };
    for (const power of powers) {
      if (!power.when) {
        energies.rest.push(power);
        continue;
      }
      const when = this.inPins(power.when);
      const chance = compileExpr(when, this.meaning);
      const meeting =
        through &&
        compile(
          [...new Set([...pinsOf(when), ...pinsOf(through.function)])],
          this.meaning,
          (levelOf) => (evaluateExpr(when, levelOf) & follows(through.function, through.input, levelOf)) as 0 | 1,
        );
      energies.when.push({ ...(chance && { chance }), ...(meeting && { meeting }), power });
    }
    return energies;
  }

  /** A condition that names an output of a gate means the output's function of the inputs. */
  private inPins(when: BoolExpr): BoolExpr {
    if (this.keepsState) return when;
    const { cell } = this;
    return mapPins(when, (name) => {
      const pin = cell.pins[cell.pinIndex.get(name) ?? -1];
      return pin?.direction === 'output' && pin.function ? pin.function : { kind: 'pin', name };
    });
  }
}

/** 1 where a function changes with one of its inputs, the others being as they are. */
function follows(of: BoolExpr, input: string, levelOf: (name: string) => 0 | 1): 0 | 1 {
  const at = (value: 0 | 1) => evaluateExpr(of, (name) => (name === input ? value : levelOf(name)));
  return at(0) === at(1) ? 0 : 1;
}

function clockPins(cell: LibraryCell): Set<string> {
  const { sequential } = cell;
  const clock = sequential?.kind === 'ff' ? sequential.clockedOn : sequential?.enable;
  const gate = clockGatePins(cell);
  return new Set([...(clock ? pinsOf(clock) : []), ...(gate ? [gate.clock] : [])]);
}

/** Outputs that are a register's state, or its inverse. */
function statesShown({ sequential, pins }: LibraryCell): { name: string; at: number; inverted: boolean }[] {
  if (!sequential) return [];
  const inverted = (expr: BoolExpr): boolean | undefined => {
    if (expr.kind === 'pin') {
      return expr.name === sequential.state ? false : expr.name === sequential.inverse ? true : undefined;
    }
    const of = expr.kind === 'not' ? inverted(expr.of) : undefined;
    return of === undefined ? undefined : !of;
  };
  return pins.flatMap(({ name, function: of, direction }, at) => {
    const found = direction === 'output' && of ? inverted(of) : undefined;
    return found === undefined ? [] : [{ name, at, inverted: found }];
  });
}

/** Outputs that show the state mean the state, so that a condition over both of them is one over one variable. */
function meaningOfStates(
  wiring: Wiring,
  states: readonly { name: string; inverted: boolean }[],
  known: boolean,
): (name: string) => Meaning {
  const plain = meaningIn(wiring);
  const own = new Map(states.map(({ name, inverted }) => [name, inverted]));
  return (name) => {
    const inverted = known ? own.get(name) : undefined;
    return inverted === undefined ? plain(name) : { slot: wiring.stateSlot, inverted };
  };
}

/** Tables over anything but the input's slew and the output's load are not read. */
export function isRead({ variables }: Table): boolean {
  return variables.length < 3 && variables.every((variable) => variable === 'input-slew' || variable === 'output-load');
}
