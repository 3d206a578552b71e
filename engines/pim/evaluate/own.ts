import { breathe } from '../../core/abort.ts';
import type { Job } from '../../core/job.ts';
import type { Hardware } from '../hardware.ts';
import { Op, type Program } from '../program/types.ts';
import type { Mapping } from '../types.ts';
import { dynamicEnergy, staticEnergyPj } from './energy.ts';
import { OwnMachine } from './own-machine.ts';
import { busyNs, tallyLayers, unitOf } from './tally.ts';
import type { Evaluation } from './types.ts';

/** Events between two breaths: some 20 ms. */
const AT_ONCE = 20_000;

/**
 * Our evaluator: a program run event by event (see `OwnMachine`), with the energy of all its events and static power over
 * its time. `waitNs` of a core is the time up to its last instruction's end in which none of its units worked.
 */
export function evaluateOwn(program: Program, mapping: Mapping, hardware: Hardware): Evaluation {
  const machine = new OwnMachine(program, mapping, hardware);
  machine.run(Number.POSITIVE_INFINITY);
  return assemble(machine, program, mapping, hardware);
}

/** The same for programs of any length: can be cancelled, and tells its progress. */
export async function evaluateOwnAsync(
  program: Program,
  mapping: Mapping,
  hardware: Hardware,
  job: Pick<Job, 'signal' | 'progress'>,
): Promise<Evaluation> {
  const machine = new OwnMachine(program, mapping, hardware);
  while (!machine.run(AT_ONCE)) {
    job.progress(machine.ended / program.count, 'Running the program');
    await breathe(job.signal);
  }
  return assemble(machine, program, mapping, hardware);
}

function assemble(machine: OwnMachine, program: Program, mapping: Mapping, hardware: Hardware): Evaluation {
  const { trace } = machine;
  const { op, elements, coreStart, cores, elementBytes } = program;
  const { parts, layerPj } = dynamicEnergy(program, mapping, hardware, program.regions.length);
  const found: Evaluation = {
    timeNs: machine.timeNs,
    trace,
    mvms: 0,
    transfers: 0,
    transferBytes: 0,
    loadBytes: 0,
    storeBytes: 0,
    energy: { ...parts, staticPj: staticEnergyPj(hardware, machine.timeNs) },
    cores: {
      busyNs: new Float64Array(cores),
      mvmNs: new Float64Array(cores),
      vectorNs: new Float64Array(cores),
      transferNs: new Float64Array(cores),
      memoryNs: new Float64Array(cores),
      waitNs: new Float64Array(cores),
    },
    layers: tallyLayers(program, trace, layerPj),
  };
  const { mvmNs, vectorNs, transferNs, memoryNs } = found.cores;
  const sums = { mvm: mvmNs, vector: vectorNs, transfer: transferNs, memory: memoryNs };
  for (let core = 0; core < cores; core++) {
    let last = 0;
    for (let k = coreStart[core]!; k < coreStart[core + 1]!; k++) {
      const end = trace.endNs[k]!;
      if (end > last) last = end;
      sums[unitOf(op[k]!)][core]! += end - trace.startNs[k]!;
      const bytes = elements[k]! * elementBytes;
      if (op[k] === Op.MVMUL) found.mvms += 1;
      else if (op[k] === Op.LD) found.loadBytes += bytes;
      else if (op[k] === Op.ST) found.storeBytes += bytes;
      else if (op[k] === Op.SEND) {
        found.transfers += 1;
        found.transferBytes += bytes;
      }
    }
    const busy = busyNs(trace, coreStart[core]!, coreStart[core + 1]!);
    found.cores.busyNs[core] = busy;
    found.cores.waitNs[core] = last - busy;
  }
  return found;
}
