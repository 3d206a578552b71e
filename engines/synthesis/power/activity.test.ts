import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateNetlist } from '../gates/types.ts';
import { type ActivityOptions, activitiesOf } from './activity.ts';
import { CELLS, clock, constraints, netlist, netOf } from './gates.fixture.ts';
import { ORIGIN, type RecordedBit } from './types.ts';

const HALF: ActivityOptions = { mode: 'vectorless', inputToggles: 0.5, inputProbability: 0.5 };
const CLK = [clock('clk', 2)];

/** Probability and toggles a cycle of 2 ns. */
function of(design: GateNetlist, options: ActivityOptions, given = constraints(CLK)) {
  const found = activitiesOf(design, given, options);
  return {
    ...found,
    at(name: string): [probability: number, perCycle: number] {
      const net = netOf(design, name);
      return [found.probability[net]!, found.togglesPerNs[net]! * 2];
    },
    originOf: (name: string) => found.origin[netOf(design, name)],
  };
}

describe('gates', () => {
  const design = netlist('clk a b : y', [
    'u1 AND2 A=a B=b Y=and',
    'u2 OR2 A=a B=b Y=or',
    'u3 XOR2 A=a B=b Y=xor',
    'u4 NAND2 A=a B=b Y=nand',
    'u5 INV A=and Y=y',
    'u6 NAND2 A=a B=a Y=tied',
    'u7 NAND2 A=a B=1 Y=one',
    'u8 NAND2 A=a B=0 Y=never',
    'u9 TIE1 Y=high',
  ]);
  const one = of(design, { mode: 'vectorless', inputToggles: 0.25, inputProbability: 0.25 });

  it('take probabilities and densities of two inputs, by hand', () => {
    // P = 1/4 each, D = 1/4 each. dAND/da = b, dOR/da = !b, dXOR/da = 1.
    expect(one.at('and')).toEqual([1 / 16, 2 * (1 / 4) * (1 / 4)]);
    expect(one.at('or')).toEqual([7 / 16, 2 * (1 / 4) * (3 / 4)]);
    expect(one.at('xor')).toEqual([6 / 16, 1 / 2]);
    expect(one.at('nand')).toEqual([15 / 16, 1 / 8]);
    expect(one.at('y')).toEqual([15 / 16, 1 / 8]);
  });

  it('take pins on one net as one variable, and constants as none', () => {
    expect(one.at('tied')).toEqual([3 / 4, 1 / 4]);
    expect(one.at('one')).toEqual([3 / 4, 1 / 4]);
    expect(one.at('never')).toEqual([1, 0]);
    expect(one.at('high')).toEqual([1, 0]);
    expect(one.originOf('high')).toBe(ORIGIN.constant);
    expect(one.originOf('never')).toBe(ORIGIN.propagated);
    expect(one.originOf('a')).toBe(ORIGIN.default);
  });

  it('toggle at most twice in a cycle', () => {
    const tree = netlist('clk a b c d e : y', [
      'u1 XOR2 A=a B=b Y=n1',
      'u2 XOR2 A=n1 B=c Y=n2',
      'u3 XOR2 A=n2 B=d Y=n3',
      'u4 XOR2 A=n3 B=e Y=y',
    ]);
    const found = of(tree, HALF);
    expect(found.at('n3')[1]).toBe(2);
    expect(found.at('y')[1]).toBe(2);
  });

  it('drive a bus in turn', () => {
    const bus = of(netlist('clk a b e f : y', ['u1 TBUF A=a EN=e Y=y', 'u2 TBUF A=b EN=f Y=y']), {
      mode: 'vectorless',
      inputToggles: 0.25,
      inputProbability: 0.25,
    });
    expect(bus.at('y')).toEqual([1 / 4, 2 * (1 / 4) * (1 / 4)]);
  });
});

