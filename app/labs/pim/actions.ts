import type { Hardware } from '../../../engines/pim/hardware.ts';
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

export function valueAt(hardware: Hardware, path: HardwarePath): string | number {
  const [group, name] = path;
  const value = (hardware as unknown as Record<string, unknown>)[group];
  return (name === undefined ? value : (value as Record<string, unknown>)[name]) as string | number;
}
