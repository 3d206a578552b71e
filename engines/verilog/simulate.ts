import { breathe } from '../core/abort.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { compileSource } from './front-end.ts';
import type { Design } from './ir/types.ts';
import { recordDesign } from './run/record.ts';
import { type Simulation, startDesign } from './run/running.ts';
import type { SimHost, SimOutcome, SimSpec, Simulate } from './run/types.ts';
import { decodeSource } from './syntax/source-text.ts';
import { WaveRecorder } from './wave/recorder.ts';

/** A run gives way to the rest of its thread this often. */
const SLICE_MS = 30;

/** What a slice of a run tells besides its end. */
export interface SimWatcher {
  /** After every slice: how far time has come, in units of the precision. */
  slice?(simulation: Simulation): void;
}

/** Reads, elaborates and runs a design to its end. Problems of compiling fail; what happens in the run is the outcome. */
export const simulate: Simulate = (spec, host) => simulateWatched(spec, host, {});

/** The same, watched. `started` is called once, before anything runs. */
export async function simulateWatched(
  spec: SimSpec,
  host: SimHost,
  watcher: SimWatcher & { started?(simulation: Simulation): void },
): Promise<Result<SimOutcome>> {
  const read = (path: string): string | undefined => {
    const bytes = host.files.read(path);
    return bytes && decodeSource(bytes);
  };
  const { elaborated, problems } = compileSource(spec, read);
  const design = elaborated?.design;
  if (!design) {
    const [first, ...rest] = problems;
    return first ? fail(first, ...rest) : fail(error('no-design', 'The sources hold nothing that could be simulated.'));
  }
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
