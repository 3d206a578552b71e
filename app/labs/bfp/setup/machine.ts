import { MACHINES, type MachineChoice } from '../../../../engines/bfp/movement/machines.ts';
import type { Machine, MemoryLevel } from '../../../../engines/bfp/movement/types.ts';

type Changes = Exclude<MachineChoice, string>;

export function baseOf(choice: MachineChoice): string {
  return typeof choice === 'string' ? choice : choice.base;
}

export function presetOf(choice: MachineChoice): Machine | undefined {
  return MACHINES.find(({ id }) => id === baseOf(choice));
}

/** A number of the machine: of one level, or of the whole. */
export type MachinePath =
  | { level: MemoryLevel; key: 'capacityBits' | 'bandwidth' }
  | { key: 'threads' | 'dramPjPerWord' | 'sramPjPerWord' };

/** What a choice says where it departs from its preset; undefined: it does not. */
export function overrideAt(choice: MachineChoice, path: MachinePath): number | undefined {
  if (typeof choice === 'string') return undefined;
  if (!('level' in path)) return choice[path.key];
  const preset = valueAt(presetOf(choice), path);
  const own = choice.levels?.find(({ level }) => level === path.level)?.[path.key];
  return own === preset ? undefined : own;
}

export function valueAt(machine: Machine | undefined, path: MachinePath): number {
  if (!machine) return 0;
  if (!('level' in path)) return machine[path.key];
  return machine.levels.find(({ level }) => level === path.level)?.[path.key] ?? 0;
}

/** The choice with a number changed; undefined goes back to the preset's. A choice without departures is its name. */
export function withOverride(choice: MachineChoice, path: MachinePath, value: number | undefined): MachineChoice {
  const preset = presetOf(choice);
  if (!preset) return choice;
  const { base, levels = [], ...rest }: Changes = typeof choice === 'string' ? { base: choice } : choice;
  const own = value === valueAt(preset, path) ? undefined : value;
  if (!('level' in path)) {
    const { [path.key]: _, ...others } = rest;
    return tidy({ base, levels, ...others, ...(own !== undefined && { [path.key]: own }) });
  }
  const from = preset.levels.find(({ level }) => level === path.level);
  if (!from) return choice;
  const was = levels.find(({ level }) => level === path.level) ?? from;
  const next = { ...was, [path.key]: own ?? from[path.key] };
  const others = levels.filter(({ level }) => level !== path.level);
  const same = next.capacityBits === from.capacityBits && next.bandwidth === from.bandwidth;
  return tidy({ base, levels: same ? others : [...others, next], ...rest });
}

function tidy({ base, levels = [], ...rest }: Changes): MachineChoice {
  if (levels.length > 0) return { base, levels, ...rest };
  return Object.keys(rest).length > 0 ? { base, ...rest } : base;
}
