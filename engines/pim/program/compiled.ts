import type { Network } from '../../onnx/network.ts';
import type { Mapping, MappingData, PimSlice } from '../types.ts';
import type { Program, Trace } from './types.ts';

/** What the entry `pim/program` is asked: the program of this slice under this mapping. */
export interface ProgramSpec {
  slice: PimSlice;
  mapping: MappingData;
}

/** Its answer: what listing, schedule and memory views read. Typed arrays, so never part of a report. */
export interface CompiledProgram {
  program: Program;
  /** By the slice's evaluator. */
  trace: Trace;
  network: Network;
  mapping: Mapping;
}
