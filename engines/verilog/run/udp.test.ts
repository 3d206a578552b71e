import { describe, expect, it } from 'vitest';
import { UdpLogic } from './udp.ts';

const row = (text: string) => {
  const [inputs, ...rest] = text.split(':').map((part) => part.trim());
  const output = rest.pop()!;
  return { inputs: inputs!.split(' '), state: rest[0], output };
};

describe('a table of levels', () => {
  const mux = new UdpLogic({
    name: 'mux',
    inputs: 3,
    sequential: false,
    initial: 2,
    rows: ['0 ? 0 : 0', '1 ? 0 : 1', '? 0 1 : 0', '? 1 1 : 1', '0 0 x : 0', '1 1 x : 1'].map(row),
  });
  it('gives x where no row fits', () => {
    expect(mux.next([1, 0, 0], 2, -1, 2)).toBe(1);
    expect(mux.next([1, 0, 1], 2, -1, 2)).toBe(0);
    expect(mux.next([1, 1, 2], 2, -1, 2)).toBe(1);
    expect(mux.next([1, 0, 2], 2, -1, 2)).toBe(2);
  });
});

describe('a flip-flop with reset', () => {
  // d, clk, reset
  const flop = new UdpLogic({
    name: 'dff',
    inputs: 3,
    sequential: true,
    initial: 0,
    rows: [
      '? ? 1 : ? : 0',
      '0 r 0 : ? : 0',
      '1 r 0 : ? : 1',
      '1 (0x) 0 : 1 : 1',
      '? n 0 : ? : -',
      '* ? 0 : ? : -',
      '? ? (?0) : ? : -',
    ].map(row),
  });
  it('takes d on a rising clock', () => {
    expect(flop.next([1, 1, 0], 0, 1, 0)).toBe(1);
    expect(flop.next([0, 1, 0], 1, 1, 0)).toBe(0);
  });
  it('keeps its state on other changes', () => {
    expect(flop.next([1, 0, 0], 1, 1, 1)).toBe(1);
    expect(flop.next([0, 0, 0], 1, 0, 1)).toBe(1);
  });
  it('has the level row before the edge row', () => {
    expect(flop.next([1, 1, 1], 1, 1, 0)).toBe(0);
  });
  it('stays known from 0 to x only where the table says so', () => {
    expect(flop.next([1, 2, 0], 1, 1, 0)).toBe(1);
    expect(flop.next([1, 2, 0], 0, 1, 0)).toBe(2);
  });
});
