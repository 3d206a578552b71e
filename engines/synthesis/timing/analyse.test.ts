import { describe, expect, it } from 'vitest';
import { analyseTiming } from './analyse.ts';
import { everywhere, idealClock, noConstraints } from './constraints.ts';
import { handDesign, handLibrary } from './hand.fixture.ts';
import { pathText } from './report-text.ts';
import type { Constraints, ExceptionPoints, TimingException, TimingOptions } from './types.ts';

const library = handLibrary();
const options: TimingOptions = { inputSlewNs: 0, outputLoadPf: 0, paths: 10, wire: { basePf: 0, perFanoutPf: 0 } };

type Parts = Parameters<typeof handDesign>[3];

function analyse(inputs: string[], outputs: string[], parts: Parts, more: Partial<Constraints>, own = options) {
  const design = handDesign(library, inputs, outputs, parts);
  return analyseTiming(design, library, { ...noConstraints(), ...more }, own);
}

function slacks(result: ReturnType<typeof analyse>, name: string) {
  const found = result.report.endpoints.find((one) => one.name === name);
  return [found?.setupSlackNs ?? null, found?.holdSlackNs ?? null];
}

/** Two registers with an inverter between them. */
const PAIR: Parts = [
  ['r1', 'DFF', { D: 'in', CK: 'clk', Q: 'q' }],
  ['u', 'INV', { A: 'q', Y: 'd' }],
  ['r2', 'DFF', { D: 'd', CK: 'clk', Q: 'out' }],
];

function points(more: Partial<ExceptionPoints>): ExceptionPoints {
  return { points: [], clocks: [], instances: [], ...more };
}

function exception(more: Partial<TimingException> & Pick<TimingException, 'kind'>): TimingException {
  return { through: [], setup: true, hold: true, value: 0, ...more };
}

const pin = (instance: string, name: string) => ({ kind: 'pin', instance, pin: name }) as const;

describe('a path between two registers', () => {
  // Q rises 0.11 after the clock with slew 0.03; the inverter falls 0.043 later with slew 0.04; setup 0.06 + 0.004.
  // Q falls 0.13 after the clock with slew 0.04; the inverter rises 0.034 later with slew 0.03; setup 0.05 + 0.003.
  const result = analyse(['clk', 'in'], ['out'], PAIR, { clocks: [idealClock('clk', 1)] });

  it('has the slacks that a person adds up', () => {
    const [setup, hold] = slacks(result, 'r2/D');
    expect(setup).toBeCloseTo(1 - 0.164 - 0.053, 12);
    expect(hold).toBeCloseTo(0.153 - 0.02, 12);
    expect(result.report.summary.worstSlackNs).toBe(setup);
    expect(result.report.summary.criticalPathNs).toBeCloseTo(0.217, 12);
    expect(result.report.summary.fMaxMhz).toBeCloseTo(1000 / 0.217, 8);
    expect(result.report.clocks[0]).toMatchObject({ name: 'clk', registers: 2 });
  });

  it('is traced point by point, with the loads, slews and places', () => {
    const [path] = result.report.holdPaths;
    expect(path?.points.map(({ pin: at, step, edge }) => [at, step, edge])).toEqual([
      ['clk', 'clock', 'rise'],
      ['clk', 'latency', 'rise'],
      ['r1/CK', 'net', 'rise'],
      ['r1/Q', 'cell', 'rise'],
      ['u/A', 'net', 'rise'],
      ['u/Y', 'cell', 'fall'],
      ['r2/D', 'net', 'fall'],
    ]);
    const out = path?.points[5];
    expect(out?.delayNs).toBeCloseTo(0.043, 12);
    expect(out?.arrivalNs).toBeCloseTo(0.153, 12);
    expect(out).toMatchObject({ cell: 'INV', net: 'd', fanout: 1, where: { file: 'top.v', line: 2 } });
    expect(out?.loadPf).toBeCloseTo(0.01, 12);
    expect(out?.slewNs).toBeCloseTo(0.04, 12);
    expect(path?.start).toEqual({ name: 'r1/CK', kind: 'rising edge-triggered flip-flop clocked by clk' });
    expect(path?.requiredNs).toBeCloseTo(0.02, 12);
  });

  it('is printed as timing tools print it', () => {
    const text = pathText(result.report.setupPaths[0] as Parameters<typeof pathText>[0]);
    expect(text).toContain('Startpoint: r1/CK (rising edge-triggered flip-flop clocked by clk)');
    expect(text).toMatch(/0\.1300 v r1\/Q \(DFF\)/);
    expect(text).toMatch(/1\.0000 +1\.0000 +clock clk \(rise edge\)/);
    expect(text).toMatch(/0\.7830 +slack \(MET\)/);
  });

  it('says why the others are not constrained', () => {
    expect(result.report.unconstrained.map(({ name, why }) => [name, why])).toEqual([
      ['out', 'It has no output delay.'],
      ['r1/D', 'Its paths begin at inputs without an input delay, or at registers that no clock reaches.'],
    ]);
    expect(result.report.summary).toMatchObject({ endpoints: 3, unconstrainedEndpoints: 2 });
  });

  it('gives delays and checks for SDF', () => {
    const arcs = result.arcsOf(1);
    expect(arcs.map(({ fromEdge, toEdge }) => [fromEdge, toEdge])).toEqual([
      ['fall', 'rise'],
      ['rise', 'fall'],
    ]);
    expect(arcs[1]?.delayNs).toBeCloseTo(0.043, 12);
    const setup = result.checksOf(2).find(({ role }) => role === 'setup');
    expect(setup?.riseNs).toBeCloseTo(0.053, 12);
    expect(setup?.fallNs).toBeCloseTo(0.064, 12);
  });
});

