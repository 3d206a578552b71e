import type { SimulateSpec } from '../verilog/types.ts';
import type { RtlSlice } from './types.ts';

const VERILOG = /\.s?v$/i;

/**
 * What the simulator is asked for a design: the sources and the benches, in the order of the files. A file list, where one is chosen, gives
 * the order of the sources; benches come after them.
 */
export function simulateSpecOf({
  files,
  top,
  parameters,
  defines,
  includeDirs,
  fileList,
  simulation,
}: RtlSlice): SimulateSpec {
  const benches = files.filter(({ role }) => role === 'bench').map(({ path }) => path);
  const sources = files.filter(({ role, path }) => role !== 'bench' && VERILOG.test(path)).map(({ path }) => path);
  // Without a bench the design runs alone, with the parameters that synthesis is given.
  const alone = benches.length === 0 && simulation.tops.length === 0;
  const overrides =
    alone && top !== '' ? Object.entries(parameters).map(([name, value]) => [`${top}.${name}`, String(value)]) : [];
  return {
    files: files.map(({ role: _role, ...file }) => file),
    compiled: [...sources, ...benches.filter((path) => VERILOG.test(path))],
    ...(fileList !== '' && { fileList, benches }),
    tops: simulation.tops.length > 0 ? simulation.tops : alone && top !== '' ? [top] : [],
    defines,
    includeDirs,
    parameters: Object.fromEntries(overrides),
    plusArgs: simulation.plusArgs,
    delays: simulation.delays,
    specify: simulation.specify,
    timeLimit: simulation.timeLimit,
    eventLimit: simulation.eventLimit,
    record: simulation.record,
  };
}
