import type { FineTuneSettings, SearchSettings } from './types.ts';

/** What a search goes by where the design says nothing; frozen for version 1 of the document. */
export const SEARCH_DEFAULTS: SearchSettings = {
  method: 'exact',
  objective: 'published',
  lambda: 0.2,
  limit: 0.5,
  mantissaBits: [2, 3, 4, 5, 6, 7, 8],
  blocks: [8, 16, 32, 64],
  sensitivity: 'output-error',
  measured: 20,
  population: 40,
  generations: 20,
  stopAfter: 0,
};

/** The bound that an aim starts from: points, bits a value, pJ a sample. */
export const LIMIT_DEFAULTS: Record<Exclude<SearchSettings['objective'], 'published'>, number> = {
  'accuracy-drop': 0.5,
  'average-bits': 4.5,
  energy: 1e6,
};

export const FINE_TUNE_DEFAULTS: FineTuneSettings = { epochs: 3, learningRate: 0.002, batch: 32 };

/** The settings of a search, those that the design leaves out filled in; the bound goes with the aim. */
export function completeSearch(settings: Partial<SearchSettings>): SearchSettings {
  const { objective = SEARCH_DEFAULTS.objective } = settings;
  const limit = objective === 'published' ? SEARCH_DEFAULTS.limit : LIMIT_DEFAULTS[objective];
  return { ...SEARCH_DEFAULTS, limit, ...settings };
}
