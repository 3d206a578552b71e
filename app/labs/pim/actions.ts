import type { Hardware, HardwareChoice } from '../../../engines/pim/hardware.ts';
import { slice as definition } from '../../../engines/pim/slice.ts';
import type { PimSlice } from '../../../engines/pim/types.ts';
import { editSlice, readSlice } from '../../design/index.ts';

const SLICE = 'pim';

export function currentSlice(): PimSlice {
  return readSlice<PimSlice>(SLICE);
}

/** An edit of this lab's slice; a design without one starts from the defaults. */
export function edit(label: string, change: (slice: PimSlice) => PimSlice, capture?: 'now' | 'merge'): boolean {
  return editSlice<PimSlice | undefined>(SLICE, label, (slice) => change(slice ?? definition.defaults), capture);
}

/** Sets one choice. */
export function set<K extends keyof PimSlice>(label: string, key: K, value: PimSlice[K]): boolean {
  return edit(label, (slice) => ({ ...slice, [key]: value }));
}

/** A place in the hardware: `crossbar.rows`. */
export type HardwarePath = readonly [string] | readonly [string, string];

type Overrides = { base: string } & Record<string, unknown>;

/** The preset that a choice starts from; undefined for an imported configuration. */
export function baseOf(choice: PimSlice['hardware']): string | undefined {
  if (typeof choice === 'string') return choice;
  return 'base' in choice ? choice.base : undefined;
}

/** What a choice says at a place, when it departs from its preset there. */
export function overrideAt(choice: PimSlice['hardware'], path: HardwarePath): unknown {
  if (typeof choice === 'string' || !('base' in choice)) return undefined;
  const [group, name] = path;
  const value = (choice as unknown as Record<string, unknown>)[group];
  return name === undefined ? value : (value as Record<string, unknown> | undefined)?.[name];
}

/** The choice with a value at a place; `undefined` goes back to the preset's. A choice without departures is its name. */
export function withOverride(choice: HardwareChoice, path: HardwarePath, value: unknown): HardwareChoice {
  const [group, name] = path;
  const next: Overrides = typeof choice === 'string' ? { base: choice } : { ...(choice as Overrides) };
  if (name === undefined) put(next, group, value);
  else {
    const inner = { ...(next[group] as Record<string, unknown> | undefined) };
    put(inner, name, value);
    put(next, group, Object.keys(inner).length > 0 ? inner : undefined);
  }
  return Object.keys(next).length === 1 ? next.base : (next as HardwareChoice);
}

function put(into: Record<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) delete into[key];
  else into[key] = value;
}

export function valueAt(hardware: Hardware, path: HardwarePath): string | number {
  const [group, name] = path;
  const value = (hardware as unknown as Record<string, unknown>)[group];
  return (name === undefined ? value : (value as Record<string, unknown>)[name]) as string | number;
}
