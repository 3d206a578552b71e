import type { Hardware } from './hardware.ts';

/** Where a core stands. Cores are numbered chip by chip, row by row in a chip; chips row by row. */
export interface Seat {
  chip: number;
  /** In the grid of its chip. */
  x: number;
  y: number;
}

export function seatOf(hardware: Hardware, core: number): Seat {
  const perChip = hardware.cores.x * hardware.cores.y;
  const chip = Math.floor(core / perChip);
  const inside = core - chip * perChip;
  return { chip, x: inside % hardware.cores.x, y: Math.floor(inside / hardware.cores.x) };
}

/** Steps that a transfer takes: hops in chips (a bus counts as one hop), and crossings between neighbouring chips. */
export interface Distance {
  hops: number;
  crossings: number;
}

/**
 * The way of a transfer between two cores. Mesh: XY routing, first along the row. To another chip: over the router at the
 * corner (0, 0) of either chip, and from chip to chip over the grid of chips, XY too (ours: no source describes the gates).
 */
export function distance(hardware: Hardware, from: number, to: number): Distance {
  const a = seatOf(hardware, from);
  const b = seatOf(hardware, to);
  const mesh = hardware.network.kind === 'mesh';
  if (a.chip === b.chip) {
    if (!mesh) return { hops: 1, crossings: 0 };
    return { hops: Math.abs(a.x - b.x) + Math.abs(a.y - b.y), crossings: 0 };
  }
  const across = hardware.chips.x;
  const columns = Math.abs((a.chip % across) - (b.chip % across));
  const rows = Math.abs(Math.floor(a.chip / across) - Math.floor(b.chip / across));
  return { hops: mesh ? a.x + a.y + b.x + b.y : 2, crossings: columns + rows };
}

const EAST = 0;
const WEST = 1;
const SOUTH = 2;
const NORTH = 3;
const OUT = 4;
const IN = 5;
const PORTS = 6;

/**
 * The network under load. Every link, port and bus carries one transfer at a time, first come, first served; a transfer
 * goes over a mesh like a worm: its head takes `hopNs` a hop and waits where a link is taken, its body follows at the
 * link's bandwidth. Between chips it is stored and forwarded. Ask in the order of time.
 */
export class NetworkOnChip {
  private readonly hardware: Hardware;
  private readonly perChip: number;
  /** When each link is free again: six a core (four neighbours, out of the core, into it). */
  private readonly links: Float64Array;
  private readonly buses: Float64Array;
  private readonly crossings: Float64Array;
  /** When the sender has let the last transfer go: earlier than its arrival. */
  departedNs = 0;

  constructor(hardware: Hardware) {
    this.hardware = hardware;
    this.perChip = hardware.cores.x * hardware.cores.y;
    const chips = hardware.chips.x * hardware.chips.y;
    this.links = new Float64Array(chips * this.perChip * PORTS);
    this.buses = new Float64Array(chips);
    this.crossings = new Float64Array(chips * PORTS);
  }

  /** Sends `bytes` at `nowNs`; answers with the time at which the last byte has arrived. Sets `departedNs`. */
  send(from: number, to: number, bytes: number, nowNs: number): number {
    const fromChip = Math.floor(from / this.perChip);
    const toChip = Math.floor(to / this.perChip);
    if (fromChip === toChip) {
      const arrived = this.inside(from, to, bytes, nowNs);
      return arrived;
    }
    let at = this.inside(from, fromChip * this.perChip, bytes, nowNs);
    const departed = this.departedNs;
    at = this.betweenChips(fromChip, toChip, bytes, at);
    at = this.inside(toChip * this.perChip, to, bytes, at);
    this.departedNs = departed;
    return at;
  }

  private inside(from: number, to: number, bytes: number, nowNs: number): number {
    const { kind, busGBps, linkGBps, hopNs } = this.hardware.network;
    if (kind === 'bus') {
      const chip = Math.floor(from / this.perChip);
      const arrived = Math.max(nowNs, this.buses[chip]!) + bytes / busGBps;
      this.buses[chip] = arrived;
      this.departedNs = arrived;
      return arrived;
    }
    const body = bytes / linkGBps;
    const across = this.hardware.cores.x;
    let head = this.take(from * PORTS + OUT, nowNs, body);
    this.departedNs = head + body;
    let at = from;
    let dx = (to % this.perChip) % across;
    dx -= (from % this.perChip) % across;
    for (; dx > 0; dx--, at++) head = this.take(at * PORTS + EAST, head, body) + hopNs;
    for (; dx < 0; dx++, at--) head = this.take(at * PORTS + WEST, head, body) + hopNs;
    while (at < to) {
      head = this.take(at * PORTS + SOUTH, head, body) + hopNs;
      at += across;
    }
    while (at > to) {
      head = this.take(at * PORTS + NORTH, head, body) + hopNs;
      at -= across;
    }
    return this.take(to * PORTS + IN, head, body) + body;
  }

  /** The head passes a link as soon as it is free; the link is taken until the body has passed too. */
  private take(link: number, nowNs: number, bodyNs: number): number {
    const start = Math.max(nowNs, this.links[link]!);
    this.links[link] = start + bodyNs;
    return start;
  }

  private betweenChips(from: number, to: number, bytes: number, nowNs: number): number {
    const across = this.hardware.chips.x;
    const body = bytes / this.hardware.chips.linkGBps;
    let at = from;
    let time = nowNs;
    const step = (port: number, by: number) => {
      const link = at * PORTS + port;
      time = Math.max(time, this.crossings[link]!) + body;
      this.crossings[link] = time;
      at += by;
    };
    for (let dx = (to % across) - (from % across); dx !== 0; dx -= Math.sign(dx))
      step(dx > 0 ? EAST : WEST, Math.sign(dx));
    while (at < to) step(SOUTH, across);
    while (at > to) step(NORTH, -across);
    return time;
  }
}
