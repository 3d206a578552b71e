import type { ComponentType } from 'react';
import type { SliceDefinition } from '../../engines/document/types.ts';
import type { Lesson } from '../lessons/types.ts';

/** What a lab's folder gives the shell (`app/labs/<id>/index.ts`). Light: the bench itself is behind `React.lazy`. */
export interface LabModule {
  slice: SliceDefinition;
  Lab: ComponentType;
  lessons: Lesson[];
}

/** A lab whose results can be pinned registers a command of this id; the frame shows it, under its label, in the header. */
export const PIN_COMMAND = 'lab.pin';

export type LabGroup = 'network' | 'mapping' | 'hardware' | 'system';

/** One line of the registry (`app/shell/labs.ts`). The shell knows no lab but through it. */
export interface LabRegistration {
  id: string;
  group: LabGroup;
  /** In the navigation: at most six letters. */
  short: string;
  /** What it does and the system it implements: "Synthesise Verilog (ChipSeek-R1)". */
  title: string;
  about: string;
  icon: ComponentType<{ size?: number | string; strokeWidth?: number | string }>;
  load(): Promise<LabModule>;
}
