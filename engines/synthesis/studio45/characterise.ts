import type { CellSpec } from './cells.ts';
import { Circuit } from './circuit.ts';
import { combinationalArcs } from './combinational-arcs.ts';
import { cornerOf } from './corners.ts';
import { type Device, deviceAt } from './device.ts';
import { CELL_LIMITS, type Pin } from './measure.ts';
import { storageArcs } from './storage-arcs.ts';

export interface CharacterisedCell {
  spec: CellSpec;
  areaUm2: number;
  leakageNw: number;
  leakages: { when: string; nw: number }[];
  pins: Pin[];
}

/** Everything that Liberty says of a cell at a corner, from its transistors. */
export function characterise(spec: CellSpec, device: Device): CharacterisedCell {
  const circuit = new Circuit(spec.inputs, spec.stages);
  const typical = deviceAt(cornerOf('typical'));
  const pins: Pin[] = spec.inputs.map((name) => ({
    name,
    direction: 'input',
    capacitanceFf: circuit.capacitanceFf(name),
    arcs: [],
    energies: [],
  }));
  for (const name of Object.keys(spec.outputs)) {
    // Limits belong to the cell, not to the corner.
    const maxLoadFf = Math.floor(circuit.loadForSlewFf(name, CELL_LIMITS.slewAtLargestLoadPs, typical) * 10) / 10;
    // Only a three-state output is also a load to what else drives its net.
    const capacitanceFf = spec.threeState ? circuit.capacitanceFf(name) : 0;
    pins.push({ name, direction: 'output', capacitanceFf, maxLoadFf, arcs: [], energies: [] });
  }
  const cell = { spec, circuit, device, pins };
  const states = spec.sequential ? storageArcs(cell, spec.sequential) : combinationalArcs(cell);
  const leakages = states.map(({ when, values }) => ({ when, nw: circuit.leakageNw(values, device) }));
  return {
    spec,
    areaUm2: circuit.areaUm2,
    leakageNw: leakages.reduce((sum, it) => sum + it.nw, 0) / leakages.length,
    leakages: leakages.length > 1 ? leakages : [],
    pins,
  };
}
