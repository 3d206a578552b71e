import { kindOf } from './cell-kinds.ts';
import type { Bit, YosysCell, YosysModule, YosysNet, YosysNetlist } from './yosys-json.ts';

interface WordModule {
  nets: Map<string, YosysNet>;
  /** `src` of the memories. */
  memories: Map<string, string>;
  /** What drives a bit: a cell, and the bit's index among those of its output. */
  drivers: Map<Bit, { cell: YosysCell; index: number }>;
}

const ARITHMETIC = /^\$(?:add|sub|mul|neg|macc|macc_v2|alu|div|mod|divfloor|modfloor|pow)$/;
const CHOICE = /^\$(?:mux|pmux|bmux|not|pos)$/;
/** How many cells are looked at on the way back from a register to the operator whose result it keeps. */
const FARTHEST = 200;

/**
 * Source places of the word level netlist, found by the names that a netlist of gates still has. The gates may have been
 * flattened: a name then begins with the names of the instances, and is looked up in the module that it leads to.
 */
export class WordPlaces {
  /** Paths of instances, each ending in a dot, that were flattened into the module; "" is the module itself. */
  readonly #paths = new Map<string, WordModule>();
  readonly #hasMemories: boolean;

  /**
   * @param word the netlist of words, with its hierarchy
   * @param module a module of the netlist of gates
   * @param kept modules that are still modules there
   */
  constructor(word: YosysNetlist, module: string, kept: ReadonlySet<string>) {
    const known = new Map<string, WordModule>();
    const visit = (name: string, path: string) => {
      const found = word.modules[name];
      if (!found) return;
      let described = known.get(name);
      if (!described) {
        described = readModule(found);
        known.set(name, described);
      }
      this.#paths.set(path, described);
      for (const [cellName, cell] of Object.entries(found.cells)) {
        if (word.modules[cell.type] && !kept.has(cell.type)) visit(cell.type, `${path}${canonical(cellName)}.`);
      }
    };
    visit(module, '');
    this.#hasMemories = [...known.values()].some(({ memories }) => memories.size > 0);
  }

  /**
   * `src` of the memory that a net's name stems from. `memory_map` builds a memory from gates without source places, but
   * its nets are called after it: `$memory\words$rdmux[0][1][0]$a$495`, `$\words$rdreg[0]$d`, `words[3]`, and
   * in flattened designs `$memory$flatten\a.\b[1].sbox.$auto$proc_rom.cc:155:do_switch$10$rdmux[0]$b$7`.
   */
  memory(net: string): string | undefined {
    if (!this.#hasMemories) return undefined;
    const name = canonical(net.startsWith('$memory') ? net.slice('$memory'.length) : net);
    // A memory's name can hold dots, dollars and brackets itself, so the longest that is one counts.
    for (
      let end = name.length;
      end > 0;
      end = Math.max(name.lastIndexOf('$', end - 1), name.lastIndexOf('[', end - 1))
    ) {
      const found = this.#find(name.slice(0, end), ({ memories }, rest) => memories.get(rest));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** For each bit of a net of that name, the `src` of the operator that drives it at word level. */
  net(name: string): ((index: number) => string | undefined) | undefined {
    return this.#find(canonical(name), ({ nets, drivers }, rest) => {
      const net = nets.get(rest);
      return (
        net &&
        ((index) => {
          const driver = drivers.get(net.bits[index] ?? 'x');
          return driver && kindOf(driver.cell.type) === 'logic' ? driver.cell.attributes.src : undefined;
        })
      );
    });
  }

  /**
   * For each bit of a register's net, the `src` of the arithmetic whose result the register keeps: the nearest operator
   * before it, through multiplexers; a multiplier (alone, or within a sum) before others.
   */
  arithmetic(name: string): ((index: number) => string | undefined) | undefined {
    return this.#find(canonical(name), ({ nets, drivers }, rest) => {
      const net = nets.get(rest);
      return net && ((index) => arithmeticBefore(drivers, net.bits[index] ?? 'x'));
    });
  }

  /** Tries every way to read a name as a path of instances and a name within, the shortest path first. */
  #find<T>(name: string, look: (module: WordModule, rest: string) => T | undefined): T | undefined {
    for (let dot = -1; ; ) {
      const module = this.#paths.get(name.slice(0, dot + 1));
      const found = module && look(module, name.slice(dot + 1));
      if (found !== undefined) return found;
      dot = name.indexOf('.', dot + 1);
      if (dot === -1) return undefined;
    }
  }
}

function readModule(module: YosysModule): WordModule {
  const memories = new Map<string, string>();
  const drivers: WordModule['drivers'] = new Map();
  for (const [name, cell] of Object.entries(module.cells)) {
    const kind = kindOf(cell.type);
    const { src } = cell.attributes;
    if (kind === 'memory' && src !== undefined) memories.set(canonical(cell.parameters.MEMID ?? name), src);
    if (kind === 'instance') continue;
    for (const [port, bits] of Object.entries(cell.connections)) {
      if (cell.port_directions?.[port] !== 'output') continue;
      bits.forEach((bit, index) => {
        if (typeof bit === 'number') drivers.set(bit, { cell, index });
      });
    }
  }
  const nets = new Map<string, YosysNet>();
  for (const [name, net] of Object.entries(module.netnames)) nets.set(canonical(name), net);
  return { nets, memories, drivers };
}

function arithmeticBefore(drivers: WordModule['drivers'], bit: Bit): string | undefined {
  const register = drivers.get(bit);
  const kind = register && kindOf(register.cell.type);
  if (!register || (kind !== 'flip-flop' && kind !== 'latch')) return undefined;
  const queue: Bit[] = [register.cell.connections.D?.[register.index] ?? 'x'];
  const seen = new Set<YosysCell>();
  let first: string | undefined;
  for (let at = 0; at < queue.length && seen.size < FARTHEST; at++) {
    const cell = drivers.get(queue[at] as Bit)?.cell;
    if (!cell || seen.has(cell)) continue;
    seen.add(cell);
    const { A = [], B = [] } = cell.connections;
    if (ARITHMETIC.test(cell.type)) {
      const isProduct = (other: YosysCell | undefined) => other !== undefined && /^\$(?:mul|macc)/.test(other.type);
      if (isProduct(cell) || [...A, ...B].some((input) => isProduct(drivers.get(input)?.cell)))
        return cell.attributes.src;
      first ??= cell.attributes.src;
    } else if (CHOICE.test(cell.type)) {
      queue.push(...A, ...B);
    }
  }
  return first;
}

/** "$flatten\\a.\\b.$auto$1" -> "a.b.$auto$1"; "$\\words" and "\\words" -> "words". */
function canonical(name: string): string {
  return name
    .replace(/^\$flatten(?=\\)/, '')
    .replace(/^\$(?=\\)/, '')
    .replaceAll('\\', '');
}
