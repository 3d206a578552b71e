import { Operands } from '../../../../../engines/pim/evaluate/operands.ts';
import type { ShownProgram } from '../../state.ts';

/** Elements of a core's local memory that hold a value which is still to be read, from each time until the next. */
export interface MemoryUse {
  timesNs: Float64Array;
  elements: Int32Array;
  peak: number;
}

/** Global addresses lie above this in what `Operands` says. */
const LOCAL = 2 ** 40;

/**
 * Local memory in use by one core over time: a value counts from the moment it begins to be written until its last read
 * has ended. Found backwards through the core's program, range by range.
 */
export function memoryUse(
  { program, trace, mapping }: Pick<ShownProgram, 'program' | 'trace' | 'mapping'>,
  core: number,
): MemoryUse {
  const operands = new Operands(program, mapping.ags);
  const size = program.localElements[core] ?? 0;
  /** When the value now in an element is last read; -1: never again. */
  const until = new Float64Array(size).fill(-1);
  const changes: { at: number; by: number }[] = [];

  const read = (from: number, to: number, endNs: number) => {
    if (from >= LOCAL) return;
    for (let element = Math.max(0, from); element < Math.min(to, size); element++)
      if (until[element]! < endNs) until[element] = endNs;
  };
  const write = (from: number, to: number, startNs: number) => {
    if (from >= LOCAL) return;
    const last = Math.min(to, size);
    for (let element = Math.max(0, from); element < last; ) {
      const end = until[element]!;
      let next = element + 1;
      while (next < last && until[next] === end) next++;
      if (end >= 0) {
        changes.push({ at: startNs, by: next - element });
        changes.push({ at: Math.max(end, startNs), by: element - next });
        until.fill(-1, element, next);
      }
      element = next;
    }
  };

  for (let at = (program.coreStart[core + 1] ?? 0) - 1; at >= (program.coreStart[core] ?? 0); at--) {
    operands.of(at);
    const endNs = trace.endNs[at]!;
    write(operands.write, operands.writeEnd, trace.startNs[at]!);
    read(operands.readA, operands.readAEnd, endNs);
    read(operands.readB, operands.readBEnd, endNs);
  }

  // What ends and begins at one time is never there at once.
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  const times: number[] = [0];
  const elements: number[] = [0];
  let now = 0;
  let peak = 0;
  for (const { at, by } of changes) {
    now += by;
    peak = Math.max(peak, now);
    if (times.at(-1) === at) elements[elements.length - 1] = now;
    else {
      times.push(at);
      elements.push(now);
    }
  }
  return { timesNs: Float64Array.from(times), elements: Int32Array.from(elements), peak };
}

/** As many points as can be seen, the highest of each stretch kept. */
export function thinned({ timesNs, elements }: MemoryUse, most: number): [number, number][] {
  const count = timesNs.length;
  if (count <= most) return Array.from(timesNs, (at, index) => [at, elements[index]!]);
  const end = timesNs[count - 1]!;
  const points: [number, number][] = [];
  let index = 0;
  for (let stretch = 0; stretch < most; stretch++) {
    const until = (end * (stretch + 1)) / most;
    let highest = elements[Math.max(0, index - 1)]!;
    for (; index < count && timesNs[index]! <= until; index++) highest = Math.max(highest, elements[index]!);
    points.push([(end * stretch) / most, highest]);
  }
  points.push([end, elements[count - 1]!]);
  return points;
}
