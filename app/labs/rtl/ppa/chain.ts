import type { Place } from '../../../../engines/core/result.ts';
import type { Shape } from '../../../../engines/synthesis/schematic-types.ts';
import type { Edge, TimingPath } from '../../../../engines/synthesis/timing/types.ts';

/** A cell or port that a path passes, with the steps that belong to it. */
export interface Link {
  /** Instance, or the port. */
  name: string;
  cell?: string;
  shape: Shape;
  inPin?: string;
  outPin?: string;
  edge: Edge;
  /** Net that the path leaves by; at the end, the one it comes by. */
  net: string;
  /** Indices into the path's points. */
  first: number;
  last: number;
  /** On the wire into it, and through it. */
  wireNs: number;
  cellNs: number;
  arrivalNs: number;
  where?: Place;
}

/** The cells of a path in their order: points of one instance, or one port, are one link. */
export function chainOf(path: TimingPath): Link[] {
  const links: Link[] = [];
  const launching = instanceOf(path.start.name);
  path.points.forEach((point, index) => {
    const isPin = point.cell !== undefined;
    const name = isPin ? instanceOf(point.pin) : point.pin;
    const onWire = point.step === 'net';
    const before = links.at(-1);
    if (before && before.name === name && (before.cell !== undefined) === isPin) {
      before.last = index;
      before.arrivalNs = point.arrivalNs;
      before.edge = point.edge;
      before.net = point.net;
      before.where = point.where ?? before.where;
      if (onWire) before.wireNs += point.delayNs;
      else before.cellNs += point.delayNs;
      if (isPin) before.outPin = pinOf(point.pin);
      return;
    }
    const inPin = isPin ? pinOf(point.pin) : undefined;
    links.push({
      name,
      cell: point.cell,
      shape: isPin ? shapeOf(point.cell ?? '') : 'input',
      inPin: onWire || point.step === 'clock' ? inPin : undefined,
      outPin: onWire || point.step === 'clock' ? undefined : inPin,
      edge: point.edge,
      net: point.net,
      first: index,
      last: index,
      wireNs: onWire ? point.delayNs : 0,
      cellNs: onWire ? 0 : point.delayNs,
      arrivalNs: point.arrivalNs,
      where: point.where,
    });
  });
  // A clock that only times a port is not wired to it: its steps are the port's.
  const [clock, port] = links;
  if (clock && port && clock.cell === undefined && path.points[port.first]?.step === 'input-delay') {
    links.shift();
    port.first = clock.first;
    port.cellNs += clock.cellNs;
    port.wireNs += clock.wireNs;
  }
  const last = links.at(-1);
  if (last && links.length > 1 && last.cell === undefined) last.shape = 'output';
  // The ends are registers whatever their library calls them: it is what the path's check says.
  if (last?.cell !== undefined && REGISTER_CHECKS.has(path.check)) last.shape = 'register';
  const first = links.find(({ name, cell }) => cell !== undefined && name === launching);
  if (first && /flip-flop|latch|register/.test(path.start.kind)) first.shape = 'register';
  return links;
}

const REGISTER_CHECKS = new Set(['setup', 'hold', 'recovery', 'removal']);

/** "u1/_12_/Y" is pin Y of u1/_12_. */
function instanceOf(pin: string): string {
  const at = pin.lastIndexOf('/');
  return at < 0 ? pin : pin.slice(0, at);
}

function pinOf(pin: string): string {
  return pin.slice(pin.lastIndexOf('/') + 1);
}

const SHAPES: readonly (readonly [RegExp, Shape])[] = [
  [/^(AOI|OAI|AO\d|OA\d|MAJ|HA|FA|ADD)/, 'box'],
  [/^(S?DFF|DF|SDF|FD|LATCH|DLAT|DLH|DLL|DLX|TLAT|ICG|CLKGATE)/, 'register'],
  [/^(TBUF|EBUF|TRIBUF)/, 'tristate'],
  [/^(CLK)?(INV|NOT|IV\d|IVX)/, 'inverter'],
  [/^(CLK|DLY)?(BUF|BF|DLY|DEL)/, 'buffer'],
  [/^(XNOR|XNR|XN)/, 'xnor'],
  [/^(XOR|XO|EO)/, 'xor'],
  [/^(NAND|ND)/, 'nand'],
  [/^(NOR|NR)/, 'nor'],
  [/^(AND|AN\d)/, 'and'],
  [/^OR/, 'or'],
  [/^(MUX|MX|NMUX)/, 'mux'],
];

/** The symbol that a cell is drawn with, by how libraries name their cells; a box where the name says nothing. */
export function shapeOf(cell: string): Shape {
  const name = (cell.split('__').at(-1) ?? '').toUpperCase();
  return SHAPES.find(([pattern]) => pattern.test(name))?.[1] ?? 'box';
}
