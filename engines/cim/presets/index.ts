import { error, fail, ok, type Result } from '../../core/result.ts';
import { nearest } from '../../document/nearest.ts';
import type { CimHardware, HardwareChoice } from '../hardware.ts';
import { checkHardware } from '../hardware-check.ts';
import { cimMlcPresets } from './cim-mlc.ts';
import { type CimPreset, constantAt } from './constants.ts';
import { dynaplasia } from './dynaplasia.ts';
import { primeLike } from './prime-like.ts';

export type { CimPreset } from './constants.ts';
export { constantAt } from './constants.ts';

/** Chips that a design can name, in the order in which they are offered. */
export const PRESETS: Record<string, CimPreset> = Object.fromEntries(
  [dynaplasia, primeLike, ...cimMlcPresets].map((preset) => [preset.id, preset]),
);

/** The presets, for a list to choose from. */
export function presetList(): { id: string; title: string; about: string }[] {
  return Object.values(PRESETS).map(({ id, title, about }) => ({ id, title, about }));
}

/** The preset that a choice is, or was made from. Undefined where there is none of that name. */
export function presetOf(choice: HardwareChoice): CimPreset | undefined {
  const id = typeof choice === 'string' ? choice : choice.base;
  return Object.hasOwn(PRESETS, id) ? PRESETS[id] : undefined;
}

/** The chip of a design, checked. Fails where there is no such preset, or a constant makes no chip. */
export function resolveHardware(choice: HardwareChoice): Result<CimHardware> {
  const preset = presetOf(choice);
  if (!preset) return unknown(typeof choice === 'string' ? choice : choice.base);
  const hardware = typeof choice === 'string' ? preset.hardware : withChanges(preset.hardware, choice);
  const problems = checkHardware(hardware);
  const [first, ...rest] = problems;
  return first ? fail(first, ...rest) : ok(hardware);
}

function withChanges(hardware: CimHardware, choice: Exclude<HardwareChoice, string>): CimHardware {
  const { base: _, array, grid, energy, area, ...rest } = choice;
  return {
    ...hardware,
    ...rest,
    array: { ...hardware.array, ...array },
    grid: { ...hardware.grid, ...grid },
    energy: { ...hardware.energy, ...energy },
    area: { ...hardware.area, ...area },
  };
}

export interface ChangedConstant {
  path: string;
  label: string;
  unit: string;
  /** What the preset has, and what the design does. */
  preset: number;
  value: number;
}

/** The constants that a design has changed from its preset’s. Empty where there is no such preset. */
export function changedConstants(choice: HardwareChoice): ChangedConstant[] {
  const preset = presetOf(choice);
  if (!preset || typeof choice === 'string') return [];
  const hardware = withChanges(preset.hardware, choice);
  return preset.constants
    .map(({ path, label, unit }) => ({
      path,
      label,
      unit,
      preset: constantAt(preset.hardware, path),
      value: constantAt(hardware, path),
    }))
    .filter((each) => each.value !== each.preset);
}

function unknown(name: string): Result<never> {
  const ids = Object.keys(PRESETS);
  const near = nearest(name, ids);
  return fail(
    error(
      'cim.preset',
      `There is no chip "${name}".`,
      `${near ? `Did you mean "${near}"? ` : ''}There are ${ids.join(', ')}.`,
      { path: 'slices.cim.hardware' },
    ),
  );
}
