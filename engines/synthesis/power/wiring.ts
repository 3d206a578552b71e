import { type GateInstance, NET_0, NET_1 } from '../gates/types.ts';
import type { LibraryCell } from '../liberty/types.ts';
import type { Meaning } from './bit-function.ts';

/** Instead of a pin: a constant, or nothing. */
const LOW = -1;
const HIGH = -2;
const OPEN = -3;

/**
 * How an instance's pins are wired among themselves: which are on one net, which are constants. What holds for a cell so wired is worked out
 * once, over slots that are the pins, one for a register's state behind them, and one for open pins behind that.
 */
export interface Wiring {
  cell: LibraryCell;
  /** Of each pin, the first pin on the same net. */
  first: Int32Array;
  stateSlot: number;
  openSlot: number;
}

/** Wirings, each made once, with what was made of it. */
export class Wirings<T> {
  private readonly kept = new Map<LibraryCell, Map<string, T>>();
  private readonly make: (wiring: Wiring) => T;

  constructor(make: (wiring: Wiring) => T) {
    this.make = make;
  }

  /** @param caseValues values at which input pins are held ("u1/_2_/A") */
  of(instance: GateInstance, caseValues?: Readonly<Record<string, 0 | 1>>): T {
    const { cell } = instance;
    const first = firstPins(instance, caseValues);
    const key = first.join();
    let ofCell = this.kept.get(cell);
    if (!ofCell) {
      ofCell = new Map();
      this.kept.set(cell, ofCell);
    }
    let found = ofCell.get(key);
    if (found === undefined) {
      const pins = cell.pins.length;
      found = this.make({ cell, first: Int32Array.from(first), stateSlot: pins, openSlot: pins + 1 });
      ofCell.set(key, found);
    }
    return found;
  }

  all(): T[] {
    return [...this.kept.values()].flatMap((ofCell) => [...ofCell.values()]);
  }
}

function firstPins({ name, cell, pins }: GateInstance, caseValues?: Readonly<Record<string, 0 | 1>>): number[] {
  const first: number[] = [];
  for (let at = 0; at < pins.length; at++) {
    const net = pins[at]!;
    const pin = cell.pins[at]!;
    const held = caseValues && pin.direction === 'input' ? caseValues[`${name}/${pin.name}`] : undefined;
    if (held !== undefined) first.push(held === 0 ? LOW : HIGH);
    else if (net === NET_0) first.push(LOW);
    else if (net === NET_1) first.push(HIGH);
    else if (net < 0) first.push(OPEN);
    else {
      const same = pins.indexOf(net);
      first.push(first[same] !== undefined && first[same] < 0 ? at : same);
    }
  }
  return first;
}

/** What names in the expressions of a cell stand for: slots of the wiring. */
export function meaningIn({ cell, first, stateSlot, openSlot }: Wiring): (name: string) => Meaning {
  const { sequential, pinIndex } = cell;
  return (name) => {
    if (name === sequential?.state) return { slot: stateSlot, inverted: false };
    if (name === sequential?.inverse) return { slot: stateSlot, inverted: true };
    const at = pinIndex.get(name);
    const slot = at === undefined ? OPEN : first[at]!;
    if (slot === LOW) return 0;
    if (slot === HIGH) return 1;
    return { slot: slot === OPEN ? openSlot : slot, inverted: false };
  };
}
