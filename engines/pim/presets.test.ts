import { describe, expect, it } from 'vitest';
import type { HardwareChoice } from './hardware.ts';
import { checkHardware } from './hardware-check.ts';
import { productEnergyPj, productLatencyNs, SHIPPED_CIRCUIT } from './presets/circuit.ts';
import { crossbarsForWidth, weightsPerRow } from './presets/geometry.ts';
import { PRESETS, resolveHardware } from './presets.ts';

function resolved(choice: HardwareChoice) {
  const result = resolveHardware(choice);
  if (!result.ok) throw new Error(result.problems[0]!.what);
  return result.value;
}

function refused(choice: HardwareChoice) {
  const result = resolveHardware(choice);
  if (result.ok) throw new Error('The chip was taken.');
  return result.problems;
}

describe('presets', () => {
  it('are all sound, under their own names', () => {
    for (const [id, { hardware }] of Object.entries(PRESETS)) {
      expect(hardware.name).toBe(id);
      expect(checkHardware(hardware)).toEqual([]);
    }
  });

  it('have the capacities that TCAD, Table V, gives: cells times two bits', () => {
    const mebibytes = (id: string) => {
      const { chips, cores, crossbar } = PRESETS[id]!.hardware;
      const arrays = chips.x * chips.y * cores.x * cores.y * crossbar.perCore;
      return (arrays * crossbar.rows * crossbar.columns * crossbar.cellBits) / 8 / 1024 ** 2;
    };
    expect(['arch-a', 'arch-b', 'arch-c'].map((id) => Math.round(mebibytes(id)))).toEqual([63, 69, 64]);
    // The macros' own sizes: 2, 4 and 8 Mb, and 4 MB.
    expect(['isscc20-15.4', 'isscc21-16.1', 'isscc22-11.4', 'isscc23-16.6'].map(mebibytes)).toEqual([0.25, 0.5, 1, 4]);
  });

  it('have the released clock', () => {
    const chip = resolved('pimcomp-default');
    expect(chip.cores).toEqual({ x: 12, y: 12 });
    expect(chip.crossbar).toMatchObject({ perCore: 64, rows: 128, columns: 128, cells: 'logical' });
    expect([chip.mvmLatencyNs, chip.mvmIntervalNs]).toEqual([4000, 200]);
  });

  it('are copied: editing one leaves the next untouched', () => {
    resolved('isaac').cores.x = 1;
    expect(resolved('isaac').cores.x).toBe(14);
  });
});

describe('a chip with changes', () => {
  it('keeps what was not said', () => {
    const chip = resolved({ base: 'pimcomp-default', network: { kind: 'mesh' } });
    expect(chip.network).toEqual({ ...PRESETS['pimcomp-default']!.hardware.network, kind: 'mesh' });
    expect(chip.energy).toEqual(PRESETS['pimcomp-default']!.hardware.energy);
  });

  it('derives energies and times anew from another shape and precision', () => {
    const before = PRESETS['pimcomp-default']!.hardware;
    const halved = resolved({ base: 'pimcomp-default', activationBits: 8 });
    expect(halved.mvmLatencyNs).toBe(2400);
    expect(halved.energy.mvmPjPerCrossbar).toBeCloseTo(before.energy.mvmPjPerCrossbar / 2, -1);
    const larger = resolved({ base: 'pimcomp-default', crossbar: { rows: 256, columns: 256 } });
    expect(larger.energy).toEqual(PRESETS['pimcomp-256']!.hardware.energy);
  });

  it('leaves given energies and times as they are given', () => {
    const choice = { base: 'isaac', activationBits: 8, mvmLatencyNs: 77, energy: { mvmPjPerCrossbar: 5 } };
    expect(resolved(choice).mvmLatencyNs).toBe(77);
    expect(resolved(choice).energy.mvmPjPerCrossbar).toBe(5);
  });

  it.each([
    [{ base: 'pimcomp-default', cores: { x: 0 } }, 'slices.pim.hardware.cores.x'],
    [{ base: 'pimcomp-default', globalMemory: { gbps: -1 } }, 'slices.pim.hardware.globalMemory.gbps'],
    [{ base: 'pimcomp-default', crossbar: { adcBits: 0 } }, 'slices.pim.hardware.crossbar.adcBits'],
    [{ base: 'pimcomp-default', crossbar: { rows: 0 } }, 'slices.pim.hardware.crossbar.rows'],
    [{ base: 'pimcomp-default', crossbar: { perCore: 1.5 } }, 'slices.pim.hardware.crossbar.perCore'],
    [{ base: 'pimcomp-default', vector: { stepNs: Number.NaN } }, 'slices.pim.hardware.vector.stepNs'],
    [{ base: 'pimcomp-default', chips: { x: 1000 } }, 'slices.pim.hardware.cores'],
    [{ base: 'isscc20-15.4', crossbar: { columns: 7 } }, 'slices.pim.hardware.weightBits'],
    ['no-such-chip', 'slices.pim.hardware'],
  ])('is refused with the place of the fault: %j', (choice, path) => {
    expect(refused(choice as HardwareChoice).map((it) => it.where?.path)).toContain(path);
  });
});

