import { describe, expect, it } from 'vitest';
import { arrayBytes, columnsPerWeight, vectorCycles } from '../hardware.ts';
import { computeWork } from '../judge.ts';
import { constantAt, FORMS, type PATHS } from './constants.ts';
import { changedConstants, PRESETS, presetList, resolveHardware } from './index.ts';

const all = Object.values(PRESETS);

/** Paths of all numbers of an object. */
function numbersOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, each]) => {
    if (typeof each === 'number') return [`${prefix}${key}`];
    return typeof each === 'object' && each !== null ? numbersOf(each, `${prefix}${key}.`) : [];
  });
}

describe('presets', () => {
  it('are DynaPlasia, a PRIME-like chip and the four of CIM-MLC', () => {
    expect(presetList().map(({ id }) => id)).toEqual([
      'dynaplasia',
      'prime-like',
      'cim-mlc-example',
      'puma',
      'isscc21-15.1',
      'jain21',
    ]);
  });

  it.each(all)('$id tells where every one of its numbers comes from, between bounds that hold it', (preset) => {
    const { hardware, constants, id } = preset;
    expect(constants.map(({ path }) => path).sort()).toEqual(numbersOf(hardware).sort());
    expect(hardware.name).toBe(id);
    for (const { path, reason, low, high, log, label } of constants) {
      const value = constantAt(hardware, path);
      expect([path, low <= value && value <= high && low < high]).toEqual([path, true]);
      expect([path, !log || low > 0]).toEqual([path, true]);
      expect([path, reason.length > 10 && /[.]$/.test(reason), label.length > 0]).toEqual([path, true, true]);
    }
    expect(resolveHardware(id)).toEqual({ ok: true, value: hardware });
  });

  it('say of no constant that a paper gives it where the paper does not', () => {
    // What CMSwitch prints: Table 2 (arrays, their size, switching) and 8-bit operands.
    const paper = PRESETS.dynaplasia!.constants.filter(({ source }) => source === 'paper').map(({ path }) => path);
    expect(paper.sort()).toEqual(
      [
        'activationBits',
        'array.columns',
        'array.rows',
        'arrays',
        'switchToComputeCycles',
        'switchToMemoryCycles',
        'weightBits',
      ].sort(),
    );
    const like = PRESETS['prime-like']!.constants.filter(({ source }) => source !== 'ours').map(({ path }) => path);
    expect(like.sort()).toEqual(['activationBits', 'weightBits']);
  });

  it('has the chip that the study calibrated: 12,800 bytes an array, 8 columns a weight, 8 turns a vector', () => {
    const { hardware } = PRESETS.dynaplasia!;
    expect([arrayBytes(hardware), columnsPerWeight(hardware), vectorCycles(hardware)]).toEqual([12_800, 8, 8]);
    expect([hardware.mainBytesPerCycle, hardware.array.writeCycles, hardware.array.memoryBytesPerCycle]).toEqual([
      44, 320, 40,
    ]);
    // The published chip has 20.25 mm2.
    expect(96 * hardware.area.arrayMm2 + hardware.area.restMm2).toBeCloseTo(20.25, 9);
  });

  it('derives DynaPlasia’s clock and energy from its published peak: 19.5 TOPS and 56.0 TOPS/W at 4 by 5 bits', () => {
    const { hardware } = PRESETS.dynaplasia!;
    const narrow = { ...hardware, activationBits: 4, weightBits: 5 };
    const perVector = 320 * Math.floor(320 / columnsPerWeight(narrow)) * 2 * 96;
    const perCycle = perVector / vectorCycles(narrow);
    expect(perCycle).toBe(983_040);
    const tops = (perCycle * hardware.clockMhz * 1e6) / 1e12;
    expect(Math.abs(tops / 19.5 - 1)).toBeLessThan(0.02);
    const watts = (96 * hardware.energy.arrayTurnPj * hardware.clockMhz * 1e6) / 1e12;
    expect(Math.abs(tops / watts / 56.0 - 1)).toBeLessThan(0.01);
    // Static power is a tenth of what it takes at peak.
    expect(hardware.energy.staticMw / (watts * 1000)).toBeCloseTo(0.1, 2);
  });

  it('takes widths of CIM-MLC as bytes, and charges the turns of fewer active rows', () => {
    const example = PRESETS['cim-mlc-example']!.hardware;
    expect([example.arrays, example.mainBytesPerCycle, example.externalBytesPerCycle]).toEqual([256, 10, 4]);
    expect(vectorCycles(example)).toBe(16);
    const puma = PRESETS.puma!.hardware;
    expect([puma.arrays, puma.mainBytesPerCycle, columnsPerWeight(puma)]).toEqual([276, 48, 4]);
    const jain = PRESETS.jain21!.hardware;
    expect([jain.arrays, vectorCycles(jain)]).toEqual([8, 64]);
    expect(PRESETS['isscc21-15.1']!.hardware).toMatchObject({ arrays: 16, array: { rows: 1152, columns: 256 } });
    expect(computeWork({ vectors: 3, arrays: 2 } as never, jain)).toBe(3 * 2 * 64);
  });
});