describe('registers', () => {
  it('of random data toggle 2 p (1 - p) times, but not more often than the data', () => {
    const design = netlist('clk d : q', ['u1 DFF D=d CK=clk Q=q QN=qn']);
    expect(of(design, { mode: 'vectorless', inputToggles: 1, inputProbability: 0.25 }).at('q')).toEqual([0.25, 0.375]);
    const slow = of(design, { mode: 'vectorless', inputToggles: 0.125, inputProbability: 0.25 });
    expect(slow.at('q')).toEqual([0.25, 0.125]);
    expect(slow.at('qn')).toEqual([0.75, 0.125]);
  });

  it('that toggle do so at every edge', () => {
    const found = of(netlist('clk : q', ['u1 DFF D=n CK=clk Q=q', 'u2 INV A=q Y=n']), HALF);
    expect(found.at('q')).toEqual([0.5, 1]);
    expect(found.at('n')).toEqual([0.5, 1]);
    expect(found.at('clk')).toEqual([0.5, 2]);
  });

  it('of a counter toggle half as often from bit to bit', () => {
    const design = netlist('clk : q3', [
      'f0 DFF D=d0 CK=clk Q=q0',
      'f1 DFF D=d1 CK=clk Q=q1',
      'f2 DFF D=d2 CK=clk Q=q2',
      'f3 DFF D=d3 CK=clk Q=q3',
      'u0 INV A=q0 Y=d0',
      'u1 XOR2 A=q1 B=q0 Y=d1',
      'u2 AND2 A=q1 B=q0 Y=c2',
      'u3 XOR2 A=q2 B=c2 Y=d2',
      'u4 AND2 A=c2 B=q2 Y=c3',
      'u5 XOR2 A=q3 B=c3 Y=d3',
    ]);
    const found = of(design, HALF);
    for (const [bit, perCycle] of [1, 0.5, 0.25, 0.125].entries()) expect(found.at(`q${bit}`)).toEqual([0.5, perCycle]);
  });

  it('hold while they are not enabled, in the cell and by a multiplexer alike', () => {
    const options: ActivityOptions = { mode: 'vectorless', inputToggles: 0.5, inputProbability: 0.5 };
    const within = of(netlist('clk d e : q', ['u1 DFFE D=d EN=e CK=clk Q=q']), options);
    const around = of(netlist('clk d e : q', ['u1 MUX2 A=q B=d S=e Y=n', 'u2 DFF D=n CK=clk Q=q']), options);
    // n0 = 1/4, n1 = 3/4: p = 1/2, 1/4 toggles a cycle.
    expect(within.at('q')).toEqual([0.5, 0.25]);
    expect(around.at('q')).toEqual([0.5, 0.25]);
    // Data and enable that hardly move: e / (1 - c) = (P(EN) D(d) + P(d != q) D(en)) / (1 - P(!EN)) = 2 (1/2 + 1/2) / 64.
    const slow = { ...options, inputToggles: 1 / 64 };
    expect(of(netlist('clk d e : q', ['u1 DFFE D=d EN=e CK=clk Q=q']), slow).at('q')[1]).toBeCloseTo(2 / 64, 6);
    expect(
      of(netlist('clk d e : q', ['u1 MUX2 A=q B=d S=e Y=n', 'u2 DFF D=n CK=clk Q=q']), slow).at('q')[1],
    ).toBeCloseTo(2 / 64, 6);
  });

  it('shift through many stages without loss', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `f${i} DFF D=${i === 0 ? 'd' : `q${i - 1}`} CK=clk Q=q${i}`);
    expect(of(netlist('clk d : q99', lines), { ...HALF, inputProbability: 0.25 }).at('q99')).toEqual([0.25, 0.375]);
  });

  it('take a reset input as released, and a reset that logic makes as it comes', () => {
    const released = of(netlist('clk d rst : q', ['u1 INV A=rst Y=rn', 'u2 DFFR D=d RN=rn CK=clk Q=q']), HALF);
    expect(released.at('rst')).toEqual([0, 0]);
    expect(released.at('rn')).toEqual([1, 0]);
    expect(released.at('q')).toEqual([0.5, 0.5]);
    const made = of(netlist('clk d a b : q', ['u1 OR2 A=a B=b Y=rn', 'u2 DFFR D=d RN=rn CK=clk Q=q']), HALF);
    // Free 3/4 of the time; resets come with D(rn) = 1/2, and clear a 1 in half of the cases.
    expect(made.at('q')).toEqual([0.75 * 0.5, 0.75 * 0.5 + 0.5 * 0.5]);
  });

  it('that are latches let data through while open', () => {
    const latch = netlist('clk d g : q', ['u1 LATCH D=d G=g Q=q']);
    // Open half the time: 1/4; opened 1/4 times a cycle, and then otherwise in half of the cases: 1/8.
    expect(of(latch, HALF).at('q')).toEqual([0.5, 0.375]);
    expect(of(latch, HALF, constraints(CLK, { caseValues: { g: 1 } })).at('q')).toEqual([0.5, 0.5]);
  });
});

