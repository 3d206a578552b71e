export { bestTiling, dramBitsOf } from './best.ts';
export { layersOf } from './layers.ts';
export type * from './types.ts';
