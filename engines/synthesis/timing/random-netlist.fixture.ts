import type { GateInstance, GateNet, GateNetlist, GatePort } from '../gates/types.ts';
import type { Library, LibraryCell } from '../liberty/types.ts';

/**
 * A seeded random netlist of so many cells: a tenth registers on one clock `clk`, the rest combinational in levels, every input from one
 * of the last few hundred nets before it, so that depth is bounded and fanout is uneven.
 */
export function randomNetlist(library: Library, cells: number, seed: number, levels = 40): GateNetlist {
  const next = random(seed);
  const gates = [...library.cells.values()].filter(isGate);
  const flop = [...library.cells.values()].find(isFlop);
  if (!flop || gates.length === 0) throw new Error('The library has no gates or no register.');
  const nets: GateNet[] = [];
  const net = (name: string) => nets.push({ name, aliases: [name] }) - 1;
  const ports: GatePort[] = [{ name: 'clk', direction: 'input', net: net('clk') }];
  const inputs: number[] = [];
  for (let i = 0; i < 32; i++) {
    inputs.push(net(`in[${i}]`));
    ports.push({ name: `in[${i}]`, direction: 'input', net: inputs[i] as number });
  }
  const instances: GateInstance[] = [];
  const flops = Math.floor(cells / 10);
  const outputs: number[] = [];
  const place = (cell: LibraryCell, choose: (pin: string) => number, name: string) => {
    const pins = new Int32Array(cell.pins.length).fill(-3);
    cell.pins.forEach((pin, i) => {
      pins[i] = pin.direction === 'input' ? choose(pin.name) : net(`${name}_${pin.name}`);
    });
    instances.push({ name, cell, pins, module: 'random', scope: '' });
    return pins;
  };
  const level0 = [...inputs];
  const clockPin = flop.pins.find(({ clock }) => clock)?.name ?? 'CK';
  for (let i = 0; i < flops; i++) {
    const pins = place(flop, (pin) => (pin === clockPin ? 0 : -1), `r${i}`);
    flop.pins.forEach((pin, k) => {
      if (pin.direction === 'output' && outputs.length <= i) {
        level0.push(pins[k] as number);
        outputs.push(pins[k] as number);
      }
    });
  }
  let before = level0;
  const perLevel = Math.ceil((cells - flops) / levels);
  const all: number[][] = [level0];
  for (let made = 0; made < cells - flops; ) {
    const here: number[] = [];
    for (let i = 0; i < perLevel && made < cells - flops; i++, made++) {
      const cell = gates[Math.floor(next() * gates.length)] as LibraryCell;
      const pins = place(
        cell,
        () => {
          const from = next() < 0.8 ? before : (all[Math.floor(next() * all.length)] as number[]);
          return from[Math.floor(next() * from.length)] as number;
        },
        `g${made}`,
      );
      cell.pins.forEach((pin, k) => {
        if (pin.direction === 'output') here.push(pins[k] as number);
      });
    }
    all.push(here);
    before = here;
  }
  for (let i = 0; i < flops; i++) {
    const instance = instances[i] as GateInstance;
    flop.pins.forEach((pin, k) => {
      if (pin.direction !== 'input' || pin.name === clockPin) return;
      const from = all[all.length - 1 - Math.floor(next() * 5)] ?? before;
      instance.pins[k] = from[Math.floor(next() * from.length)] as number;
    });
  }
  for (let i = 0; i < 32; i++) {
    ports.push({ name: `out[${i}]`, direction: 'output', net: before[Math.floor(next() * before.length)] as number });
  }
  return { top: 'random', nets, ports, instances };
}

function isGate(cell: LibraryCell): boolean {
  const inputs = cell.pins.filter(({ direction }) => direction === 'input');
  const outputs = cell.pins.filter(({ direction }) => direction === 'output');
  return (
    cell.sequential === undefined &&
    cell.clockGate === undefined &&
    inputs.length > 0 &&
    outputs.length > 0 &&
    outputs.every(({ function: means, threeState, arcs }) => means && !threeState && arcs.length > 0)
  );
}

function isFlop(cell: LibraryCell): boolean {
  const { sequential } = cell;
  return (
    sequential?.kind === 'ff' &&
    sequential.clear === undefined &&
    sequential.preset === undefined &&
    cell.pins.filter(({ direction }) => direction === 'input').length === 2
  );
}

/** Park and Miller's generator: the same on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
