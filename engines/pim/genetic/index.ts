export { type FitnessSpec, fitness, type SearchPartial, searchMapping } from './search.ts';
