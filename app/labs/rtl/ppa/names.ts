import { topOf } from '../../../../engines/synthesis/netlist.ts';
import type { YosysModule, YosysNetlist } from '../../../../engines/synthesis/yosys-json.ts';

/** Names of instances as a person knows them, by their names in the mapped netlist ("u1/$auto$ff.cc:266:slice$109"). */
export type Names = ReadonlyMap<string, string>;

const known = new WeakMap<YosysNetlist, Names>();

/**
 * What instances that drive a net of the source are called: by that net, as registers are known ("u1/count[7]"). Others have no entry. Read
 * once for each netlist.
 */
export function namesOf(netlist: YosysNetlist): Names {
  const before = known.get(netlist);
  if (before) return before;
  const names = new Map<string, string>();
  if (Object.keys(netlist.modules).length > 0) {
    const drives = new Map<YosysModule, [string, string][]>();
    const walk = (name: string, path: string, above: ReadonlySet<string>): void => {
      const module = netlist.modules[name];
      // A module inside of itself would never end.
      if (!module || above.has(name)) return;
      const own = drives.get(module) ?? drivenNets(module);
      drives.set(module, own);
      for (const [cell, net] of own) names.set(path + cell, path + net);
      const inside = new Set(above).add(name);
      for (const [cell, { type }] of Object.entries(module.cells)) {
        if (netlist.modules[type]) walk(type, `${path}${cell}/`, inside);
      }
    };
    walk(topOf(netlist), '', new Set());
  }
  known.set(netlist, names);
  return names;
}

/** Cells of a module with the net of the source that each drives. */
function drivenNets(module: YosysModule): [string, string][] {
  const nets = new Map<number, string>();
  for (const [name, { bits, hide_name, offset = 0, upto }] of Object.entries(module.netnames)) {
    if (hide_name || name.startsWith('$')) continue;
    bits.forEach((bit, index) => {
      if (typeof bit !== 'number') return;
      const at = upto ? offset + bits.length - 1 - index : offset + index;
      const text = bits.length === 1 ? name : `${name}[${at}]`;
      const other = nets.get(bit);
      if (other === undefined || text.length < other.length) nets.set(bit, text);
    });
  }
  return Object.entries(module.cells).flatMap(([cell, { connections, port_directions = {} }]): [string, string][] => {
    for (const [port, bits] of Object.entries(connections)) {
      const [bit] = bits;
      const net = port_directions[port] === 'output' && typeof bit === 'number' ? nets.get(bit) : undefined;
      if (net !== undefined) return [[cell, net]];
    }
    return [];
  });
}

/** A pin, port or net as it is shown: by the net of the source where its instance drives one, without what only tells how Yosys made it. */
export function shortPin(pin: string, names: Names): string {
  const at = pin.lastIndexOf('/');
  if (at < 0) return shortNet(pin);
  const instance = pin.slice(0, at);
  return `${shortInstance(instance, names)}${pin.slice(at)}`;
}

export function shortInstance(instance: string, names: Names): string {
  return names.get(instance) ?? shortNet(instance);
}

/** "u1/$abc$297$new_n26" is "u1/new_n26", "$auto$ff.cc:266:slice$109" is "slice$109". */
export function shortNet(name: string): string {
  const start = /(^|[/.])\$/.exec(name);
  if (!start) return name;
  const scope = name.slice(0, start.index + start[1]!.length);
  const parts = name.slice(scope.length).split('$');
  const last = parts.at(-1) ?? '';
  const before = parts.at(-2) ?? '';
  // A bare number says what it is a number of.
  const tail =
    /^\d+(\[\d+\])?$/.test(last) && before !== '' ? `${before.slice(before.lastIndexOf(':') + 1)}$${last}` : last;
  return tail === '' ? name : scope + tail;
}