describe('the chip of a design', () => {
  it('is a preset with the changes made, wherever they stand', () => {
    const choice = { base: 'dynaplasia', mainBytesPerCycle: 84, array: { writeCycles: 32 }, energy: { staticMw: 0 } };
    const chip = resolveHardware(choice);
    expect(chip).toMatchObject({ ok: true, value: { mainBytesPerCycle: 84, array: { writeCycles: 32, rows: 320 } } });
    expect(changedConstants(choice).map(({ path, preset, value }) => [path, preset, value])).toEqual([
      ['array.writeCycles', 320, 32],
      ['mainBytesPerCycle', 44, 84],
      ['energy.staticMw', 35, 0],
    ]);
    expect(changedConstants({ base: 'dynaplasia', mainBytesPerCycle: 44 })).toEqual([]);
    expect(changedConstants('dynaplasia')).toEqual([]);
    // The preset itself is as it was.
    expect(PRESETS.dynaplasia!.hardware.array.writeCycles).toBe(320);
  });

  it.each(['dynaplasa', 'constructor'])('is refused where no preset is called %s', (name) => {
    const chip = resolveHardware(name);
    expect(chip).toMatchObject({
      ok: false,
      problems: [{ code: 'cim.preset', where: { path: 'slices.cim.hardware' } }],
    });
    if (name === 'dynaplasa') expect(JSON.stringify(chip)).toContain('Did you mean');
  });

  it.each([
    'arrays',
    'array.rows',
    'array.columns',
    'array.memoryBytesPerCycle',
    'array.turnCycles',
    'mainBytesPerCycle',
    'externalBytesPerCycle',
    'clockMhz',
  ])('is refused with a zero in %s', (path) => {
    const [outer = '', inner] = path.split('.');
    const choice = { base: 'dynaplasia', [outer]: inner === undefined ? 0 : { [inner]: 0 } };
    const chip = resolveHardware(choice);
    expect(chip).toMatchObject({
      ok: false,
      problems: [{ code: 'cim.hardware', severity: 'error', where: { path: `slices.cim.hardware.${path}` } }],
    });
    if (chip.ok) return;
    expect(chip.problems[0]!.what).toContain(FORMS[path as (typeof PATHS)[number]].label);
    expect(chip.problems[0]!.remedy).toBeTruthy();
  });

  it('is refused where more rows are active than there are, and names all that is wrong', () => {
    const rows = resolveHardware({ base: 'dynaplasia', array: { rows: 128 } });
    expect(rows).toMatchObject({
      ok: false,
      problems: [{ where: { path: 'slices.cim.hardware.array.activeRows' } }],
    });
    const both = resolveHardware({ base: 'dynaplasia', arrays: 0, mainBytesPerCycle: Number.NaN });
    expect(both.ok ? [] : both.problems.map(({ where }) => where?.path)).toEqual([
      'slices.cim.hardware.arrays',
      'slices.cim.hardware.mainBytesPerCycle',
    ]);
    expect(resolveHardware({ base: 'dynaplasia', array: { rows: 1, columns: 1, activeRows: 1 } }).ok).toBe(false);
  });

  it('may write and switch in no time', () => {
    const free = { base: 'dynaplasia', switchToComputeCycles: 0, array: { writeCycles: 0 } };
    expect(resolveHardware(free).ok).toBe(true);
  });
});
