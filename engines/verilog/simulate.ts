import { breathe } from '../core/abort.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { compileSource } from './front-end.ts';
import type { Design } from './ir/types.ts';
import { recordDesign } from './run/record.ts';
import { type Simulation, startDesign } from './run/running.ts';
import type { RuntimeHost } from './run/runtime.ts';
import type { SimHost, SimOutcome, SimSpec, Simulate, VirtualFiles } from './run/types.ts';
import { decodeSource } from './syntax/source-text.ts';
import { WaveRecorder } from './wave/recorder.ts';

/** A run gives way to the rest of its thread this often. */
const SLICE_MS = 30;

/** What a slice of a run tells besides its end. */
export interface SimWatcher {
  /** After every slice: how far time has come, in units of the precision. */
  slice?(simulation: Simulation): void;
}

/** Reads and elaborates. Beside a design the problems are warnings; without one they are why, errors first. */
function readDesign(spec: SimSpec, files: VirtualFiles): Result<{ design: Design; problems: Problem[] }> {
  const { elaborated, problems } = compileSource(spec, (path) => {
    const bytes = files.read(path);
    return bytes && decodeSource(bytes);
  });
  const design = elaborated?.design;
  if (design) return ok({ design, problems });
  const isError = ({ severity }: Problem) => severity === 'error';
  const [first, ...rest] = [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))];
  return first ? fail(first, ...rest) : fail(error('no-design', 'The sources hold nothing that could be simulated.'));
}

/** A design that is ready to run, in slices, by whoever asks. Nothing of it has run yet. */
export function createSimulation(spec: SimSpec, host: RuntimeHost): Result<Simulation> {
  const read = readDesign(spec, host.files);
  return read.ok ? startDesign(read.value.design, spec, host, read.value.problems) : read;
}

/** Reads, elaborates and runs a design to its end. Problems of compiling fail; what happens in the run is the outcome. */
export const simulate: Simulate = (spec, host) => simulateWatched(spec, host, {});

/** The same, watched. `started` is called once, before anything runs. */
export async function simulateWatched(
  spec: SimSpec,
  host: SimHost,
  watcher: SimWatcher & { started?(simulation: Simulation): void },
): Promise<Result<SimOutcome>> {
  const read = readDesign(spec, host.files);
  if (!read.ok) return read;
  const { design, problems } = read.value;
  if (spec.compileOnly) return ok(notRun(design, problems));
  await breathe(host.signal);
  const { files, print, printError } = host;
  const started = startDesign(design, spec, { files, print, printError }, problems);
  if (!started.ok) return started;
  const simulation = started.value;
  const recorder =
    spec.record || host.waves ? new WaveRecorder({ timescale: design.precision }, spec.limits.waveBytes) : undefined;
  if (recorder && spec.record) recordDesign(simulation.runtime, recorder);
  watcher.started?.(simulation);
  for (;;) {
    const state = simulation.run({ ms: SLICE_MS });
    if (recorder) {
      recorder.reach(simulation.runtime.now());
      host.waves?.(recorder.takeDelta());
    }
    watcher.slice?.(simulation);
    if (state !== 'more') return ok(state);
    await breathe(host.signal);
  }
}

function notRun({ precision, signals, processes }: Design, warnings: Problem[]): SimOutcome {
  return {
    end: { kind: 'dry' },
    timeTicks: 0,
    precision,
    exitStatus: 0,
    warnings,
    backEnd: 'interpreted',
    counts: { events: 0, signals: signals.length, processes: processes.length },
  };
}