describe('clocks', () => {
  it('toggle twice a period through buffers, gates and dividers', () => {
    const design = netlist('clk d e : q', [
      'b1 BUF A=clk Y=c1',
      'g1 ICG CK=c1 E=e GCK=gc',
      'a1 AND2 A=c1 B=e Y=ac',
      'f1 DFF D=d CK=gc Q=q',
      'f2 DFF D=d CK=ac Q=q2',
      'f3 DFF D=n3 CK=c1 Q=half',
      'i3 INV A=half Y=n3',
      'f4 DFF D=d CK=half Q=q4',
    ]);
    const found = of(design, { ...HALF, inputToggles: 1, inputProbability: 0.25 });
    expect(found.at('c1')).toEqual([0.5, 2]);
    expect(found.at('gc')).toEqual([0.125, 0.5]);
    expect(found.at('ac')).toEqual([0.125, 0.5]);
    expect(found.originOf('gc')).toBe(ORIGIN.clock);
    // A quarter of the edges come through: 2 p (1 - p) of them.
    expect(found.at('q')).toEqual([0.25, 0.25 * 0.375]);
    expect(found.at('q2')).toEqual([0.25, 0.25 * 0.375]);
    expect(found.at('half')).toEqual([0.5, 1]);
    expect(found.at('q4')).toEqual([0.25, 0.5 * 0.375]);
    const generated = constraints([
      ...CLK,
      clock('div', 8, { waveformNs: [0, 2], sources: [{ kind: 'pin', instance: 'f3', pin: 'Q' }] }),
    ]);
    expect(of(design, HALF, generated).at('half')).toEqual([0.25, 0.5]);
  });

  it('that are missing leave nothing to count, and say so', () => {
    const found = of(netlist('a : y', ['u1 INV A=a Y=y']), HALF, constraints([]));
    expect(found.at('y')).toEqual([0.5, 0]);
    expect(found.problems.map(({ code }) => code)).toContain('power-no-clock');
  });

  it('set the pace of inputs by the clock of their delay', () => {
    const none = { minRise: 0, minFall: 0, maxRise: 0, maxFall: 0 };
    const given = constraints([...CLK, clock('slow', 8, { sources: [] })], {
      inputDelays: [{ port: 'a', clock: 'slow', clockEdge: 'rise', delayNs: none }],
    });
    const found = of(netlist('clk a b : y', ['u1 AND2 A=a B=b Y=y']), HALF, given);
    expect(found.at('a')[1]).toBe(0.125);
    expect(found.at('b')[1]).toBe(0.5);
  });
});

describe('one rate', () => {
  it('holds for all data, not for clocks and constants', () => {
    const design = netlist('clk a e : q', [
      'u1 INV A=a Y=n',
      'f1 DFF D=n CK=gc Q=q QN=qn',
      'g1 ICG CK=clk E=e GCK=gc',
      'u2 TIE1 Y=high',
    ]);
    const found = of(design, { mode: 'default', inputToggles: 0.1, inputProbability: 0.5 });
    for (const name of ['a', 'n', 'q', 'qn']) expect(found.at(name)).toEqual([0.5, 0.1]);
    expect(found.at('clk')[1]).toBe(2);
    expect(found.at('gc')[1]).toBe(1);
    expect(found.at('high')).toEqual([1, 0]);
  });
});

