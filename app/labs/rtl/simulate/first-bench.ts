import { firstBench } from '../../../../engines/rtl/first-bench.ts';
import { edit } from '../actions.ts';
import { openPlace, useRtl } from '../state.ts';
import { texts } from './texts.ts';

/** Adds a bench for the top module of the newest synthesis: clock, reset, every port, a dump, and a place for checks. */
export function writeBench(): void {
  const { result } = useRtl.getState();
  const top = result?.report.top;
  const module = top === undefined ? undefined : result?.report.artefacts[0].data.modules[top];
  if (!result || top === undefined || !module) return;
  const name = result.report.modules.find((each) => each.name === top)?.sourceName ?? top;
  const { path, text } = firstBench(name, module.ports);
  edit(texts.edits.bench(path), (was) => ({
    ...was,
    files: [...was.files.filter((file) => file.path !== path), { path, text, role: 'bench' as const }],
    simulation: { ...was.simulation, tops: [`${name}_tb`] },
  }));
  openPlace({ file: path });
}