describe('constraints', () => {
  it('finds a hold violation under uncertainty', () => {
    const parts: Parts = [
      ['r1', 'DFF', { D: 'in', CK: 'clk', Q: 'q' }],
      ['r2', 'DFF', { D: 'q', CK: 'clk', Q: 'out' }],
    ];
    const result = analyse(['clk', 'in'], ['out'], parts, {
      clocks: [idealClock('clk', 1, { uncertaintyNs: { setup: 0.05, hold: 0.2 } })],
    });
    const [setup, hold] = slacks(result, 'r2/D');
    expect(hold).toBeCloseTo(0.11 - 0.02 - 0.2, 12);
    expect(setup).toBeCloseTo(1 - 0.05 - 0.13 - 0.064, 12);
    expect(result.report.summary).toMatchObject({ failingHoldEndpoints: 1, failingEndpoints: 0 });
    expect(result.report.summary.totalNegativeHoldSlackNs).toBeCloseTo(-0.11, 12);
  });

  it('moves hold with the setup of a multicycle, and back', () => {
    const to = points({ points: [pin('r2', 'D')] });
    const cycles = (exceptions: TimingException[]) =>
      slacks(analyse(['clk', 'in'], ['out'], PAIR, { clocks: [idealClock('clk', 1)], exceptions }), 'r2/D');
    const setupOnly = cycles([exception({ kind: 'multicycle', value: 2, hold: false, to })]);
    expect(setupOnly[0]).toBeCloseTo(1.783, 12);
    expect(setupOnly[1]).toBeCloseTo(0.133 - 1, 12);
    const both = cycles([
      exception({ kind: 'multicycle', value: 2, hold: false, to }),
      exception({ kind: 'multicycle', value: 1, setup: false, to }),
    ]);
    expect(both[0]).toBeCloseTo(1.783, 12);
    expect(both[1]).toBeCloseTo(0.133, 12);
  });

  it('counts input and output delays by edge', () => {
    const result = analyse(
      ['clk', 'a'],
      ['y', 'q'],
      [
        ['u', 'INV', { A: 'a', Y: 'd' }],
        ['r', 'DFF', { D: 'd', CK: 'clk', Q: 'q' }],
        ['v', 'BUF', { A: 'a', Y: 'y' }],
      ],
      {
        clocks: [idealClock('clk', 1)],
        inputDelays: [
          {
            port: 'a',
            clock: 'clk',
            clockEdge: 'rise',
            delayNs: { minRise: 0.1, minFall: 0.2, maxRise: 0.3, maxFall: 0.25 },
          },
        ],
        outputDelays: ['y', 'q'].map((port) => ({
          port,
          clock: 'clk',
          clockEdge: 'fall' as const,
          delayNs: { minRise: -0.1, minFall: -0.1, maxRise: 0.2, maxFall: 0.2 },
        })),
      },
    );
    // Rising input at 0.3: the inverter falls at 0.34; falling at 0.25: it rises at 0.28.
    expect(slacks(result, 'r/D')[0]).toBeCloseTo(1 - 0.064 - 0.34, 12);
    expect(slacks(result, 'r/D')[1]).toBeCloseTo(0.1 + 0.04 - 0.02, 12);
    // Captured at the falling edge, 0.5 later, or 0.5 before.
    expect(slacks(result, 'y')[0]).toBeCloseTo(0.5 - 0.2 - 0.34, 12);
    expect(slacks(result, 'y')[1]).toBeCloseTo(0.1 + 0.04 - (-0.5 + 0.1), 12);
    expect(slacks(result, 'q')[0]).toBeCloseTo(0.5 - 0.2 - 0.12, 12);
  });

  it('checks recovery and removal', () => {
    const result = analyse(['clk', 'rst_n', 'a'], ['q'], [['r', 'DFFR', { D: 'a', CK: 'clk', R: 'rst_n', Q: 'q' }]], {
      clocks: [idealClock('clk', 1)],
      inputDelays: [{ port: 'rst_n', clock: 'clk', clockEdge: 'rise', delayNs: everywhere(0.03) }],
    });
    expect(slacks(result, 'r/R')[0]).toBeCloseTo(1 - 0.07 - 0.03, 12);
    expect(slacks(result, 'r/R')[1]).toBeCloseTo(0.03 - 0.04, 12);
    expect(result.report.endpoints.find(({ name }) => name === 'r/R')?.check).toBe('recovery');
    expect(result.report.holdPaths[0]).toMatchObject({ check: 'removal', type: 'min' });
  });

  it('relates a generated clock to its master, ideal and propagated', () => {
    const parts: Parts = [
      ['div', 'DFF', { D: 'n', CK: 'clk', Q: 'half' }],
      ['i', 'INV', { A: 'half', Y: 'n' }],
      ...PAIR.slice(0, 2),
      ['r2', 'DFF', { D: 'd', CK: 'half', Q: 'out' }],
    ];
    const half = idealClock('half', 2, {
      sources: [pin('div', 'Q')],
      generated: { master: 'clk', source: { kind: 'port', name: 'clk' }, divideBy: 2, invert: false },
    });
    const ideal = analyse(['clk', 'in'], ['out'], parts, { clocks: [idealClock('clk', 1), half] });
    expect(slacks(ideal, 'r2/D')[0]).toBeCloseTo(0.783, 12);
    expect(slacks(ideal, 'r2/D')[1]).toBeCloseTo(0.133, 12);
    const propagated = analyse(['clk', 'in'], ['out'], parts, {
      clocks: [idealClock('clk', 1, { propagated: true }), { ...half, propagated: true }],
    });
    // The divider's output rises 0.1 + 0.02 after the master: two pins load it.
    expect(slacks(propagated, 'r2/D')[0]).toBeCloseTo(0.783 + 0.12, 12);
    expect(slacks(propagated, 'r2/D')[1]).toBeCloseTo(0.133 - 0.12, 12);
  });

  it('times half cycles, and clocks that an inverter turns round', () => {
    const falling: Parts = [PAIR[0] as Parts[0], PAIR[1] as Parts[0], ['r2', 'DFFN', { D: 'd', CK: 'clk', Q: 'out' }]];
    const half = analyse(['clk', 'in'], ['out'], falling, { clocks: [idealClock('clk', 1)] });
    expect(slacks(half, 'r2/D')[0]).toBeCloseTo(0.283, 12);
    expect(slacks(half, 'r2/D')[1]).toBeCloseTo(0.133 + 0.5, 12);
    // The period may shrink until half of it is used up.
    expect(half.report.summary.fMaxMhz).toBeCloseTo(1000 / (2 * 0.217), 8);
    const turned: Parts = [
      ...PAIR.slice(0, 2),
      ['c', 'INV', { A: 'clk', Y: 'nclk' }],
      ['r2', 'DFF', { D: 'd', CK: 'nclk', Q: 'out' }],
    ];
    const inverted = analyse(['clk', 'in'], ['out'], turned, { clocks: [idealClock('clk', 1, { propagated: true })] });
    // The inverter rises 0.02 + 0.01 after the falling edge.
    expect(slacks(inverted, 'r2/D')[0]).toBeCloseTo(0.283 + 0.03, 12);
  });

  it('takes the closest edges of clocks over their common period, and none of groups apart', () => {
    const parts: Parts = [...PAIR.slice(0, 2), ['r2', 'DFF', { D: 'd', CK: 'clk2', Q: 'out' }]];
    const clocks = [idealClock('clk', 4), idealClock('clk2', 6)];
    const related = analyse(['clk', 'clk2', 'in'], ['out'], parts, { clocks });
    expect(slacks(related, 'r2/D')[0]).toBeCloseTo(2 - 0.217, 12);
    expect(slacks(related, 'r2/D')[1]).toBeCloseTo(0.133, 12);
    const [path] = related.report.setupPaths;
    expect([path?.points[0]?.arrivalNs, path?.required[0]?.atNs]).toEqual([4, 6]);
    const apart = analyse(['clk', 'clk2', 'in'], ['out'], parts, {
      clocks,
      clockGroups: [{ relation: 'asynchronous', groups: [['clk'], ['clk2']] }],
    });
    expect(slacks(apart, 'r2/D')).toEqual([null, null]);
    expect(apart.report.unconstrained.find(({ name }) => name === 'r2/D')?.why).toMatch(/clocks of different groups/);
    const between = analyse(['clk', 'clk2', 'in'], ['out'], parts, {
      clocks,
      interClockUncertaintyNs: [{ from: 'clk', to: 'clk2', setup: 0.5 }],
    });
    expect(slacks(between, 'r2/D')[0]).toBeCloseTo(1.5 - 0.217, 12);
  });

  it('lets every clock through a multiplexer, until a case chooses', () => {
    const parts: Parts = [
      ['m', 'MUX2', { A: 'clk', B: 'slow', S: 's', Y: 'c' }],
      ['r1', 'DFF', { D: 'in', CK: 'c', Q: 'q' }],
      ['u', 'INV', { A: 'q', Y: 'd' }],
      ['r2', 'DFF', { D: 'd', CK: 'c', Q: 'out' }],
    ];
    const clocks = [idealClock('clk', 1), idealClock('slow', 10)];
    const both = analyse(['clk', 'slow', 's', 'in'], ['out'], parts, { clocks });
    expect(slacks(both, 'r2/D')[0]).toBeCloseTo(0.783, 12);
    expect(both.report.clocks.map(({ registers }) => registers)).toEqual([2, 2]);
    expect(both.report.problems.map(({ code }) => code)).toContain('timing-gated-clock');
    const slow = analyse(['clk', 'slow', 's', 'in'], ['out'], parts, { clocks, caseValues: { s: 1 } });
    expect(slacks(slow, 'r2/D')[0]).toBeCloseTo(9.783, 12);
    expect(slow.report.clocks.map(({ registers }) => registers)).toEqual([0, 2]);
  });

  it('puts false paths before delays before multicycles, and start pins before clocks', () => {
    const setup = (exceptions: TimingException[]) =>
      slacks(analyse(['clk', 'in'], ['out'], PAIR, { clocks: [idealClock('clk', 1)], exceptions }), 'r2/D')[0];
    const multicycle = exception({ kind: 'multicycle', value: 3, hold: false, from: points({ clocks: ['clk'] }) });
    const byPin = exception({ kind: 'multicycle', value: 2, hold: false, from: points({ points: [pin('r1', 'CK')] }) });
    const most = exception({
      kind: 'max-delay',
      value: 0.5,
      hold: false,
      through: [points({ points: [pin('u', 'Y')] })],
    });
    const cut = exception({ kind: 'false-path', through: [points({ instances: ['u'] })] });
    expect(setup([multicycle])).toBeCloseTo(2.783, 12);
    expect(setup([multicycle, byPin])).toBeCloseTo(1.783, 12);
    expect(setup([multicycle, most, byPin])).toBeCloseTo(0.283, 12);
    expect(setup([multicycle, most, cut])).toBeNull();
    // Of the falling output only: what rises has the period.
    const falls = exception({ kind: 'false-path', through: [points({ points: [pin('u', 'Y')], edge: 'rise' })] });
    expect(setup([falls])).toBeCloseTo(1 - 0.153 - 0.064, 12);
  });

  it('carries constants and takes what they stop out of the analysis', () => {
    const parts: Parts = [
      ['n', 'NAND2', { A: 'a', B: 'en', Y: 'd' }],
      ['x', 'XOR2', { A: 'a', B: 'en', Y: 'e' }],
      ['r', 'DFF', { D: 'd', CK: 'clk', Q: 'q' }],
      ['s', 'DFF', { D: 'e', CK: 'clk', Q: 'p' }],
    ];
    const more = {
      clocks: [idealClock('clk', 1)],
      inputDelays: ['a', 'en'].map((port) => ({
        port,
        clock: 'clk',
        clockEdge: 'rise' as const,
        delayNs: everywhere(0),
      })),
    };
    const stopped = analyse(['clk', 'a', 'en'], ['q', 'p'], parts, { ...more, caseValues: { en: 0 } });
    expect(stopped.report.unconstrained.find(({ name }) => name === 'r/D')?.why).toBe('It is constant 1.');
    // XOR with 0 only follows: rises by the rising input alone, 0.06 against 0.07 of falling.
    expect(
      stopped.report.setupPaths
        .find(({ end }) => end.name === 's/D')
        ?.points.map(({ edge }) => edge)
        .slice(-3),
    ).toEqual(['fall', 'fall', 'fall']);
  });

  it('loads nets by a wire model, and delays by its resistance', () => {
    const own: TimingOptions = { ...options, wire: { basePf: 0.002, perFanoutPf: 0.001 } };
    const plain = analyse(['clk', 'in'], ['out'], PAIR, { clocks: [idealClock('clk', 1)] }, own);
    expect(plain.loadsPf[3]).toBeCloseTo(0.013, 12);
    const model = analyse(['clk', 'in'], ['out'], PAIR, { clocks: [idealClock('clk', 1)], wireLoad: 'trees' }, own);
    // Two units long: 0.002 pF and 1 kOhm; to the pin 1 * (0.002 + 0.01).
    const [path] = model.report.holdPaths;
    expect(path?.points.find(({ pin: at }) => at === 'u/A')?.delayNs).toBeCloseTo(0.012, 12);
    expect(path?.points.find(({ pin: at }) => at === 'r1/Q')?.loadPf).toBeCloseTo(0.012, 12);
  });

  it('adds what a driving cell takes with the load beyond what it takes without', () => {
    const result = analyse(['clk', 'in'], [], [['r', 'DFF', { D: 'in', CK: 'clk', Q: 'q' }]], {
      clocks: [idealClock('clk', 1)],
      inputDelays: [{ port: 'in', clock: 'clk', clockEdge: 'rise', delayNs: everywhere(0.3) }],
      drivingCells: { in: { cell: 'BUF', inputTransitionNs: { rise: 0, fall: 0 } } },
    });
    // 0.01 pF: 0.01 more delay; slew 0.04 falling.
    expect(slacks(result, 'r/D')[0]).toBeCloseTo(1 - 0.31 - 0.064, 12);
  });
});

