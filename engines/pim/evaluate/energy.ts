import { coreCount, type Hardware } from '../hardware.ts';
import { distance } from '../network-on-chip.ts';
import { Op, type Program } from '../program/types.ts';
import type { EnergyParts, Mapping } from '../types.ts';

export interface DynamicEnergy {
  parts: EnergyParts;
  /** By layer of the network. */
  layerPj: Float64Array;
  corePj: Float64Array;
}

/**
 * Energy of every event of a program, whatever its timing: products by crossbars and input bits (a product of b bits is b
 * steps of the DACs, so it scales with the layer's precision over the chip's), vector work by elements, memories by bytes
 * read and written, transfers by bytes and hops. Programming the cells beforehand is not counted. `staticPj` is left 0.
 */
export function dynamicEnergy(program: Program, mapping: Mapping, hardware: Hardware, layers: number): DynamicEnergy {
  const { op, layer, ag, elements, repeats, peer, coreStart, elementBytes } = program;
  const table = hardware.energy;
  const parts: EnergyParts = { mvmPj: 0, vectorPj: 0, localMemoryPj: 0, globalMemoryPj: 0, networkPj: 0, staticPj: 0 };
  const layerPj = new Float64Array(layers);
  const corePj = new Float64Array(program.cores);
  const { ags } = mapping;
  const product = new Float64Array(ags.count);
  for (let a = 0; a < ags.count; a++) {
    const bits = mapping.layers[ags.mapped[a]!]!.activationBits;
    product[a] = (ags.crossbars[a]! * table.mvmPjPerCrossbar * bits) / hardware.activationBits;
  }
  const localPj = table.localMemoryPjPerByte * elementBytes;
  for (let core = 0; core < program.cores; core++) {
    for (let k = coreStart[core]!; k < coreStart[core + 1]!; k++) {
      const n = elements[k]!;
      const times = repeats[k]!;
      let mvm = 0;
      let vector = 0;
      let touched = 0;
      let global = 0;
      let network = 0;
      switch (op[k]!) {
        case Op.MVMUL: {
          const a = ag[k]!;
          mvm = product[a]!;
          touched = n + ags.columnEnd[a]! - ags.columnStart[a]!;
          break;
        }
        case Op.LD:
        case Op.ST:
          touched = n;
          global = n * elementBytes * table.globalMemoryPjPerByte;
          break;
        case Op.LMV:
          touched = 2 * n * times;
          break;
        case Op.LLDI:
          touched = n;
          break;
        case Op.SEND: {
          touched = n;
          const way = distance(hardware, core, peer[k]!);
          network = n * elementBytes * (way.hops * table.networkPjPerByteHop + way.crossings * table.linkPjPerByte);
          break;
        }
        case Op.RECV:
          touched = n;
          break;
        case Op.VDOT:
          vector = n * times * table.vectorPjPerElement;
          touched = n + n * times + times;
          break;
        default:
          vector = n * vectorPasses(op[k]!) * table.vectorPjPerElement;
          touched = n * (isBinary(op[k]!) ? 3 : 2 * vectorPasses(op[k]!));
      }
      const local = touched * localPj;
      parts.mvmPj += mvm;
      parts.vectorPj += vector;
      parts.localMemoryPj += local;
      parts.globalMemoryPj += global;
      parts.networkPj += network;
      const sum = mvm + vector + local + global + network;
      corePj[core]! += sum;
      if (layer[k]! >= 0) layerPj[layer[k]!]! += sum;
    }
  }
  return { parts, layerPj, corePj };
}

/** Static energy of the whole chip, idle cores included: 1 mW for 1 ns is 1 pJ. */
export function staticEnergyPj(hardware: Hardware, timeNs: number): number {
  const chips = hardware.chips.x * hardware.chips.y;
  const { staticMwPerCore, staticMwPerChip } = hardware.energy;
  return (coreCount(hardware) * staticMwPerCore + chips * staticMwPerChip) * timeNs;
}

export function isBinary(op: number): boolean {
  return op >= Op.VVADD && op <= Op.VVMIN;
}

/**
 * How often a vector instruction runs over its elements (ours): softmax finds the maximum, sums up and divides; a
 * normalisation finds mean, variance and result; those without a mean need two passes, all others one.
 */
export function vectorPasses(op: number): number {
  switch (op) {
    case Op.VSOFTMAX:
    case Op.VNORM:
      return 3;
    case Op.VRMS:
    case Op.VLRN:
      return 2;
    default:
      return 1;
  }
}
