import type { Engine } from '../core/job.ts';
import { exportModel, network } from './entries.ts';
import { ENGINE } from './version.ts';
import { layout } from './view/layout.ts';

export type { ExportedFile, ExportSpec, NetworkReport, NetworkSpec } from './entries.ts';
export type * from './network.ts';
export type * from './types.ts';

/**
 * Models of neural networks: ONNX files read lazily, structures built by code (`zoo/`), PIMCOMP networks; shapes inferred,
 * constants folded, patterns fused into a `Network` that compilers and views take.
 */
export const engine: Engine = { ...ENGINE, entries: { network, layout, export: exportModel } };
