import { kindOf } from './cell-kinds.ts';
import type { YosysNetlist } from './yosys-json.ts';

/**
 * Finds the `src` of the memory that a net's name stems from. `memory_map` builds a memory from gates without source
 * places, but its nets are called after it: `$memory\words$rdmux[0][1][0]$a$495`, `$\words$rdreg[0]$d`, `words[3]`, and
 * in flattened designs `$memory$flatten\a.\b[1].sbox.$auto$proc_rom.cc:155:do_switch$10$rdmux[0]$b$7`.
 *
 * @param word the netlist that still has the memories, with its hierarchy
 * @param module a module of a netlist of gates
 * @param kept modules that are still modules there; the others were flattened into those that instantiate them
 */
export function memoryNamer(
  word: YosysNetlist,
  module: string,
  kept: ReadonlySet<string>,
): (net: string) => string | undefined {
  const srcOf = new Map<string, string>();
  const visit = (name: string, path: string) => {
    for (const [cellName, cell] of Object.entries(word.modules[name]?.cells ?? {})) {
      if (kindOf(cell.type) === 'memory') {
        const { src } = cell.attributes;
        if (src !== undefined) srcOf.set(path + canonical(cell.parameters.MEMID ?? cellName), src);
      } else if (word.modules[cell.type] && !kept.has(cell.type)) {
        visit(cell.type, `${path}${canonical(cellName)}.`);
      }
    }
  };
  visit(module, '');
  if (srcOf.size === 0) return () => undefined;
  return (net) => {
    const name = canonical(net.startsWith('$memory') ? net.slice('$memory'.length) : net);
    // A memory's name can hold dots, dollars and brackets itself, so the longest that is one counts.
    for (
      let end = name.length;
      end > 0;
      end = Math.max(name.lastIndexOf('$', end - 1), name.lastIndexOf('[', end - 1))
    ) {
      const src = srcOf.get(name.slice(0, end));
      if (src !== undefined) return src;
    }
    return undefined;
  };
}

/** "$flatten\\a.\\b.$auto$1" -> "a.b.$auto$1"; "$\\words" and "\\words" -> "words". */
function canonical(name: string): string {
  return name
    .replace(/^\$flatten(?=\\)/, '')
    .replace(/^\$(?=\\)/, '')
    .replaceAll('\\', '');
}
