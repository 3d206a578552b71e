import type { Lesson } from '../../../lessons/types.ts';
import { blockingLesson } from './blocking.ts';
import { gatesLesson } from './gates.ts';
import { lineCostLesson } from './line-cost.ts';
import { proveLesson } from './prove.ts';
import { slackLesson } from './slack.ts';
import { unknownLesson } from './unknown.ts';

/** The lessons of the RTL lab, in the order in which they are offered. */
export const lessons: Lesson[] = [gatesLesson, lineCostLesson, blockingLesson, unknownLesson, slackLesson, proveLesson];
