import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { writeSaif } from '../synthesis/power/saif-write.ts';
import { record } from './recording.ts';
import type { NetlistFile, RtlSlice } from './types.ts';
import { ENGINE } from './version.ts';

/** The activities of the design's bench as a SAIF file, for other tools: `rtl/saif`. */
export async function saif(slice: RtlSlice, job: Job): Promise<Result<NetlistFile>> {
  // The bench is what is asked for, whatever file the analysis takes its activities from.
  const recorded = await record({ ...slice, analysis: { ...slice.analysis, saif: '' } }, job);
  if (!recorded.ok) return recorded;
  const { recording, from } = recorded.value;
  const name = (from.kind === 'bench' && from.tops[0]) || 'bench';
  job.progress(1, 'Done');
  const options = { design: name, program: 'Crossbar Studio', version: `${ENGINE.id} ${ENGINE.version}` };
  return ok({ name: `${name}.saif`, text: writeSaif(recording, options) });
}
