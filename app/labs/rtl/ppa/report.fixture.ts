import type { PpaReport } from '../../../../engines/rtl/types.ts';
import type { PowerParts } from '../../../../engines/synthesis/power/types.ts';
import type { EndpointSlack, PathPoint, TimingPath } from '../../../../engines/synthesis/timing/types.ts';

/** A report as `rtl/ppa` answers it, made by hand: for tests of what is drawn. */
export function reportFixture(worst = -0.12): PpaReport {
  const path = pathFixture(worst);
  const endpoints: EndpointSlack[] = Array.from({ length: 40 }, (_, index) => ({
    name: index < 8 ? `count[${index}]/D` : `wide[${index}]/D`,
    check: 'setup',
    clock: 'clk',
    setupSlackNs: worst + index * 0.021,
    holdSlackNs: 0.03 + (index % 5) * 0.01,
    where: { file: 'counter.v', line: 15 + (index % 3) },
  }));
  const failing = endpoints.filter(({ setupSlackNs }) => (setupSlackNs ?? 0) < 0);
  const parts = (share: number): PowerParts => ({
    leakageNw: 420 * share,
    internalUw: 38 * share,
    switchingUw: 17 * share,
    totalUw: 55.42 * share,
  });
  return {
    engine: { id: 'rtl', version: 'test' },
    figures: {
      cells: 36,
      flipFlops: 8,
      areaUm2: 71.2,
      worstSlackNs: worst,
      totalNegativeSlackNs: failing.reduce((sum, { setupSlackNs }) => sum + (setupSlackNs ?? 0), 0),
      worstHoldSlackNs: 0.03,
      fMaxMhz: 1000 / (2 - worst),
      criticalPathNs: 0.61,
      failingEndpoints: failing.length,
      unconstrainedEndpoints: 1,
      ...parts(1),
    },
    provenance: {},
    assumptions: [
      { id: 'wire', what: 'Capacitance of a wire', value: '0.5 fF', reason: 'There is no layout.', source: 'ours' },
    ],
    measured: { timesMs: { all: 810, mapping: 640, timing: 12 }, log: [] },
    top: 'counter',
    library: { name: 'studio45', corner: 'typical', cells: 42, voltageV: 1.1, temperatureC: 25 },
    timing: {
      summary: {
        worstSlackNs: worst,
        totalNegativeSlackNs: -0.4,
        worstHoldSlackNs: 0.03,
        totalNegativeHoldSlackNs: 0,
        fMaxMhz: 1000 / (2 - worst),
        criticalPathNs: 0.61,
        endpoints: endpoints.length,
        failingEndpoints: failing.length,
        failingHoldEndpoints: 0,
        unconstrainedEndpoints: 1,
      },
      clocks: [{ name: 'clk', periodNs: 2, registers: 8, worstSlackNs: worst, fMaxMhz: 1000 / (2 - worst) }],
      endpoints,
      setupPaths: [path, { ...path, end: { ...path.end, name: 'count[6]/D' }, slackNs: worst + 0.05 }],
      holdPaths: [],
      unconstrained: [{ name: 'wraps', why: 'It has no output delay.', where: { file: 'counter.v', line: 9 } }],
      problems: [],
    },
    power: {
      total: parts(1),
      byInstance: Array.from({ length: 36 }, (_, index) => ({
        name: `_${index}_`,
        type: index < 8 ? 'DFF_X1' : index % 2 ? 'NAND2_X1' : 'INV_X1',
        areaUm2: 71.2 / 36,
        cells: 1,
        ...parts(1 / 36),
      })),
      byModule: [
        { name: 'counter', areaUm2: 51.2, cells: 26, ...parts(0.7) },
        { name: 'adder', areaUm2: 20, cells: 10, ...parts(0.3) },
      ],
      byLine: [
        { file: 'counter.v', line: 15, areaUm2: 40, cells: 20, ...parts(0.6) },
        { file: 'counter.v', line: 18, areaUm2: 21.2, cells: 11, ...parts(0.3) },
        { areaUm2: 10, cells: 5, ...parts(0.1) },
      ],
      byGroup: [
        { name: 'sequential', areaUm2: 40, cells: 8, ...parts(0.5) },
        { name: 'combinational', areaUm2: 31.2, cells: 28, ...parts(0.4) },
        { name: 'clock', areaUm2: 0, cells: 0, ...parts(0.1) },
      ],
      activity: { mode: 'vectorless', annotatedPercent: 0, nets: 44, annotatedNets: 0, unmatched: [] },
      problems: [],
      inputNetsUw: 0,
    },
    areaByType: [
      { name: 'DFF_X1', cells: 8, areaUm2: 40 },
      { name: 'NAND2_X1', cells: 14, areaUm2: 20 },
      { name: 'INV_X1', cells: 14, areaUm2: 11.2 },
    ],
    areaByModule: [
      { name: 'counter', cells: 26, areaUm2: 51.2 },
      { name: 'adder', cells: 10, areaUm2: 20 },
    ],
    sdc: 'create_clock -name clk -period 2 [get_ports clk]\n',
    script: 'synth -top counter\n',
    problems: [],
    artefacts: [{ kind: 'gate-netlist', version: 1, data: { modules: {} } }],
  };
}

/** Out of a register, through a NAND gate and an inverter, into a register. */
export function pathFixture(slackNs = -0.12): TimingPath {
  const point = (
    step: PathPoint['step'],
    pin: string,
    cell: string | undefined,
    delayNs: number,
    arrivalNs: number,
    edge: PathPoint['edge'] = 'rise',
    line = 15,
  ): PathPoint => ({
    step,
    pin,
    cell,
    net: pin.replace(/\/.*/, '_net'),
    edge,
    delayNs,
    arrivalNs,
    slewNs: 0.012,
    loadPf: 0.0031,
    fanout: 2,
    where: { file: 'counter.v', line },
  });
  return {
    check: 'setup',
    start: { name: 'count[0]/CK', kind: 'rising edge-triggered flip-flop clocked by clk' },
    end: { name: 'count[7]/D', kind: 'rising edge-triggered flip-flop clocked by clk' },
    launchClock: 'clk',
    captureClock: 'clk',
    slackNs,
    arrivalNs: 2 - 0.05 - slackNs,
    requiredNs: 1.95,
    points: [
      point('clock', 'clk', undefined, 0, 0),
      point('net', 'count[0]/CK', 'DFF_X1', 0, 0),
      point('cell', 'count[0]/Q', 'DFF_X1', 0.4, 0.4),
      point('net', 'u1/_5_/A1', 'NAND2_X1', 0.1, 0.5),
      point('cell', 'u1/_5_/ZN', 'NAND2_X1', 0.7, 1.2, 'fall', 17),
      point('net', '_6_/A', 'INV_X1', 0, 1.2, 'fall', 18),
      point('cell', '_6_/ZN', 'INV_X1', 0.3, 1.5, 'rise', 18),
      point('net', 'count[7]/D', 'DFF_X1', 0.5, 2.0 - 0.05 - slackNs, 'rise', 16),
    ],
    required: [
      { what: 'clock clk (rise edge)', valueNs: 2, atNs: 2 },
      { what: 'library setup time', valueNs: -0.05, atNs: 1.95 },
    ],
  };
}
