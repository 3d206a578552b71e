import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateNetlist } from '../gates/types.ts';
import type { LibraryCell } from '../liberty/types.ts';
import { type ActivityOptions, activitiesOf } from './activity.ts';
import { analysePower } from './analyse.ts';
import {
  cell,
  clock,
  constraints,
  energy,
  flipFlop,
  func,
  library,
  netlist,
  netOf,
  plainTiming,
} from './gates.fixture.ts';
import type { PowerParts } from './types.ts';

const HALF: ActivityOptions = { mode: 'vectorless', inputToggles: 0.5, inputProbability: 0.5 };
const grid = (base: number) => ({
  variables: ['input-slew' as const, 'output-load' as const],
  axes: [Float64Array.of(0, 0.1), Float64Array.of(0, 0.01)],
  // base + 2 slew + 100 load
  values: Float64Array.of(base, base + 1, base + 0.2, base + 1.2),
});

const CELLS = {
  INV: cell('INV', {
    inputs: ['A'],
    outputs: { Y: '!A' },
    capacitancePf: 0.002,
    leakageNw: 9,
    leakageStates: { A: 4, '!A': 2 },
    power: { Y: [{ relatedPin: 'A', rise: grid(0.01), fall: grid(0.03) }] },
  }),
  NAND2: cell('NAND2', {
    inputs: ['A', 'B'],
    outputs: { Y: '!(A & B)' },
    leakageNw: 8,
    leakageStates: { 'A & B': 16, '!Y & A': 1000 },
    power: {
      A: [energy(0.001)],
      Y: [energy(0.01, { relatedPin: 'A' }), energy(0.04, { relatedPin: 'B' })],
    },
  }),
  XOR2: cell('XOR2', {
    inputs: ['A', 'B'],
    outputs: { Y: 'A ^ B' },
    power: {
      Y: [
        energy(0.01, { relatedPin: 'A', when: 'B' }),
        energy(0.02, { relatedPin: 'A', when: '!B' }),
        energy(0.05, { relatedPin: 'B' }),
      ],
    },
  }),
  OA21: cell('OA21', {
    inputs: ['A', 'B', 'C'],
    outputs: { Y: '(A | B) & C' },
    power: { Y: [energy(0.01, { relatedPin: 'C', when: 'A & B' }), energy(0.03, { relatedPin: 'C' })] },
  }),
  BUF: cell('BUF', {
    inputs: ['A'],
    outputs: { Y: 'A' },
    power: { Y: [energy(0.004, { relatedPin: 'A' })] },
    leakageNw: 1,
  }),
  DFF: cell('DFF', {
    inputs: ['D', 'CK'],
    outputs: { Q: 'IQ', QN: 'IQN' },
    sequential: flipFlop('D'),
    leakageNw: 7,
    leakageStates: { Q: 3, QN: 5 },
    power: {
      CK: [energy(0.02, { fall: 0.01 })],
      D: [energy(0.002, { when: 'CK' }), energy(0.004)],
      Q: [energy(0.03, { relatedPin: 'CK' })],
    },
  }),
} satisfies Record<string, LibraryCell>;

function powerOf(
  design: GateNetlist,
  options = HALF,
  given = constraints([clock('clk', 2)]),
  timing = plainTiming(design),
  voltageV = 1,
) {
  return analysePower(design, library(CELLS, voltageV), activitiesOf(design, given, options), timing);
}

