export * from './abort.ts';
export * from './hash.ts';
export * from './job.ts';
export * from './report.ts';
export * from './result.ts';
