import type { Assumption } from '../core/report.ts';
import { LIBERTY_ASSUMPTIONS } from '../synthesis/liberty/assumptions.ts';
import { POWER_ASSUMPTIONS } from '../synthesis/power/assumptions.ts';
import { DEFAULT_SDC_ASSUMPTIONS } from '../synthesis/sdc/default.ts';
import { SDC_ASSUMPTIONS } from '../synthesis/sdc/read.ts';
import { STUDIO45_ASSUMPTIONS } from '../synthesis/studio45/index.ts';
import { TIMING_ASSUMPTIONS } from '../synthesis/timing/assumptions.ts';
import type { Mapped } from './map.ts';
import type { RtlSlice } from './types.ts';

/** The rules behind the figures of a mapped design: of the mapping, the library, constraints, timing, wires and activities. */
export function ppaAssumptions(
  slice: RtlSlice,
  { target, assumptions }: Mapped,
  wireLoad: string | undefined,
): Assumption[] {
  const { analysis } = slice;
  const { conditions, name } = target.library;
  const all: Assumption[] = [
    {
      id: 'pre-layout',
      what: 'All figures are before layout: no placement, no clock tree, no routed wires.',
      reason:
        'They serve to compare designs. After layout delays and power are greater, and holds are mended with buffers.',
      source: 'ours',
    },
    ...assumptions,
    target.corner === undefined
      ? {
          id: 'library',
          what: `Cells, delays and powers are those of the library ${name}, at the one operating point that the file describes.`,
          value: `${conditions.voltageV} V, ${conditions.temperatureC} °C, process ${conditions.process}`,
          reason: 'The library was given by the user; its figures are taken as they are.',
          source: 'tool',
        }
      : {
          id: 'library',
          what: `Cells, delays and powers are those of the studio's own library, corner '${target.corner}': a model of a 45 nm class process, of no foundry.`,
          value: `${conditions.voltageV} V, ${conditions.temperatureC} °C`,
          reason: 'A library that everybody may have. To compare with a foundry, give its Liberty file.',
          source: 'ours',
        },
    ...(target.corner === undefined ? [] : STUDIO45_ASSUMPTIONS),
    wireLoad === undefined
      ? {
          id: 'wires',
          what: 'Every net has the capacitance of a short wire, with a share for each pin it feeds; wires have no resistance and no delay.',
          value: `${analysis.wireFf} fF + ${analysis.wirePerFanoutFf} fF for each pin`,
          reason: 'Lengths are not known before layout. The settings have these numbers.',
          source: 'ours',
        }
      : {
          id: 'wires',
          what: `Wires have the capacitance that the library's wire-load model ${wireLoad} gives for their fanout.`,
          reason: 'The constraints name it.',
          source: 'tool',
        },
    {
      id: 'surroundings',
      what: 'Inputs and outputs that the constraints say nothing of have one slew and one load.',
      value: `${analysis.inputSlewNs} ns, ${analysis.outputLoadFf} fF`,
      reason: 'What drives and what reads the design is not known. The settings have these numbers.',
      source: 'ours',
    },
    ...(slice.sdc.trim() === '' ? DEFAULT_SDC_ASSUMPTIONS : []),
    ...LIBERTY_ASSUMPTIONS,
    ...SDC_ASSUMPTIONS,
    ...TIMING_ASSUMPTIONS,
    activity(slice),
    ...POWER_ASSUMPTIONS,
  ];
  const seen = new Set<string>();
  return all.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function activity({ analysis }: RtlSlice): Assumption {
  const { inputToggles, inputProbability } = analysis;
  const value = `${inputToggles} changes in a clock cycle, at 1 for ${inputProbability} of the time`;
  switch (analysis.activity) {
    case 'default':
      return {
        id: 'activity',
        what: 'Every net that is no clock has the same activity.',
        value,
        reason: 'The simplest assumption; real nets differ by orders of magnitude.',
        source: 'ours',
      };
    case 'vectorless':
      return {
        id: 'activity',
        what: 'Inputs have a stated activity, and probabilities are propagated from there through the netlist.',
        value,
        reason: 'Nothing was simulated. Signals are taken as independent, which logic that reconverges is not.',
        source: 'ours',
      };
    case 'recorded':
      return {
        id: 'activity',
        what: 'Nets have the activity that was recorded for the signals of the same names; what was not recorded is propagated from these.',
        value: analysis.saif === '' ? 'the design’s bench' : analysis.saif,
        reason: 'Mapping keeps the names of registers and of many signals; nets that it makes anew have no record.',
        source: 'ours',
      };
  }
}