describe('by hand', () => {
  it('an inverter chain', () => {
    const design = netlist('a : y', ['u1 INV A=a Y=n', 'u2 INV A=n Y=y'], CELLS);
    const given = constraints([clock('virtual', 2, { sources: [] })]);
    const options: ActivityOptions = { mode: 'vectorless', inputToggles: 0.4, inputProbability: 0.25 };
    const report = powerOf(design, options, given, plainTiming(design, { outputPf: 0.01, slewNs: 0.05 }), 2);
    const [first, second] = report.byInstance;
    // 0.2 toggles a ns. u1 drives 2 fF: 1/2 x 0.002 x 2^2 x 0.2 mW; u2 the port's 10 fF.
    expect(first!.switchingUw).toBeCloseTo(0.8, 10);
    expect(second!.switchingUw).toBeCloseTo(4, 10);
    // (0.01 + 0.03) / 2 + 2 x 0.05 + 100 x load, pJ.
    expect(first!.internalUw).toBeCloseTo(200 * (0.02 + 0.1 + 0.2), 9);
    expect(second!.internalUw).toBeCloseTo(200 * (0.02 + 0.1 + 1), 9);
    expect(first!.leakageNw).toBeCloseTo(0.25 * 4 + 0.75 * 2, 9);
    expect(second!.leakageNw).toBeCloseTo(0.75 * 4 + 0.25 * 2, 9);
    expect(report.total.totalUw).toBeCloseTo(4.8 + 64 + 224 + 0.006, 8);
    // The port a drives u1's pin: paid by what drives the port.
    expect(report.inputNetsUw).toBeCloseTo(0.8, 10);
  });

  it('a toggling flip-flop', () => {
    const design = netlist('clk : q', ['u1 DFF D=qn CK=clk Q=q QN=qn'], CELLS);
    const report = powerOf(design, HALF, undefined, plainTiming(design, { outputPf: 0.003 }));
    // 500 MHz: Q and D toggle 0.5 times a ns, the clock once. qn drives D's 1 fF.
    expect(report.total.switchingUw).toBeCloseTo(500 * 0.5 * (0.003 + 0.001), 10);
    const clockPin = 1000 * 0.015;
    expect(report.total.internalUw).toBeCloseTo(clockPin + 500 * (0.5 * 0.002 + 0.5 * 0.004) + 500 * 0.03, 10);
    expect(report.total.leakageNw).toBeCloseTo(4, 8);
    const groups = Object.fromEntries(report.byGroup.map((group) => [group.name, group]));
    expect(groups['clock network']).toMatchObject({ cells: 0, areaUm2: 0, leakageNw: 0, switchingUw: 0 });
    expect(groups['clock network']!.internalUw).toBeCloseTo(clockPin, 10);
    expect(groups.sequential).toMatchObject({ cells: 1 });
  });

  it('an output whose inputs cost differently, each by its share of the toggles', () => {
    const design = netlist('a b : y', ['u1 NAND2 A=a B=b Y=y'], CELLS);
    const given = constraints([clock('v', 1, { sources: [] }), clock('w', 4, { sources: [] })], {
      inputDelays: [
        { port: 'b', clock: 'w', clockEdge: 'rise', delayNs: { minRise: 0, minFall: 0, maxRise: 0, maxFall: 0 } },
      ],
    });
    const options: ActivityOptions = { mode: 'vectorless', inputToggles: 0.5, inputProbability: 0.25 };
    // a toggles 1/2, b 1/8 a ns; each passes a quarter of the time.
    const report = powerOf(design, options, given);
    expect(report.total.internalUw).toBeCloseTo(500 * 0.001 + 1000 * ((1 / 8) * 0.01 + (1 / 32) * 0.04), 9);
    // A & B: 1/16; then !Y & A, which is the same: never. The default for the rest.
    expect(report.total.leakageNw).toBeCloseTo(16 / 16 + (8 * 15) / 16, 9);
  });

  it('conditions, by their chance among the states in which the input shows', () => {
    const given = constraints([clock('v', 1, { sources: [] })]);
    const options: ActivityOptions = { mode: 'vectorless', inputToggles: 0.25, inputProbability: 0.25 };
    const xor = powerOf(netlist('a b : y', ['u1 XOR2 A=a B=b Y=y'], CELLS), options, given);
    expect(xor.total.internalUw).toBeCloseTo(250 * (0.25 * 0.01 + 0.75 * 0.02) + 250 * 0.05, 9);
    // C shows while A | B, 7/16; within that A & B is 1/7. Changes of A and B have no energies of their own.
    const oa = powerOf(netlist('a b c : y', ['u1 OA21 A=a B=b C=c Y=y'], CELLS), options, given);
    expect(oa.total.internalUw).toBeCloseTo(250 * (7 / 16) * ((1 / 7) * 0.01 + (6 / 7) * 0.03), 9);
  });

  it('nets with several drivers count once', () => {
    const bus = { TBUF: cell('TBUF', { inputs: ['A', 'EN'], outputs: { Y: 'A' }, threeState: '!EN' }) };
    const design = netlist('clk a b e f : y', ['u1 TBUF A=a EN=e Y=y', 'u2 TBUF A=b EN=f Y=y'], bus);
    const report = powerOf(design, HALF, undefined, plainTiming(design, { outputPf: 0.01 }));
    // Each is on half of the time: 1/2 toggles a cycle of 2 ns.
    expect(report.byInstance.map(({ switchingUw }) => switchingUw)).toEqual([
      expect.closeTo(0.625, 10),
      expect.closeTo(0.625, 10),
    ]);
  });

  it('buffers and gates of the clock belong to its network', () => {
    const design = netlist('clk d : q', ['b1 BUF A=clk Y=c', 'b2 BUF A=d Y=n', 'f1 DFF D=n CK=c Q=q'], CELLS);
    const groups = powerOf(design).byGroup;
    expect(groups.map(({ name, cells }) => [name, cells]).sort()).toEqual([
      ['clock network', 1],
      ['combinational', 1],
      ['sequential', 1],
    ]);
  });

  it('energies over what is not read are said', () => {
    const odd = cell('ODD', {
      inputs: ['A'],
      outputs: { Y: 'A' },
      power: {
        Y: [
          {
            relatedPin: 'A',
            rise: { variables: ['other'], axes: [Float64Array.of(0, 1)], values: Float64Array.of(1, 2) },
          },
        ],
      },
    });
    const report = powerOf(netlist('clk a : y', ['u1 ODD A=a Y=y'], { ODD: odd }));
    expect(report.problems.map(({ code }) => code)).toContain('power-unread-table');
    expect(report.total.internalUw).toBe(0);
  });

  it('expressions know their pins', () => expect(func('A B').kind).toBe('and'));
});

