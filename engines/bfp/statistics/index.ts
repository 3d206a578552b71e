export { type PairedLine, pairedLines } from './bootstrap.ts';
export { mcnemarExact, pairedClasses } from './mcnemar.ts';
export { ranks, spearman } from './rank-correlation.ts';
export { wilsonShare } from './wilson.ts';
