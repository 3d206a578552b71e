import { Stage } from '../program/types.ts';
import { loadPixel } from './latency-copies.ts';
import type { LatencyMachine } from './latency-machine.ts';
import type { MatmulSpec, Unit } from './latency-types.ts';
import type { At } from './latency-vector.ts';

/**
 * A product of two computed tensors, row by row on the vector unit: every core that makes rows keeps the whole second
 * operand, as columns one behind the other, until its last row.
 */
export class MatmulRunner {
  private readonly machine: LatencyMachine;
  private readonly unit: Unit;
  private readonly spec: MatmulSpec;
  /** Rows to come, by core. */
  private readonly rowsLeft: Int32Array;
  /** Address of the second operand in column order, by core; -1 where it is not ready. */
  private readonly columnsAt: Int32Array;

  constructor(machine: LatencyMachine, unit: Unit, spec: MatmulSpec) {
    this.machine = machine;
    this.unit = unit;
    this.spec = spec;
    this.rowsLeft = new Int32Array(machine.heaps.length);
    for (const core of unit.home) this.rowsLeft[core]!++;
    this.columnsAt = new Int32Array(machine.heaps.length).fill(-1);
  }

  make(at: At, out: number, row: number): void {
    const { machine, spec } = this;
    const second = this.secondAt(at);
    const { at: starts, stride, pieces, elements } = spec.second;
    for (let part = 0; part < spec.batch; part++) {
      const [to, from] = [out + part * spec.columns, row + spec.rowAt[part]!];
      machine.dot(at.core, at.layer, at.window, to, from, second + starts[part]!, spec.inner, stride, spec.columns);
    }
    if (--this.rowsLeft[at.core]! > 0) return;
    const { store, from } = this.unit.operands[1]!;
    machine.heaps[at.core]!.free(second, pieces ? elements! : from.pixels * (store.highest - store.lowest));
    store.block[store.slotOf[at.core]!] = -1;
  }

  private secondAt(at: At): number {
    const { machine, spec } = this;
    const { store, from } = this.unit.operands[1]!;
    const slot = store.slotOf[at.core]!;
    if (from.work.do === 'source')
      for (let pixel = 0; pixel < from.pixels; pixel++) loadPixel(machine, store, slot, pixel, at.layer);
    const block = store.block[slot]!;
    const { pieces, elements } = spec.second;
    if (!pieces) return block;
    const known = this.columnsAt[at.core]!;
    if (known >= 0) return known;
    const heap = machine.heaps[at.core]!;
    const ordered = heap.allocate(elements!);
    let to = ordered;
    for (const piece of pieces) {
      const source = block + piece.from;
      machine.gather(at.core, Stage.POST, at.layer, to, source, piece.length, piece.stride, piece.repeats);
      to += piece.length * piece.repeats;
    }
    heap.free(block, from.pixels * (store.highest - store.lowest));
    this.columnsAt[at.core] = ordered;
    return ordered;
  }
}
