import type { Network } from '../../onnx/network.ts';
import type { Hardware } from '../hardware.ts';
import type { Program, Trace } from '../program/types.ts';
import type { Mapping } from '../types.ts';
import { dynamicEnergy, staticEnergyPj } from './energy.ts';
import { type ReferenceOptions, walkReference } from './reference-walk.ts';
import { tallyLayers } from './tally.ts';
import type { Evaluation } from './types.ts';

/**
 * A program by the clock of the released evaluator (facts 1.7): equal to it to the nanosecond on its own instruction
 * streams. Energy is ours (the released evaluator computes none): the events of the program and static power over this
 * clock's time. By layer, the time of a SEND or RECV includes its wait for the partner, as the released listing has it.
 * Searches that need only the time call `walkReference`.
 */
export function evaluateReference(
  program: Program,
  mapping: Mapping,
  hardware: Hardware,
  network?: Network,
  options: ReferenceOptions = {},
): Evaluation {
  const trace: Trace = { startNs: new Float64Array(program.count), endNs: new Float64Array(program.count) };
  const times = walkReference(program, hardware, { loneActivations: lone(network), ...options }, trace);
  const { parts, layerPj } = dynamicEnergy(program, mapping, hardware, program.regions.length);
  const { mvmNs, vectorNs, transferNs, memoryNs, waitNs } = times;
  return {
    timeNs: times.timeNs,
    trace,
    mvms: times.mvms,
    transfers: times.transfers,
    transferBytes: times.transferBytes,
    loadBytes: times.loadBytes,
    storeBytes: times.storeBytes,
    energy: { ...parts, staticPj: staticEnergyPj(hardware, times.timeNs) },
    cores: {
      busyNs: mvmNs.map((mvm, core) => mvm + vectorNs[core]! + transferNs[core]! + memoryNs[core]!),
      mvmNs,
      vectorNs,
      transferNs,
      memoryNs,
      waitNs,
    },
    layers: tallyLayers(program, trace, layerPj),
  };
}

function lone(network: Network | undefined): Set<number> {
  const layers = network?.layers.filter((it) => it.kind.op === 'activation') ?? [];
  return new Set(layers.map((it) => it.index));
}
