export { crossbar } from './crossbar.ts';
export { crossbarLayers } from './layer.ts';
export { type LayerNoise, layerSignalToNoise, type NoiseSettings } from './layer-noise.ts';
