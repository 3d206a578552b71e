/** Storage of automatic variables: a frame for each call and process, boxes so that branches of a fork can share what existed before it. */
import type * as ir from '../ir/types.ts';
import { defaultValue } from './layout.ts';
import type { Value } from './machine.ts';

export interface Cell {
  value: Value;
  /** Called when the value has changed: event controls. */
  heard?: (() => void)[];
  /** First event object, of a named event. */
  event?: number;
}

/** To be called after a cell was written. */
export function tell(cell: Cell): void {
  const { heard } = cell;
  if (heard !== undefined) for (const run of [...heard]) run();
}

export interface Frame {
  cells: Cell[];
}

export function emptyFrame(): Frame {
  return { cells: [] };
}

/** Cells are shared; what a branch declares itself is its own. */
export function forkFrame(frame: Frame): Frame {
  return { cells: frame.cells.slice() };
}

/** Which cell of the frame each automatic variable of one process or subprogram has. */
export class Slots {
  private readonly design: ir.Design;
  private readonly known = new Map<ir.SignalId, number>();

  constructor(design: ir.Design) {
    this.design = design;
  }

  of(signal: ir.SignalId): number {
    const known = this.known.get(signal);
    if (known !== undefined) return known;
    const slot = this.known.size;
    this.known.set(signal, slot);
    return slot;
  }

  /** A function that gives the variables new cells with their default values. */
  fresh(signals: readonly ir.SignalId[]): (frame: Frame) => void {
    const made = signals
      .filter((id) => this.design.signals[id]!.automatic)
      .map((id) => ({ slot: this.of(id), type: this.design.signals[id]!.type }));
    return (frame) => {
      for (let i = 0; i < made.length; i++) frame.cells[made[i]!.slot] = { value: defaultValue(made[i]!.type) };
    };
  }

  /** The cell of a variable; made where no block has entered it yet. */
  cell(signal: ir.SignalId): (frame: Frame) => Cell {
    const slot = this.of(signal);
    const { type } = this.design.signals[signal]!;
    return (frame) => {
      const cell = frame.cells[slot];
      if (cell !== undefined) return cell;
      const made = { value: defaultValue(type) };
      frame.cells[slot] = made;
      return made;
    };
  }
}
