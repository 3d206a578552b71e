import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { activitiesOf } from '../synthesis/power/activity.ts';
import { recordingFrom } from '../synthesis/power/recording.ts';
import { writeSaif } from '../synthesis/power/saif-write.ts';
import { mapDesign } from './map.ts';
import { analyse } from './ppa.ts';
import { hasBench, record } from './recording.ts';
import type { NetlistFile, RtlSlice } from './types.ts';
import { ENGINE } from './version.ts';

/** Propagated activities are written as if they had gone on for so long: 1 ms gives rates of a MHz three digits. */
const PROPAGATED_NS = 1e6;

/** Spec of `rtl/saif`: the design, and whose activity is wanted. Default: its bench's, where it has one. */
export type SaifSpec = RtlSlice & { of?: 'bench' | 'propagated' };

/**
 * Activities as a SAIF file, for other tools: `rtl/saif`. Of the design's bench, as it was recorded; or as they are propagated (or stated)
 * through the mapped netlist, under all names of its nets.
 */
export async function saif({ of, ...slice }: SaifSpec, job: Job): Promise<Result<NetlistFile>> {
  const program = { program: 'Crossbar Studio', version: `${ENGINE.id} ${ENGINE.version}` };
  if (of === 'propagated' || (of === undefined && !hasBench(slice))) {
    const mapping = await mapDesign(slice, job);
    if (!mapping.ok) return mapping;
    const analysed = analyse(slice, mapping.value);
    if (!analysed.ok) return analysed;
    const { inputToggles, inputProbability, activity } = slice.analysis;
    const { design, top } = mapping.value;
    const mode = activity === 'default' ? 'default' : 'vectorless';
    const found = activitiesOf(design, analysed.value.constraints, { mode, inputToggles, inputProbability });
    job.progress(1, 'Done');
    return ok({
      name: `${top}.saif`,
      text: writeSaif(recordingFrom(design, found, PROPAGATED_NS), { design: top, ...program }),
    });
  }
  // The bench is what is asked for, whatever file the analysis takes its activities from.
  const recorded = await record({ ...slice, analysis: { ...slice.analysis, saif: '' } }, job);
  if (!recorded.ok) return recorded;
  const { recording, from } = recorded.value;
  const name = (from.kind === 'bench' && from.tops[0]) || 'bench';
  job.progress(1, 'Done');
  return ok({ name: `${name}.saif`, text: writeSaif(recording, { design: name, ...program }) });
}
