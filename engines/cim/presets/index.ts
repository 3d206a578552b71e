import { error, fail, ok, type Result } from '../../core/result.ts';
import { nearest } from '../../document/nearest.ts';
import type { CimHardware, ConstantSource, HardwareChoice } from '../hardware.ts';

export interface CimPreset {
  id: string;
  title: string;
  about: string;
  hardware: CimHardware;
  constants: ConstantSource[];
}

const DYNAPLASIA: CimHardware = {
  name: 'dynaplasia',
  arrays: 96,
  grid: { columns: 12 },
  array: {
    rows: 320,
    columns: 320,
    cellBits: 1,
    activeRows: 320,
    inputBits: 1,
    turnCycles: 1,
    writeCycles: 320,
    memoryBytesPerCycle: 40,
  },
  weightBits: 8,
  activationBits: 8,
  mainBytesPerCycle: 44,
  externalBytesPerCycle: 64,
  switchToComputeCycles: 1,
  switchToMemoryCycles: 1,
  clockMhz: 250,
  energy: {
    arrayTurnPj: 100,
    memoryArrayPjPerByte: 0.5,
    mainPjPerByte: 1,
    externalPjPerByte: 60,
    arrayWritePj: 5000,
    arraySwitchPj: 10,
    staticMw: 10,
  },
  area: { arrayMm2: 0.15, restMm2: 5.85 },
};

export const PRESETS: Record<string, CimPreset> = {
  dynaplasia: {
    id: 'dynaplasia',
    title: 'DynaPlasia',
    about: 'The eDRAM chip that CMSwitch is evaluated on: 96 arrays of 320 x 320.',
    hardware: DYNAPLASIA,
    constants: [],
  },
};

/** The chip of a design, checked. */
export function resolveHardware(choice: HardwareChoice): Result<CimHardware> {
  const base = typeof choice === 'string' ? choice : choice.base;
  const preset = PRESETS[base];
  if (!preset) {
    const near = nearest(base, Object.keys(PRESETS));
    return fail(
      error(
        'cim.preset',
        `There is no chip "${base}".`,
        `${near ? `Did you mean "${near}"? ` : ''}There are ${Object.keys(PRESETS).join(', ')}.`,
        { path: 'slices.cim.hardware' },
      ),
    );
  }
  if (typeof choice === 'string') return ok(preset.hardware);
  const { base: _, array, grid, energy, area, ...rest } = choice;
  return ok({
    ...preset.hardware,
    ...rest,
    array: { ...preset.hardware.array, ...array },
    grid: { ...preset.hardware.grid, ...grid },
    energy: { ...preset.hardware.energy, ...energy },
    area: { ...preset.hardware.area, ...area },
  });
}
