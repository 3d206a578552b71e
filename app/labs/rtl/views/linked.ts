import { parseSrc, type SourceSpan } from '../../../../engines/synthesis/src.ts';
import type { YosysModule, YosysNetlist } from '../../../../engines/synthesis/yosys-json.ts';

interface Placed {
  name: string;
  type: string;
  spans: SourceSpan[];
}

const placed = new WeakMap<YosysModule, Placed[]>();

/** A module's cells with their source places, read once. */
function cellsOf(module: YosysModule): Placed[] {
  const known = placed.get(module);
  if (known) return known;
  const cells = Object.entries(module.cells).map(([name, cell]) => ({
    name,
    type: cell.type,
    spans: parseSrc(cell.attributes.src),
  }));
  placed.set(module, cells);
  return cells;
}

/**
 * Cells of a module that a source line stands for: those that begin on it; else those of the narrowest stretch that
 * covers it (the register of an `always` block, from any of its lines); else the instances whose modules have such cells.
 */
export function cellsOfLine(netlist: YosysNetlist, module: string, file: string, line: number): Set<string> {
  const found = own(netlist.modules[module], file, line);
  if (found.size > 0) return found;
  const holders = new Map<string, boolean>();
  const holds = (name: string): boolean => {
    const known = holders.get(name);
    if (known !== undefined) return known;
    const inner = netlist.modules[name];
    // Set first: a netlist that instantiates itself would never end.
    holders.set(name, false);
    const answer =
      inner !== undefined && (own(inner, file, line).size > 0 || cellsOf(inner).some(({ type }) => holds(type)));
    holders.set(name, answer);
    return answer;
  };
  const here = netlist.modules[module];
  if (here) for (const { name, type } of cellsOf(here)) if (netlist.modules[type] && holds(type)) found.add(name);
  return found;
}

function own(module: YosysModule | undefined, file: string, line: number): Set<string> {
  const beginning = new Set<string>();
  let covering = new Set<string>();
  let narrowest = Number.POSITIVE_INFINITY;
  for (const { name, spans } of module ? cellsOf(module) : []) {
    for (const span of spans) {
      if (span.file !== file || line < span.line || line > span.endLine) continue;
      if (span.line === line) beginning.add(name);
      const height = span.endLine - span.line;
      if (height < narrowest) {
        narrowest = height;
        covering = new Set();
      }
      if (height === narrowest) covering.add(name);
    }
  }
  return beginning.size > 0 ? beginning : covering;
}

/** The module that a path of instances leads to, as far as it leads: a path of an earlier netlist may end sooner. */
export function walk(netlist: YosysNetlist, top: string, path: readonly string[]): { module: string; path: string[] } {
  let module = top;
  const reached: string[] = [];
  for (const instance of path) {
    const type = netlist.modules[module]?.cells[instance]?.type;
    if (type === undefined || !netlist.modules[type]) break;
    module = type;
    reached.push(instance);
  }
  return { module, path: reached };
}
