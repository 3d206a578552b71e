export { crossbar } from './crossbar.ts';
export { type LayerGeometry, type LayerNoise, layerSignalToNoise, type NoiseSettings } from './layer-noise.ts';
