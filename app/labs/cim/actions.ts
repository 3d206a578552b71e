import type { HardwareChoice } from '../../../engines/cim/hardware.ts';
import { slice as definition } from '../../../engines/cim/slice.ts';
import type { CimSlice } from '../../../engines/cim/types.ts';
import { editSlice, readSlice } from '../../design/index.ts';
import { withOverride } from '../../models/overrides.ts';
import { texts } from './texts.ts';

const SLICE = 'cim';

export function currentSlice(): CimSlice {
  return readSlice<CimSlice>(SLICE);
}

/** An edit of this lab's slice; a design without one starts from the defaults. */
export function edit(label: string, change: (slice: CimSlice) => CimSlice, capture?: 'now' | 'merge'): boolean {
  return editSlice<CimSlice | undefined>(SLICE, label, (slice) => change(slice ?? definition.defaults), capture);
}

/** Sets one choice. */
export function set<K extends keyof CimSlice>(label: string, key: K, value: CimSlice[K]): boolean {
  return edit(label, (slice) => ({ ...slice, [key]: value }));
}

/**
 * Sets a constant of the chip, by its path ("array.writeCycles"); `undefined` goes back to the preset's. Values that follow
 * one another fast, as from a slider, make one step of undo.
 */
export function editHardware(
  path: string,
  label: string,
  value: number | undefined,
  capture?: 'now' | 'merge',
): boolean {
  return edit(
    texts.edits.constant(label),
    (was) => ({ ...was, hardware: withOverride(was.hardware, path.split('.'), value) as HardwareChoice }),
    capture,
  );
}

/** Segments end after these operators; null lets the compiler cut. */
export function setCuts(cuts: readonly string[] | null): boolean {
  return set(cuts ? texts.edits.cuts : texts.edits.noCuts, 'cuts', cuts && [...cuts]);
}
