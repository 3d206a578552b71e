import type { Lesson } from '../../../lessons/types.ts';

export const lessons: Lesson[] = [];