describe('the geometry of weights', () => {
  it('gives one cell a weight on logical arrays, and a cell per slice of bits on physical ones', () => {
    expect(weightsPerRow(resolved('pimcomp-default'), 16)).toBe(128);
    expect(weightsPerRow(resolved('isaac'), 16)).toBe(16);
    expect(weightsPerRow(resolved('isaac'), 3)).toBe(64);
    expect(weightsPerRow(resolved('isscc20-15.4'), 8)).toBe(64);
  });

  it('doubles arrays where each sign has its own', () => {
    const pairs = resolved({ base: 'isaac', crossbar: { signed: 'pair' } });
    expect(crossbarsForWidth(resolved('isaac'), 33, 16)).toBe(3);
    expect(crossbarsForWidth(pairs, 33, 16)).toBe(6);
  });
});

describe('PIMSIM-NN’s formulas of a product', () => {
  it('give what the shipped constants give by hand', () => {
    // 16 reads of (22.24 mW * 7 ns + 8 turns * 1.135 mW * 20 ns * 16 converters).
    expect(productEnergyPj(SHIPPED_CIRCUIT)).toBeCloseTo(16 * (155.68 + 8 * 363.2), 6);
    // Front 7 + 1; back 20 + 2 + 7 * 20 = 162; 8 + 162 + 15 * 162.
    expect(productLatencyNs(SHIPPED_CIRCUIT)).toBe(2600);
    expect(productLatencyNs({ ...SHIPPED_CIRCUIT, pipelined: false })).toBe(2720);
  });

  it('count every term', () => {
    const circuit = {
      rows: 8,
      columns: 6,
      inputBits: 5,
      periodNs: 2,
      dacBits: 2,
      dacs: 3,
      dacMw: 0.5,
      dacCycles: 1,
      inputBufferMw: 0.25,
      inputBufferCycles: 2,
      readMw: 10,
      readNs: 5,
      sampleHoldMw: 0.01,
      sampleHoldCycles: 1,
      adcs: 4,
      adcMw: 1.5,
      adcCycles: 3,
      shiftAddMw: 0.2,
      shiftAddCycles: 1,
      outputBufferMw: 0.1,
      outputBufferCycles: 2,
      pipelined: true,
    };
    // ceil(5/2) * ceil(8/3) = 9 reads; ceil(6/4) = 2 turns. Input 2 * (0.5 + 1.5) = 4; array 50 + 2 * 0.01 * 6 = 50.12;
    // output 2 * 2 * (18 + 0.2 + 0.2) = 73.6.
    expect(productEnergyPj(circuit)).toBeCloseTo(9 * (4 + 50.12 + 73.6), 9);
    // Front 2 + 1 + ceil(2.5) + 1 = 7; back 3 + 3 + max(3, 3) = 9; (7 + 9 + 8 * 9) * 2.
    expect(productLatencyNs(circuit)).toBe(176);
  });
});
