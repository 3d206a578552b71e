import type { Lesson } from '../../../lessons/types.ts';
import { memoryOrComputeLesson } from './memory-or-compute.ts';
import { segmentVggLesson } from './segment-vgg.ts';

export const lessons: Lesson[] = [memoryOrComputeLesson, segmentVggLesson];
