import { breathe, checkAborted } from '../../core/abort.ts';
import type { Job } from '../../core/job.ts';
import type { Network } from '../../onnx/network.ts';
import { coreCount, type Hardware } from '../hardware.ts';
import { recordReceiveAddresses } from '../program/receive-addresses.ts';
import type { Program } from '../program/types.ts';
import type { CompileStyle } from '../style.ts';
import type { Mapping } from '../types.ts';
import { layOutGlobal } from './common-regions.ts';
import { LatencyMachine } from './latency-machine.ts';
import { type LatencyGap, OwnUnits } from './latency-own.ts';
import { canBeReleased, releasedUnits } from './latency-released.ts';
import { LatencyRounds } from './latency-rounds.ts';

export interface LatencyOptions {
  style: CompileStyle;
  /** Rounds between two flushes of queued transfers ("centralised communication", TCAD IV-D); 0: every pixel at once. */
  transferRounds: number;
  /** 'pixels': memory is given back as soon as no replica needs it. 'naive': never. */
  memory: 'pixels' | 'naive';
}

/** Instructions between two pauses: about 50 ms. */
const PAUSE = 100_000;

/**
 * Latency mode (TCAD, Alg. 2; facts 1.5): one inference, as soon as possible. Round by round, every layer in topological
 * order computes those windows whose inputs have arrived: each replica of a layer with weights at most one, the others all
 * that are ready. Pixels that were made are sent to the cores that read them when the round ends (or by
 * `transferRounds`), each at most once between two cores; a core keeps a pixel until none of its replicas needs it. There is
 * no limit to the rounds: every network finishes.
 *
 * The released style writes what the released program writes, instruction by instruction.
 */
export async function scheduleLatency(
  network: Network,
  mapping: Mapping,
  hardware: Hardware,
  options: LatencyOptions,
  job: Pick<Job, 'signal' | 'progress'>,
): Promise<Program> {
  checkAborted(job.signal);
  const cores = coreCount(hardware);
  const layout = layOutGlobal(network, options.style);
  const machine = new LatencyMachine(cores, layout, options.memory !== 'naive');
  const mappedOf = new Map(mapping.layers.map((layer, index) => [layer.layer, index]));
  const scattered = mapping.layers.some(({ unrolling }) => unrolling.endsWith('columns'));
  const released = options.style.id === 'released' && canBeReleased(network) && !scattered;
  const units = released
    ? releasedUnits(network, mappedOf, cores)
    : new OwnUnits(network, mappedOf, cores, mapping.layers).units;
  const rounds = new LatencyRounds(machine, units, mapping, {
    released,
    transferRounds: released ? 1 : options.transferRounds,
  });
  let last = 0;
  while (!rounds.done) {
    rounds.next();
    if (machine.written - last < PAUSE) continue;
    last = machine.written;
    job.progress(rounds.fraction, 'Scheduling');
    await breathe(job.signal);
  }
  const program = rounds.finish(network, hardware);
  if (!released && hardware.communication === 'asynchronous') recordReceiveAddresses(program);
  return program;
}

/** Layers that a latency program takes as zeros because no instruction computes them, with the reason. */
export function latencyGaps(network: Network): LatencyGap[] {
  return new OwnUnits(network, new Map(), 1).gaps;
}
