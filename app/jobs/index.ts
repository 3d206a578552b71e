/** Running engines for the screen. */
export { firstReport } from './first-report.ts';
export { useHostStatus, warmEngine } from './status.ts';
export { useJob } from './useJob.ts';
export { type PinnedResult, usePinnedJob } from './usePinnedJob.ts';
export { type Upstream, useUpstream } from './useUpstream.ts';
