/** From a spec to a simulation that is ready to run: the front end, then the back end that the spec asks for. */
import type { Problem, Result } from '../../core/result.ts';
import { compileSource } from '../front-end.ts';
import { type Simulation, startDesign } from './running.ts';
import type { RuntimeHost } from './runtime.ts';
import type { SimSpec } from './types.ts';

export type { Simulation } from './running.ts';

/**
 * Reads, elaborates and sets up. Nothing of the design has run yet: `Simulation.run` does that in slices. Problems of the sources are
 * values; warnings come with the outcome of the run.
 */
export function createSimulation(spec: SimSpec, host: RuntimeHost): Result<Simulation> {
  const decoder = new TextDecoder('utf-8');
  const texts = new Map<string, string | undefined>();
  const read = (path: string): string | undefined => {
    if (texts.has(path)) return texts.get(path);
    const bytes = host.files.read(path);
    const text = bytes === undefined ? undefined : decoder.decode(bytes);
    texts.set(path, text);
    return text;
  };
  const { elaborated, problems } = compileSource(spec, read);
  const { design } = elaborated ?? {};
  if (design === undefined) return { ok: false, problems: errorsFirst(problems) };
  return startDesign(design, spec, host, problems);
}

function errorsFirst(problems: readonly Problem[]): Problem[] {
  return [
    ...problems.filter(({ severity }) => severity === 'error'),
    ...problems.filter(({ severity }) => severity !== 'error'),
  ];
}
