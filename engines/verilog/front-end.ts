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
  | 'timescale'
  | 'assertions'
  | 'warningClasses'
  | 'ignoreMissing'
  | 'recursionLimit'
  | 'ioRangeError'
>;

/** Reads, parses and elaborates. `read` gives the text of a file; undefined: there is none. */
export function compileSource(spec: FrontEndSpec, read: (path: string) => string | undefined): FrontEnd {
  const options: PreprocessOptions = {
    defines: spec.defines,
    includeDirs: spec.includeDirs,
    read,
    ...(spec.generation !== undefined && { generation: spec.generation }),
    ...(spec.relativeIncludes !== undefined && { relativeIncludes: spec.relativeIncludes }),
    ...(spec.timescale !== undefined && { timescale: spec.timescale }),
    everyRedefinition: spec.warningClasses?.includes('macro-redefinition') ?? false,
  };
  const problems: Problem[] = [];
  const units = preprocessUnits(spec.files, options, spec.separateUnits).map(({ tokens, problems: found }) => {
    const parsed = parse(tokens);
    problems.push(...found, ...parsed.problems);
    return { tokens, unit: parsed.unit };
  });
  if (problems.some(({ severity }) => severity === 'error')) return { units, problems };

  const last = units.at(-1)?.tokens;
  /** Files of libraries go on with the macros of the sources. */
  const libraryOptions = last && !spec.separateUnits ? { ...options, after: last } : options;
  const readLibrary = (path: string): ParsedUnit => {
    const { tokens, problems: found } = preprocess([path], libraryOptions);
    const parsed = parse(tokens);
    problems.push(...found, ...parsed.problems);
    return { tokens, unit: parsed.unit };
  };
  let listed: ParsedUnit[] | undefined;

  /** The module in a library file, or its own file in a library's folder. */
  const library = (name: string): ParsedUnit | undefined => {
    listed ??= (spec.libraryFiles ?? []).map(readLibrary);
    const holder = listed.find(({ unit }) => unit.items.some((item) => 'name' in item && isNamed(item.name, name)));
    if (holder) return holder;
    for (const folder of spec.libraryDirs) {
      for (const suffix of spec.librarySuffixes.length > 0 ? spec.librarySuffixes : ['.v']) {
        const path = `${folder}/${name}${suffix}`;
        if (read(path) !== undefined) return readLibrary(path);
      }
    }
    return undefined;
  };
  const elaborated = elaborate(units, {
    tops: spec.tops,
    parameters: spec.parameters,
    delays: spec.delays,
    // Delays that a file gives go to paths of specify blocks.
    specify: spec.specify || units.some(({ tokens }) => tokens.texts.includes('$sdf_annotate')),
    library,
    ...(spec.assertions !== undefined && { assertions: spec.assertions }),
    ...(spec.ignoreMissing !== undefined && { ignoreMissing: spec.ignoreMissing }),
    ...(spec.recursionLimit !== undefined && { recursionLimit: spec.recursionLimit }),
    ...(spec.ioRangeError !== undefined && { ioRangeError: spec.ioRangeError }),
  });
  problems.push(...elaborated.problems);
  return { units, elaborated, problems };
}

function isNamed(found: unknown, name: string): boolean {
  return typeof found === 'object' && found !== null && 'name' in found && found.name === name;
}
