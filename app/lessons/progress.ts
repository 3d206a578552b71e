import { recall, remember } from '../ui/remember.ts';

/** How far somebody has come in a lesson, kept in this browser. */
export interface LessonProgress {
  /** The design the lesson is worked on with. */
  design?: string;
  /** The step on the screen last, from 1. */
  step: number;
  /** Steps that were done, from 1. */
  done: number[];
}

const START: LessonProgress = { step: 1, done: [] };

function isProgress(value: unknown): value is LessonProgress {
  const progress = value as LessonProgress | null;
  return typeof progress?.step === 'number' && Array.isArray(progress.done);
}

export function lessonProgress(id: string): LessonProgress {
  return recall(`lesson.${id}`, START, isProgress);
}

export function saveProgress(id: string, progress: LessonProgress): void {
  remember(`lesson.${id}`, progress);
}