describe('a shift register with feedback', () => {
  it('takes nearly the power that was recorded when its activity is propagated', () => {
    const bits = 7;
    const lines = Array.from({ length: bits }, (_, i) => `f${i} DFF D=${i === 0 ? 'n' : `q${i - 1}`} CK=clk Q=q${i}`);
    const design = netlist('clk : q6', [...lines, 'x XOR2 A=q6 B=q5 Y=n'], CELLS);
    // x^7 + x^6 + 1 goes through all 127 states: recorded for two rounds, at 10 ns a cycle.
    let state: number[] = Array.from({ length: bits }, (_, i) => (i === 0 ? 1 : 0));
    const cycles = 2 * 127;
    const toggles = new Array<number>(bits).fill(0);
    const high = new Array<number>(bits).fill(0);
    for (let cycle = 0; cycle < cycles; cycle++) {
      const next = [state[6]! ^ state[5]!, ...state.slice(0, 6)];
      next.forEach((bit, i) => {
        toggles[i]! += bit ^ state[i]!;
        high[i]! += 10 * bit;
      });
      state = next;
    }
    const durationNs = 10 * cycles;
    const recorded = high.map((highNs, i) => ({
      path: `tb.dut.q${i}`,
      highNs,
      lowNs: durationNs - highNs,
      unknownNs: 0,
      toggles: toggles[i]!,
    }));
    const clk = {
      path: 'tb.dut.clk',
      highNs: durationNs / 2,
      lowNs: durationNs / 2,
      unknownNs: 0,
      toggles: 2 * cycles,
    };
    const recording = { durationNs, instance: '', bits: [...recorded, clk] };
    const given = constraints([clock('clk', 2)]);
    const propagated = powerOf(design, { ...HALF, inputToggles: 0 }, given);
    const measured = powerOf(design, { ...HALF, mode: 'recorded', recording }, given);
    // 64 of 127 states have a bit at 1, and 64 of 127 steps change it.
    expect(toggles).toEqual(new Array(bits).fill(128));
    expect(measured.total.totalUw / propagated.total.totalUw).toBeGreaterThan(0.99);
    expect(measured.total.totalUw / propagated.total.totalUw).toBeLessThan(1.03);
    expect(measured.activity.annotatedNets).toBe(8);
  });
});

