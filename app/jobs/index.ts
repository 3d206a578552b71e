/** Running engines for the screen. */
export type { JobPhase, JobState, RunSettings } from './runner.ts';
export { useHostStatus, warmEngine } from './status.ts';
export { type JobHandle, useJob } from './useJob.ts';
