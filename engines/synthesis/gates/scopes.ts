import type { Place } from '../../core/result.ts';
import { displayName } from '../netlist.ts';
import { parseSrc } from '../src.ts';
import type { YosysCell, YosysModule, YosysNetlist } from '../yosys-json.ts';

interface Scope {
  /** Joined by `.`. */
  path: string;
  module: string;
  file?: string;
  first: number;
  last: number;
}

/**
 * Which instance of the source a cell of a flattened module belongs to. Yosys keeps the flattened instances as `$scopeinfo`
 * cells; cells have a scope by `scopename`, `hdlname`, or a name that `flatten` made. Others (what ABC made) have one when
 * the line of the source they come from lies in a module that was flattened in only once, or when, of several, one alone
 * names the net the cell drives.
 */
export class Scopes {
  readonly #scopes: Scope[] = [];
  readonly #byPath = new Map<string, Scope>();

  constructor(netlist: YosysNetlist, module: YosysModule, userPath: (name: string) => string) {
    for (const [name, cell] of Object.entries(module.cells)) {
      if (cell.type !== '$scopeinfo') continue;
      const path = words(cell.attributes.hdlname)?.join('.') ?? name;
      const [span] = parseSrc(cell.attributes.module_src);
      const type = cell.attributes.module ?? '';
      const scope = {
        path,
        module: flattenedName(type, cell.attributes.module_hdlname, netlist),
        file: span && userPath(span.file),
        first: span?.line ?? 0,
        last: span?.endLine ?? -1,
      };
      this.#scopes.push(scope);
      this.#byPath.set(path, scope);
    }
  }

  /** Of a cell by its name and attributes, the line it comes from, and the names of the net that it drives. */
  of(name: string, cell: YosysCell, where: Place | undefined, nets: string[]): { path: string; module: string } | null {
    if (this.#scopes.length === 0) return null;
    const said = words(cell.attributes.scopename) ?? words(cell.attributes.hdlname)?.slice(0, -1) ?? flattenPath(name);
    for (let length = said?.length ?? 0; length > 0; length--) {
      const found = this.#byPath.get((said as string[]).slice(0, length).join('.'));
      if (found) return found;
    }
    if (where?.line === undefined) return null;
    const line = where.line;
    const fits = this.#scopes.filter(({ file, first, last }) => file === where.file && line >= first && line <= last);
    if (fits.length <= 1) return fits[0] ?? null;
    const named = fits.filter(({ path }) => nets.some((net) => net.startsWith(`${path}.`)));
    return named.length === 1 ? (named[0] as Scope) : null;
  }
}

/** "u1 u2" of `hdlname` or `scopename`. */
export function words(text: string | undefined): string[] | undefined {
  return text === undefined || text === '' ? undefined : text.split(' ').map((word) => word.replace(/^\\/, ''));
}

/** Path of instances in a name that `flatten` made: "$flatten\\u1.\\u2.$add$3" is within u1.u2. */
export function flattenPath(name: string): string[] | undefined {
  const match = /^\$flatten\\(.*?)\.(?=\$)/.exec(name);
  return match?.[1]?.split('.\\');
}

function flattenedName(type: string, hdlname: string | undefined, netlist: YosysNetlist): string {
  const module = netlist.modules[type];
  if (module) return displayName(type, module);
  const source = hdlname?.replace(/^\\/, '');
  const match = /^\$paramod\\([^\\]*)\\(.*)$/.exec(type);
  if (!match) return source ?? type;
  const values = (match[2] as string).split('\\').map((part) => {
    const value = /^(.*)=s?\d+'([01]+)$/.exec(part);
    if (!value) return part;
    const bits = value[2] as string;
    const number = Number.parseInt(bits, 2);
    return `${value[1]}=${bits.length === 32 && bits.startsWith('1') ? number - 2 ** 32 : bits.length > 53 ? `'b${bits}` : number}`;
  });
  return `${source ?? match[1]} #(${values.join(', ')})`;
}
