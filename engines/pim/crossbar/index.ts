export { crossbar } from './crossbar.ts';
export { type CrossbarLayer, crossbarLayers } from './layer.ts';
export { type LayerGeometry, type LayerNoise, layerSignalToNoise, type NoiseSettings } from './layer-noise.ts';
