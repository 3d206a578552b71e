import type { Assumption } from '../core/report.ts';
import type { Machine } from './movement/types.ts';
import type { OpenModel } from './open-model.ts';
import { FINE_TUNE_ASSUMPTIONS } from './train/fine-tune.ts';
import type { BfpSlice } from './types.ts';

const AFTER_TRAINING: Assumption = {
  id: 'after-training',
  what: 'Quantized after training; nothing is trained again.',
  reason: 'The released program trains for 100 epochs on ImageNet, which a page cannot.',
  source: 'ours',
};

/** What of a report is ours and not the paper's. */
export function assumptionsOf(slice: BfpSlice, { sets, id }: OpenModel, machine: Machine): Assumption[] {
  const assumptions: Assumption[] = [
    {
      id: 'bfp-definition',
      what: 'Block floating point: codes in two’s complement without the lowest, the exponent of the largest magnitude shared, ties to even unless chosen otherwise.',
      reason:
        'The released program defines its block minifloat only; its pure block format reads a field that is never set.',
      source: 'ours',
    },
    {
      id: 'blocks',
      what: 'Blocks run along input channels, as dot products take them; where there are fewer channels than a block has elements, over neighbouring places of the kernel or pixels of the line.',
      reason: 'Two blocks that meet in a product then share their exponents throughout.',
      source: 'ours',
    },
    {
      id: 'accumulation',
      what: 'Products of quantized numbers are added in float32, in a fixed order; biases, normalisations that cannot be folded, and operators without weights stay float32.',
      reason:
        'Accelerators of this kind accumulate more precisely than they multiply; the order makes results the same everywhere.',
      source: 'ours',
    },
    ...(slice.fineTune ? FINE_TUNE_ASSUMPTIONS : [AFTER_TRAINING]),
    {
      id: 'stored-bits',
      what: 'Bits per value count everything stored: codes, shared exponents of whole and short blocks, scales. Biases are not in the averages.',
      reason: 'A format that shares more often pays more often; the first and the last layer count as the others do.',
      source: 'ours',
    },
    {
      id: 'output-bits',
      what: 'An output is kept in the widest format in which one of its readers takes it, unless the plan says another.',
      reason:
        'The released program gives each tensor a width of its own; a tensor is written once and read by whoever needs it.',
      source: 'ours',
    },
    ...machine.assumptions.map(({ id: name, what, reason }) => ({ id: name, what, reason, source: 'ours' as const })),
  ];
  if (id === 'ocr') {
    assumptions.push({
      id: 'ocr-lines',
      what: 'Text lines are drawn by the studio from four typefaces, mildly varied; errors are edits over characters, blanks left out.',
      reason: 'No labelled photographs of text come with the recogniser.',
      source: 'ours',
    });
  }
  if (!sets) return assumptions;
  if (slice.data) {
    assumptions.push({
      id: 'own-data',
      what: 'Of your data, whole numbers of one byte are pixels: divided by 255. Other types go to the network as they are. Of each class every third sample is for search, the others are for test.',
      reason: 'A network file does not say how its inputs were scaled, and data do not say what they may be used for.',
      source: 'ours',
    });
  }
  assumptions.push({
    id: 'interval',
    what: 'Accuracy carries Wilson’s 95 % interval; a plan is compared with float32 on the same samples.',
    reason: 'Two accuracies on the same samples differ by less than their intervals suggest.',
    source: 'ours',
  });
  return assumptions;
}
