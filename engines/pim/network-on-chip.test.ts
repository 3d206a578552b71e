import { describe, expect, it } from 'vitest';
import { chipOf } from './evaluate/small-program.ts';
import { distance, NetworkOnChip, seatOf } from './network-on-chip.ts';

const mesh = chipOf({ cores: { x: 4, y: 3 }, network: { kind: 'mesh', busGBps: 25.6, linkGBps: 8, hopNs: 4 } });
const chips = chipOf({ ...mesh, chips: { x: 2, y: 2, linkGBps: 2 } });

describe('distance', () => {
  it('counts hops of XY routing, one on a bus', () => {
    expect(seatOf(mesh, 6)).toEqual({ chip: 0, x: 2, y: 1 });
    expect(distance(mesh, 0, 11)).toEqual({ hops: 5, crossings: 0 });
    expect(distance(chipOf(), 0, 143)).toEqual({ hops: 1, crossings: 0 });
  });

  it('goes over the corners of both chips, and over chips between', () => {
    // Core 5 is (1, 1) of chip 0; core 36 + 11 is (3, 2) of chip 3, a column and a row of chips away.
    expect(distance(chips, 5, 47)).toEqual({ hops: 2 + 5, crossings: 2 });
  });
});

describe('NetworkOnChip', () => {
  it('sends over a mesh in hops and the time of the body', () => {
    const network = new NetworkOnChip(mesh);
    expect(network.send(0, 11, 80, 100)).toBe(100 + 5 * 4 + 10);
    // The sender is done when the body has left.
    expect(network.departedNs).toBe(110);
  });

  it('lets transfers on different links pass each other, and queues those that share one', () => {
    const network = new NetworkOnChip(mesh);
    expect(network.send(0, 1, 80, 0)).toBe(14);
    expect(network.send(4, 5, 80, 0)).toBe(14);
    // 1 -> 2 -> 3 and 2 -> 3 share the link from 2 to 3.
    expect(network.send(1, 3, 80, 0)).toBe(18);
    expect(network.send(2, 3, 80, 0)).toBe(4 + 10 + 4 + 10);
  });

  it('goes both ways on links of their own', () => {
    const network = new NetworkOnChip(mesh);
    expect(network.send(0, 4, 80, 0)).toBe(14);
    expect(network.send(4, 0, 80, 0)).toBe(14);
    // The way into core 4 is taken from 4 to 14.
    expect(network.send(5, 4, 80, 0)).toBe(24);
  });

  it('queues everything on a bus', () => {
    const network = new NetworkOnChip(chipOf());
    expect(network.send(0, 1, 256, 0)).toBe(10);
    expect(network.send(2, 3, 256, 5)).toBe(20);
    expect(network.send(4, 5, 256, 100)).toBe(110);
  });

  it('stores and forwards between chips', () => {
    const network = new NetworkOnChip(chips);
    // (1, 1) to the corner: 2 hops and the body; 40 ns to each next chip; corner to corner of the last: the body.
    expect(network.send(5, 36, 80, 0)).toBe(8 + 10 + 40 + 40 + 10);
  });
});
