/** Running engines for the screen. */
export { useHostStatus, warmEngine } from './status.ts';
export { useJob } from './useJob.ts';
