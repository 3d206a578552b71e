import type { Place } from '../core/result.ts';
import { placeOf } from './src.ts';

/** A module as the sources define it, before hierarchy and parameters are worked out. */
export interface SourceModule {
  name: string;
  where?: Place;
  /** With their defaults, as Verilog constants; a parameter without one has the value "". */
  parameters: { name: string; value: string }[];
  /** Names of the modules that it instantiates. */
  uses: string[];
  /** Whether its ports and parameters are known; modules without ports, and black boxes, are only known by name. */
  described: boolean;
  /** Marked `(* top *)`. */
  markedTop: boolean;
  /** Its parameters have no defaults, so it only exists where it is instantiated. */
  needsParameters: boolean;
}

/**
 * Collects the modules of a run from what Yosys prints: the messages of its front end, `stat -json` (instances) and
 * `dump -m x:*` (headers).
 */
export class ModuleScan {
  readonly #modules = new Map<string, SourceModule>();
  readonly #userPath: (name: string) => string;
  #attributes: { src?: string; top?: boolean } = {};
  #current: SourceModule | undefined;
  #file: string | undefined;
  #open = true;

  constructor(userPath: (name: string) => string) {
    this.#userPath = userPath;
  }

  get modules(): SourceModule[] {
    return [...this.#modules.values()].sort((a, b) => compare(a.name, b.name));
  }

  get(name: string): SourceModule | undefined {
    return this.#modules.get(name);
  }

  /** A line of the log. Past the headers nothing is looked at any more. */
  line(line: string): void {
    if (!this.#open) return;
    let match = /^\d+\. Executing Verilog-2005 frontend: (.*)$/.exec(line);
    if (match) {
      this.#file = match[1];
      return;
    }
    match =
      /^Generating RTLIL representation for module `\\(.*)'\.$/.exec(line) ??
      /^Storing AST representation for module `(\$abstract\\.*)'\.$/.exec(line);
    if (match) {
      const name = match[1] ?? '';
      const abstract = name.startsWith('$abstract\\');
      this.#module(abstract ? name.slice(10) : name).needsParameters = abstract;
      return;
    }
    if (/^\d+\. Executing (HIERARCHY|AST frontend)/.test(line)) {
      this.#open = false;
      return;
    }
    this.#header(line);
  }

  /** The document of `stat -json`. */
  statistics(document: { modules: Record<string, { num_cells_by_type: Record<string, number> }> }): void {
    for (const [key, statistics] of Object.entries(document.modules)) {
      if (!key.startsWith('\\')) continue;
      const module = this.#module(key.slice(1));
      for (const type of Object.keys(statistics.num_cells_by_type)) {
        // Arrays of instances: "$array:0:8:\name".
        const name = type.replace(/^\$array:\d+:\d+:/, '').replace(/^\\/, '');
        if (!name.startsWith('$') && !module.uses.includes(name)) module.uses.push(name);
      }
    }
  }

  /** Modules that no other instantiates. One marked `(* top *)` is the only candidate. */
  topCandidates(): SourceModule[] {
    const modules = this.modules;
    const marked = modules.filter((module) => module.markedTop);
    if (marked.length > 0) return marked;
    const used = new Set(modules.flatMap((module) => module.uses));
    const roots = modules.filter((module) => !used.has(module.name) && !module.needsParameters);
    // A module that `dump` passes over is empty or a black box: no top if there is another.
    const described = roots.filter((module) => module.described || module.uses.length > 0);
    return described.length > 0 ? described : roots;
  }

  #module(name: string): SourceModule {
    let module = this.#modules.get(name);
    if (!module) {
      module = {
        name,
        where: this.#file === undefined ? undefined : { file: this.#userPath(this.#file) },
        parameters: [],
        uses: [],
        described: false,
        markedTop: false,
        needsParameters: false,
      };
      this.#modules.set(name, module);
    }
    return module;
  }

  #header(line: string): void {
    let match = /^attribute \\(\w+) (.*)$/.exec(line);
    if (match) {
      if (match[1] === 'src') this.#attributes.src = match[2]?.replace(/^"|"$/g, '');
      if (match[1] === 'top') this.#attributes.top = true;
      return;
    }
    match = /^module \\(.*)$/.exec(line);
    if (match) {
      const module = this.#module(match[1] ?? '');
      module.described = true;
      module.where = placeOf(this.#attributes.src, this.#userPath) ?? module.where;
      module.markedTop = this.#attributes.top === true;
      this.#attributes = {};
      this.#current = module;
      return;
    }
    if (!this.#current) return;
    match = /^ {2}parameter \\(\S+)(?: (.*))?$/.exec(line);
    if (match) {
      this.#current.parameters.push({ name: match[1] ?? '', value: match[2] ?? '' });
      return;
    }
    match = /^ {2}attribute \\interface_type "\\\\(.*)"$/.exec(line);
    if (match?.[1] !== undefined) this.#current.uses.push(match[1]);
    if (line === 'end') this.#current = undefined;
  }
}

/** By code units, so that the order is the same everywhere. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
