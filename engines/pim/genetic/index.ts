export { fitness, type SearchPartial, searchMapping } from './search.ts';
