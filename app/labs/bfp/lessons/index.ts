import type { Lesson } from '../../../lessons/types.ts';
import { oneExponentLesson } from './one-exponent.ts';
import { spendBitsLesson } from './spend-bits.ts';

/** The lessons of this lab, in the order they are taken. */
export const lessons: Lesson[] = [oneExponentLesson, spendBitsLesson];
