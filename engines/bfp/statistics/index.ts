export { type PairedLine, pairedLines } from './bootstrap.ts';
export { mcnemarExact, type PairedCounts, pairedClasses } from './mcnemar.ts';
export { ranks, spearman } from './rank-correlation.ts';
export { wilsonShare, Z95 } from './wilson.ts';