describe('a recording', () => {
  const bit = (path: string, toggles: number, highNs: number, unknownNs = 0): RecordedBit => ({
    path,
    toggles,
    highNs,
    unknownNs,
    lowNs: 1000 - highNs - unknownNs,
  });
  const design = netlist('clk a b : y', [
    'u1 AND2 A=a B=b Y=n1',
    'f1 DFF D=n1 CK=clk Q=q QN=qn',
    'u2 XOR2 A=qn B=a Y=y',
  ]);
  // The internal nets go by names that no user knows.
  for (const net of design.nets) if (net.name === 'n1' || net.name === 'qn') net.aliases = [];
  const bits = [
    bit('tb.clk', 200, 500),
    bit('tb.dut.clk', 200, 500),
    bit('tb.dut.a', 40, 250),
    bit('tb.dut.b', 20, 400, 200),
    bit('tb.dut.q', 10, 100),
    bit('tb.dut.gone', 3, 100),
  ];

  it('is found by the names below the instance, and overrides what is propagated', () => {
    const found = of(design, { ...HALF, mode: 'recorded', recording: { durationNs: 1000, instance: '', bits } });
    // Recorded at 10 ns a cycle, wanted at 2 ns: 100 cycles.
    expect(found.at('a')).toEqual([0.25, 0.4]);
    expect(found.at('b')).toEqual([0.5, 0.2]);
    expect(found.at('q')).toEqual([0.1, 0.1]);
    expect(found.at('qn')[0]).toBeCloseTo(0.9, 12);
    expect(found.at('qn')[1]).toBe(0.1);
    expect(found.at('n1')).toEqual([0.125, 0.5 * 0.4 + 0.25 * 0.2]);
    expect(found.at('y')[1]).toBe(0.5);
    expect(found.originOf('q')).toBe(ORIGIN.recorded);
    expect(found.originOf('n1')).toBe(ORIGIN.propagated);
    expect(found.summary).toMatchObject({ nets: 7, annotatedNets: 4, unmatched: ['tb.dut.gone'] });
    expect(found.summary.annotatedPercent).toBeCloseTo(400 / 7, 10);
    expect(found.problems.find(({ code }) => code === 'power-recorded-clock')?.what).toContain('10 ns');
  });

  it('can be taken as it is in time', () => {
    const found = of(design, {
      ...HALF,
      mode: 'recorded',
      perCycle: false,
      recording: { durationNs: 1000, instance: 'tb.dut', bits },
    });
    expect(found.at('a')[1]).toBe(0.08);
    expect(found.at('clk')[1]).toBe(2);
  });

  it('of another design fits nothing and says so', () => {
    const found = of(design, {
      ...HALF,
      mode: 'recorded',
      recording: { durationNs: 10, instance: '', bits: [bit('x.gone', 1, 1)] },
    });
    expect(found.problems.map(({ code }) => code)).toContain('power-nothing-recorded');
    expect(found.summary.annotatedNets).toBe(0);
  });

  it('is that of the design, not of signals of its bench that are named like its ports', () => {
    const same = [bit('tb.a', 4, 1), bit('tb.b', 4, 1), bit('tb.q', 4, 1), bit('tb.errors', 4, 1)];
    const found = of(design, {
      ...HALF,
      mode: 'recorded',
      recording: { durationNs: 1000, instance: '', bits: [...same, ...bits] },
    });
    expect(found.at('a')).toEqual([0.25, 0.4]);
    expect(found.problems.map(({ code }) => code)).not.toContain('power-several-instances');
  });

  it('finds names with characters of all kinds', () => {
    const odd = netlist('clk : y', ['u1 INV A=y Y=$0\\q[1:0][0]', 'f1 DFF D=$0\\q[1:0][0] CK=clk Q=y']);
    const names = odd.nets.map(({ name }) => bit(`tb.u.${name}`, 100, 500));
    const found = of(odd, { ...HALF, mode: 'recorded', recording: { durationNs: 1000, instance: '', bits: names } });
    expect(found.summary).toMatchObject({ annotatedPercent: 100, unmatched: [] });
  });

  it('of two instances alike takes the first and says so', () => {
    const twice = ['dut2', 'dut1'].flatMap((name) => [bit(`tb.${name}.a`, 4, 1), bit(`tb.${name}.clk`, 200, 500)]);
    const found = of(design, { ...HALF, mode: 'recorded', recording: { durationNs: 1000, instance: '', bits: twice } });
    expect(found.problems.find(({ code }) => code === 'power-several-instances')?.what).toContain("'tb.dut1' is taken");
  });
});

describe('any netlist', () => {
  const names = Object.keys(CELLS) as (keyof typeof CELLS)[];
  const arbitrary = fc
    .array(
      fc.record({ cell: fc.constantFrom(...names), picks: fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }) }),
      { maxLength: 25 },
    )
    .map((parts) => {
      const nets = ['a', 'b', 'c', 'clk', ...parts.map((_, i) => `n${i}`)];
      return netlist(
        'clk a b c : n0',
        parts.map(({ cell: name, picks }, i) => {
          const { pins } = CELLS[name];
          let pick = 0;
          const wires = pins.map((pin) =>
            pin.direction === 'output'
              ? pin.name === 'QN'
                ? `${pin.name}=-`
                : `${pin.name}=n${i}`
              : `${pin.name}=${nets[picks[pick++]! % nets.length]}`,
          );
          return `u${i} ${name} ${wires.join(' ')}`;
        }),
      );
    });
  const options = fc.record({
    mode: fc.constantFrom('default' as const, 'vectorless' as const),
    inputToggles: fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000),
    inputProbability: fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000),
  });

  it('has probabilities within 0 and 1, and toggles that are none or more and within two a cycle', () => {
    fc.assert(
      fc.property(arbitrary, options, (design, given) => {
        const { probability, togglesPerNs } = activitiesOf(design, constraints(CLK), given);
        for (const p of probability) expect(p >= 0 && p <= 1).toBe(true);
        for (const t of togglesPerNs) expect(t >= 0 && t <= 1).toBe(true);
      }),
    );
  });

  it('toggles twice as often with a clock twice as fast', () => {
    fc.assert(
      fc.property(arbitrary, options, (design, given) => {
        const slow = activitiesOf(design, constraints(CLK), given);
        const fast = activitiesOf(design, constraints([clock('clk', 1)]), given);
        expect([...fast.probability]).toEqual([...slow.probability]);
        expect([...fast.togglesPerNs]).toEqual([...slow.togglesPerNs].map((rate) => 2 * rate));
      }),
    );
  });
});
