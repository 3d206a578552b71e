import type { Lesson } from '../../../lessons/types.ts';

/** The lessons of this lab, in the order they are taken. */
export const lessons: Lesson[] = [];
