import type { Job } from '../../core/job.ts';
import type { Result } from '../../core/result.ts';
import type { Allocate } from '../allocate/types.ts';
import type { CimProblem, Improvements, Segment, SolveInfo } from '../types.ts';

/** Segments of one section, in the order in which they run. */
export interface SectionPlan {
  section: number;
  segments: { segment: Segment; solved?: SolveInfo }[];
}

export interface SegmentOptions {
  improvements: Improvements;
  /** False: compute mode only. */
  memory: boolean;
  allocate: Allocate;
}

/** Cuts a network into segments; `judge` says what they cost. `effort`: what was examined. */
export type Segmenter = (
  problem: CimProblem,
  options: SegmentOptions,
  job: Pick<Job, 'signal' | 'progress'>,
) => Promise<Result<{ sections: SectionPlan[]; effort: Record<string, number> }>>;
