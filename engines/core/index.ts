export * from './abort.ts';
export * from './byte-source.ts';
export * from './hash.ts';
export * from './inline-job.ts';
export * from './job.ts';
export * as math from './math.ts';
export * from './random.ts';
export * from './report.ts';
export * from './result.ts';
