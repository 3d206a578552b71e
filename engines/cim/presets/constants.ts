import type { CimHardware, ConstantSource, DeepPartial } from '../hardware.ts';

/** A constant of a chip: its value, where it comes from and why it is so. */
export type Told = readonly [
  value: number,
  source: ConstantSource['source'],
  reason: string,
  bounds?: readonly [number, number],
];

type Leaves<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends number ? `${P}${K}` : T[K] extends object ? Leaves<T[K], `${P}${K}.`> : never;
}[keyof T & string];

/** Path of a number of `CimHardware`: "array.writeCycles". */
export type ConstantPath = Leaves<CimHardware>;

interface Form {
  label: string;
  unit: string;
  /** Bounds of the slider, where a chip names no others. */
  low: number;
  high: number;
  log?: true;
}

/** Every number of a chip, as the screen names it. */
export const FORMS: Record<ConstantPath, Form> = {
  arrays: { label: 'Arrays', unit: '', low: 1, high: 4096, log: true },
  'grid.columns': { label: 'Arrays in a row of the drawing', unit: '', low: 1, high: 64 },
  'array.rows': { label: 'Rows of an array', unit: '', low: 16, high: 2048, log: true },
  'array.columns': { label: 'Columns of an array', unit: '', low: 16, high: 2048, log: true },
  'array.cellBits': { label: 'Weight bits in a cell', unit: 'bit', low: 1, high: 8 },
  'array.activeRows': { label: 'Rows active at once', unit: '', low: 1, high: 2048, log: true },
  'array.inputBits': { label: 'Input bits that enter at once', unit: 'bit', low: 1, high: 8 },
  'array.turnCycles': { label: 'Time of a turn', unit: 'cycles', low: 1, high: 100, log: true },
  'array.writeCycles': { label: 'Time to write an array', unit: 'cycles', low: 1, high: 100_000, log: true },
  'array.memoryBytesPerCycle': { label: 'Bandwidth of a memory array', unit: 'B/cycle', low: 1, high: 400, log: true },
  weightBits: { label: 'Bits of a weight', unit: 'bit', low: 1, high: 16 },
  activationBits: { label: 'Bits of an activation', unit: 'bit', low: 1, high: 16 },
  mainBytesPerCycle: { label: 'Main bandwidth', unit: 'B/cycle', low: 1, high: 1000, log: true },
  externalBytesPerCycle: { label: 'External bandwidth', unit: 'B/cycle', low: 1, high: 1000, log: true },
  switchToComputeCycles: { label: 'Switch to compute', unit: 'cycles', low: 0, high: 100 },
  switchToMemoryCycles: { label: 'Switch to memory', unit: 'cycles', low: 0, high: 100 },
  clockMhz: { label: 'Clock', unit: 'MHz', low: 1, high: 2000, log: true },
  'energy.arrayTurnPj': { label: 'A turn of an array', unit: 'pJ', low: 1, high: 10_000, log: true },
  'energy.memoryArrayPjPerByte': { label: 'Reading a memory array', unit: 'pJ/B', low: 0.01, high: 100, log: true },
  'energy.mainPjPerByte': { label: 'Reading the main buffers', unit: 'pJ/B', low: 0.1, high: 100, log: true },
  'energy.externalPjPerByte': { label: 'External memory', unit: 'pJ/B', low: 1, high: 1000, log: true },
  'energy.arrayWritePj': { label: 'Writing an array', unit: 'pJ', low: 100, high: 10_000_000, log: true },
  'energy.arraySwitchPj': { label: 'Switching an array', unit: 'pJ', low: 0.1, high: 1000, log: true },
  'energy.staticMw': { label: 'Static power of the chip', unit: 'mW', low: 0.1, high: 10_000, log: true },
  'area.arrayMm2': { label: 'Area of an array', unit: 'mm²', low: 0.0001, high: 10, log: true },
  'area.restMm2': { label: 'Area of all else', unit: 'mm²', low: 0.01, high: 1000, log: true },
};

export const PATHS = Object.keys(FORMS) as ConstantPath[];

export interface CimPreset {
  id: string;
  title: string;
  about: string;
  hardware: CimHardware;
  /** One entry for every number of `hardware`. */
  constants: ConstantSource[];
}

/** A preset from what is told of each of its constants. */
export function preset(id: string, title: string, about: string, told: Record<ConstantPath, Told>): CimPreset {
  const hardware: DeepPartial<CimHardware> & Record<string, unknown> = { name: id };
  for (const path of PATHS) put(hardware, path.split('.'), told[path][0]);
  const constants = PATHS.map((path): ConstantSource => {
    const { low, high, ...form } = FORMS[path];
    const [value, source, reason, bounds = [low, high]] = told[path];
    return { path, ...form, source, reason, low: Math.min(bounds[0], value), high: Math.max(bounds[1], value) };
  });
  return { id, title, about, hardware: hardware as CimHardware, constants };
}

function put(target: Record<string, unknown>, [key, ...rest]: string[], value: number): void {
  if (rest.length === 0) target[key!] = value;
  else {
    target[key!] ??= {};
    put(target[key!] as Record<string, unknown>, rest, value);
  }
}

/** The number of a chip at a path. */
export function constantAt(hardware: CimHardware, path: string): number {
  let value: unknown = hardware;
  for (const key of path.split('.')) value = (value as Record<string, unknown>)[key];
  return value as number;
}
