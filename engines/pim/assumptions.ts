import type { Assumption } from '../core/report.ts';
import { RELOAD_BATCH } from './baselines.ts';
import { WINDOW } from './evaluate/own-machine.ts';
import { REFERENCE_CORES_PER_CHIP } from './evaluate/reference-walk.ts';
import type { Hardware } from './hardware.ts';
import { STATIC_SHARE } from './presets/energy.ts';
import { PRESETS } from './presets.ts';
import type { Baseline, EvaluatorName, Mode } from './types.ts';

export interface AssumptionContext {
  hardware: Hardware;
  evaluator: EvaluatorName;
  mode: Mode;
  baselines: readonly Baseline[];
}

/** What a report rests on that no source says, and what is odd in the sources themselves. Only what bears on the design. */
export function assumptionsOf({ hardware, evaluator, mode, baselines }: AssumptionContext): Assumption[] {
  const preset = PRESETS[hardware.name];
  return [
    ...(preset
      ? [assumption('chip', 'tool', `The chip "${hardware.name}".`, `${capital(preset.source)}.`, preset.about)]
      : [
          assumption(
            'chip',
            'ours',
            'A chip of your own, made from a preset.',
            'What was not changed is the preset’s.',
          ),
        ]),
    ...(evaluator === 'reference' ? referenceClock(hardware) : ownClock(hardware)),
    ...energy(hardware),
    NOISE,
    ...(mode === 'throughput' ? [THROUGHPUT] : []),
    ...baselines.map((id) => BASELINES[id]),
  ];
}

const NOISE = assumption(
  'layer-noise',
  'ours',
  'The signal-to-noise ratio of a layer is that of the single crossbar’s model, with the cells, noise and wires set on the bench.',
  'Weights and inputs are taken as uniform over their range: what a network really holds is not known here.',
);

function assumption(
  id: string,
  source: Assumption['source'],
  what: string,
  reason: string,
  value?: string,
): Assumption {
  return value === undefined ? { id, source, what, reason } : { id, source, what, reason, value };
}

function referenceClock(hardware: Hardware): Assumption[] {
  return [
    assumption(
      'reference-product-time',
      'tool',
      'A product takes 800 ns, as the released program runs, unless the design sets another time; not the 4,000 ns at 16 bit that it intends.',
      'It sums its latency up while the precision is still 0. Kept, so that figures can be compared.',
      `${hardware.mvmLatencyNs} ns`,
    ),
    assumption(
      'reference-order',
      'tool',
      'Buses are booked in the order in which the released evaluator walks the cores, not in the order of time.',
      'Its times depend on that order, so it is the same here.',
    ),
    assumption(
      'reference-chips',
      'tool',
      'Every chip has the same number of cores for the shared buses, whatever the grid of cores.',
      'A constant of the released program.',
      `${REFERENCE_CORES_PER_CHIP} cores`,
    ),
    assumption(
      'reference-untimed',
      'tool',
      'Products of vectors, differences, clips and stand-alone functions take no time; the mesh is not used.',
      'The released evaluator has no case for them.',
    ),
    assumption(
      'reference-energy',
      'ours',
      'The released program computes no energy; what is shown is our count of events with this clock’s time.',
      'So that energy stands beside time in both clocks.',
    ),
  ];
}

function ownClock(hardware: Hardware): Assumption[] {
  const look =
    hardware.execution === 'out-of-order'
      ? assumption(
          'look-ahead',
          'ours',
          'An out-of-order core holds so many instructions, besides the products that its crossbars are at work on.',
          'No source gives the number; the authors’ simulator gains little above 12.',
          `${WINDOW} instructions`,
        )
      : assumption(
          'in-order',
          'ours',
          'An in-order core starts instructions in program order; they may overlap once started, but it stands still in a synchronous transfer.',
          'TCAD names the model and does not describe it.',
        );
  const network =
    hardware.network.kind === 'mesh'
      ? assumption(
          'mesh',
          'ours',
          'Mesh: XY routing, one transfer a link at a time, first come, first served; other chips are reached over the core at the corner.',
          'No source describes routing or gates.',
          `${hardware.network.hopNs} ns a hop`,
        )
      : assumption(
          'bus',
          'ours',
          'One transfer at a time on the bus of a chip, first come, first served.',
          'Arbitration is not described.',
        );
  return [
    look,
    network,
    assumption(
      'product-by-bits',
      'ours',
      'A product’s time and energy are in proportion to the bits of the layer’s activations.',
      'Inputs enter bit by bit, and conversion follows each of them.',
      `${hardware.mvmLatencyNs} ns at ${hardware.activationBits} bit`,
    ),
    assumption(
      'vector-passes',
      'ours',
      'Softmax and normalisation run over their elements three times, normalisation without a mean twice, all else once.',
      'The vector unit is only described by its width and step.',
    ),
    assumption(
      'own-global-memory',
      'ours',
      'A core reaches the global memory of its own chip, whatever the address; it serves one access at a time.',
      'Sources share one memory a chip and do not say which data lie where.',
    ),
    ...(hardware.communication === 'asynchronous'
      ? [
          assumption(
            'asynchronous-buffers',
            'ours',
            'Asynchronous transfers always find room at the receiver, and are stored at the local memory’s bandwidth.',
            'TCAD records the receive address in the message and says nothing of buffers.',
          ),
        ]
      : []),
  ];
}

function energy(hardware: Hardware): Assumption[] {
  return [
    assumption(
      'product-energy',
      'tool',
      'Energy of a product follows PIMSIM-NN’s formula with the constants that PIMCOMP-NN ships: 1-bit DACs, 16 ADCs of 20 cycles, 22.24 mW for 7 ns. Read power grows with the cells, and a logical array counts as one.',
      'The formula is the simulator’s; the growth with the cells is ours.',
      `${hardware.energy.mvmPjPerCrossbar} pJ`,
    ),
    assumption(
      'event-energies',
      'ours',
      'Energies of vector unit, memories, routers and links are the powers of DAC’23, Table I, over the rate at which the part works.',
      'No source gives energy by event.',
    ),
    assumption(
      'static-share',
      'ours',
      'A fifth of the powers of Table I is taken as static, over the whole run and all cores, used or not.',
      'The table does not part leakage from activity.',
      `${100 * STATIC_SHARE} %`,
    ),
    assumption(
      'no-programming',
      'ours',
      'Writing the weights into the cells beforehand costs neither time nor energy here.',
      'It is done once; no source gives its cost.',
    ),
  ];
}

const THROUGHPUT = assumption(
  'one-cycle',
  'paper',
  'The program is one pipeline cycle: every layer works on a sample of its own, and throughput is one sample a cycle.',
  'As DAC’23 and TCAD count it: filling and draining the pipeline are left out.',
);

const BASELINES: Record<Baseline, Assumption> = {
  'puma-like': assumption(
    'puma-like',
    'ours',
    'PUMA-like: one replica a layer, first fit, our pipelines, the same chip and clock.',
    'Re-implemented from its description in TCAD, not by its authors.',
  ),
  'polyhedral-like': assumption(
    'polyhedral-like',
    'ours',
    'Polyhedral-like: one layer a core, balanced replicas; in latency mode a layer starts when the one before has ended.',
    'Re-implemented from its description in TCAD, not by its authors.',
  ),
  'layer-by-layer': assumption(
    'layer-by-layer',
    'ours',
    'Layer by layer: one replica each, weights brought from global memory before each layer, for every sample in latency mode and once a batch in throughput mode.',
    'Re-implemented after TCAD’s description of SongC, not by its authors.',
    `${RELOAD_BATCH} samples a batch`,
  ),
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
