import type { Lesson } from '../../../lessons/types.ts';
import { oneCrossbarLesson } from './one-crossbar.ts';
import { replicateLesson } from './replicate.ts';
import { throughputLatencyLesson } from './throughput-latency.ts';

/** The lessons of this lab, in the order in which they are offered. */
export const lessons: Lesson[] = [oneCrossbarLesson, replicateLesson, throughputLatencyLesson];