describe('any netlist', () => {
  const names = Object.keys(CELLS) as (keyof typeof CELLS)[];
  const arbitrary = fc
    .array(
      fc.record({
        cell: fc.constantFrom(...names),
        scope: fc.constantFrom('', 'u/', 'u/v/'),
        picks: fc.array(fc.nat(40), { minLength: 3, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 30 },
    )
    .map((parts) => {
      const nets = ['a', 'b', 'c', 'clk', ...parts.map((_, i) => `n${i}`)];
      return netlist(
        'clk a b c : n0',
        parts.map(({ cell: name, scope, picks }, i) => {
          let pick = 0;
          const wires = CELLS[name].pins.map((pin) =>
            pin.direction === 'output'
              ? `${pin.name}=${pin.name === 'QN' ? '-' : `n${i}`}`
              : `${pin.name}=${nets[picks[pick++]! % nets.length]}`,
          );
          return `${scope}x${i} ${name} ${wires.join(' ')}`;
        }),
        CELLS,
      );
    });
  const sum = (parts: readonly PowerParts[]): PowerParts => {
    const all = { leakageNw: 0, internalUw: 0, switchingUw: 0, totalUw: 0 };
    for (const part of parts) for (const key of Object.keys(all) as (keyof PowerParts)[]) all[key] += part[key];
    return all;
  };

  it('has breakdowns that add up to the total to the last bit', () => {
    fc.assert(
      fc.property(arbitrary, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (design, periodNs) => {
        const report = powerOf(design, HALF, constraints([clock('clk', periodNs)]));
        for (const breakdown of [report.byInstance, report.byModule, report.byLine, report.byGroup]) {
          expect(sum(breakdown)).toEqual(report.total);
        }
        const { cells } = sumCells(report.byGroup);
        expect(cells).toBe(design.instances.length);
      }),
    );
  });

  it('takes twice the dynamic power, and the same leakage, with a clock twice as fast', () => {
    fc.assert(
      fc.property(arbitrary, (design) => {
        const slow = powerOf(design, HALF, constraints([clock('clk', 4)])).total;
        const fast = powerOf(design, HALF, constraints([clock('clk', 2)])).total;
        // Apart from the step to which parts are rounded.
        expect(fast.internalUw).toBeCloseTo(2 * slow.internalUw, 6);
        expect(fast.switchingUw).toBeCloseTo(2 * slow.switchingUw, 6);
        expect(fast.leakageNw).toBeCloseTo(slow.leakageNw, 6);
      }),
    );
  });

  it('takes the power of its two halves', () => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (one, other) => {
        const merged: GateNetlist = {
          top: 'top',
          nets: [...one.nets, ...other.nets],
          ports: [
            ...one.ports,
            ...other.ports.map(({ name, direction, net }) => ({
              name: `${name}_`,
              direction,
              net: net + one.nets.length,
            })),
          ],
          instances: [
            ...one.instances,
            ...other.instances.map((instance) => ({
              ...instance,
              name: `o/${instance.name}`,
              pins: instance.pins.map((net) => (net < 0 ? net : net + one.nets.length)),
            })),
          ],
        };
        const both = powerOf(merged, HALF, constraints([clock('clk', 2), clock('clk_', 2)])).total;
        expect(both.totalUw).toBeCloseTo(powerOf(one).total.totalUw + powerOf(other).total.totalUw, 6);
      }),
    );
  });

  it('leaves nets that nothing moves without dynamic power', () => {
    const design = netlist('clk a : y', ['u1 INV A=a Y=y'], CELLS);
    const report = powerOf(design, { ...HALF, inputToggles: 0 });
    expect(report.total.internalUw + report.total.switchingUw).toBe(0);
    expect(netOf(design, 'y')).toBeGreaterThan(0);
  });
});

function sumCells(of: readonly { cells: number }[]): { cells: number } {
  return { cells: of.reduce((all, { cells }) => all + cells, 0) };
}