describe('what is not timed', () => {
  it('names latches, and the endpoints behind them', () => {
    const result = analyse(
      ['clk', 'in'],
      ['out'],
      [
        ['l', 'LAT', { D: 'in', G: 'clk', Q: 'q' }],
        ['u', 'INV', { A: 'q', Y: 'd' }],
        ['r', 'DFF', { D: 'd', CK: 'clk', Q: 'out' }],
      ],
      { clocks: [idealClock('clk', 1)] },
    );
    const latch = result.report.problems.find(({ code }) => code === 'timing-latch');
    expect(latch?.what).toBe('A latch is not timed: l (LAT). The endpoint behind is not timed: r/D.');
    expect(latch?.where).toEqual({ file: 'top.v', line: 1 });
    expect(slacks(result, 'r/D')).toEqual([null, null]);
    expect(result.report.unconstrained.map(({ name }) => name)).toEqual(['l/D', 'out', 'r/D']);
    expect(result.arcsOf(0).every(({ delayNs }) => delayNs > 0)).toBe(true);
  });

  it('breaks a loop at an arc that it names, and times nothing behind', () => {
    const result = analyse(
      ['clk', 'in', 'b'],
      ['out'],
      [
        ['x', 'NAND2', { A: 'in', B: 'n', Y: 'm' }],
        ['y', 'INV', { A: 'm', Y: 'n' }],
        ['r', 'DFF', { D: 'n', CK: 'clk', Q: 'out' }],
        ['s', 'DFF', { D: 'b', CK: 'clk', Q: 'p' }],
      ],
      {
        clocks: [idealClock('clk', 1)],
        inputDelays: ['in', 'b'].map((port) => ({
          port,
          clock: 'clk',
          clockEdge: 'rise' as const,
          delayNs: everywhere(0),
        })),
      },
    );
    const loop = result.report.problems.find(({ code }) => code === 'timing-loop');
    expect(loop?.what).toMatch(/broken between .* and .*The endpoint behind is not timed: r\/D\.$/);
    expect(slacks(result, 'r/D')).toEqual([null, null]);
    expect(slacks(result, 's/D')[0]).toBeCloseTo(1 - 0.06, 12);
  });

  it('says when tables are left, and which constraints name nothing', () => {
    const result = analyse(['clk', 'in'], ['out'], PAIR, {
      clocks: [idealClock('clk', 1), idealClock('lost', 2)],
      loadsPf: { out: 0.5 },
      wireLoad: 'none such',
      exceptions: [
        exception({ kind: 'false-path', to: points({ points: [pin('u', 'A')] }), line: 7 }),
        exception({ kind: 'false-path', from: points({ points: [pin('r2', 'D')] }) }),
      ],
    });
    const codes = result.report.problems.map(({ code }) => code);
    expect(codes).toContain('timing-extrapolated');
    expect(codes).toContain('timing-clock-source');
    expect(codes).toContain('timing-wire-load');
    expect(codes).toContain('timing-exception-start');
    expect(result.report.problems.find(({ code }) => code === 'timing-exception-end')?.where).toEqual({
      file: 'constraints.sdc',
      line: 7,
    });
  });
});
