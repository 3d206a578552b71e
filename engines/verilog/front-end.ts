import type { Problem } from '../core/result.ts';
import { type Elaborated, elaborate, type ParsedUnit } from './elaborate/design.ts';
import type { SimSpec } from './run/types.ts';
import { parse } from './syntax/parse.ts';
import { preprocess, preprocessUnits } from './syntax/preprocess.ts';
import type { PreprocessOptions } from './syntax/tokens.ts';

export interface FrontEnd {
  units: ParsedUnit[];
  /** Undefined: there were errors before it. */
  elaborated?: Elaborated;
  problems: Problem[];
}

/** What reading the sources needs of a spec. */
export type FrontEndSpec = Pick<
  SimSpec,
  | 'files'
  | 'tops'
  | 'generation'
  | 'defines'
  | 'includeDirs'
  | 'parameters'
  | 'libraryDirs'
  | 'librarySuffixes'
  | 'libraryFiles'
  | 'separateUnits'
  | 'delays'
  | 'specify'
  | 'relativeIncludes'
>;

/** Reads, parses and elaborates. `read` gives the text of a file; undefined: there is none. */
export function compileSource(spec: FrontEndSpec, read: (path: string) => string | undefined): FrontEnd {
  const options: PreprocessOptions = {
    defines: spec.defines,
    includeDirs: spec.includeDirs,
    read,
    ...(spec.generation !== undefined && { generation: spec.generation }),
    ...(spec.relativeIncludes !== undefined && { relativeIncludes: spec.relativeIncludes }),
  };
  const problems: Problem[] = [];
  const units = preprocessUnits(spec.files, options, spec.separateUnits).map(({ tokens, problems: found }) => {
    const parsed = parse(tokens);
    problems.push(...found, ...parsed.problems);
    return { tokens, unit: parsed.unit };
  });
  if (problems.some(({ severity }) => severity === 'error')) return { units, problems };

  /** The module's own file in a library's folder. */
  const library = (name: string): ParsedUnit | undefined => {
    for (const folder of spec.libraryDirs) {
      for (const suffix of spec.librarySuffixes.length > 0 ? spec.librarySuffixes : ['.v']) {
        const path = `${folder}/${name}${suffix}`;
        if (read(path) === undefined) continue;
        const { tokens, problems: found } = preprocess([path], options);
        const parsed = parse(tokens);
        problems.push(...found, ...parsed.problems);
        return { tokens, unit: parsed.unit };
      }
    }
    return undefined;
  };
  const elaborated = elaborate(units, {
    tops: spec.tops,
    parameters: spec.parameters,
    delays: spec.delays,
    specify: spec.specify,
    library,
  });
  problems.push(...elaborated.problems);
  return { units, elaborated, problems };
}
