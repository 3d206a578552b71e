import { describePlace, error, fail, ok, type Place, type Problem, type Result } from '../../core/result.ts';
import { type LineLabels, placeOfCell } from '../attribution.ts';
import { kindOf } from '../cell-kinds.ts';
import type { Library, LibraryCell } from '../liberty/types.ts';
import { displayName, topOf } from '../netlist.ts';
import { placeOf } from '../src.ts';
import type { Bit, YosysCell, YosysModule, YosysNet, YosysNetlist } from '../yosys-json.ts';
import { NetSet } from './nets.ts';
import { flattenPath, Scopes, words } from './scopes.ts';
import { type GateInstance, type GateNet, type GateNetlist, NET_0, NET_1, OPEN } from './types.ts';

export interface FlattenOptions {
  /** Source lines of the cells, as `labelGates` finds them; without, a cell has the place of its own `src`. */
  labels?: LineLabels;
  /** The user's path of a file that Yosys names. */
  userPath?: (name: string) => string;
  /** Name of the top module; without, the one that is marked as top. */
  top?: string;
}

/**
 * Brings a netlist that Yosys mapped to cells of a library (flat or with modules) into the form that timing, power and
 * activities work on.
 *
 * Errors: `gates-no-top`, `gates-unmapped` (a cell of Yosys that is not of the library), `gates-unknown-cell`,
 * `gates-unknown-pin`, `gates-width`, `gates-recursive`, `gates-driven-twice`. Notes in `problems`: `gates-undriven`,
 * `gates-unknown-bit`.
 */
export function flattenGates(
  netlist: YosysNetlist,
  library: Library,
  options: FlattenOptions = {},
): Result<GateNetlist> {
  const top = options.top ?? topOf(netlist);
  const module = netlist.modules[top];
  if (!module) {
    return fail(
      error('gates-no-top', 'The netlist has no top module.', 'Name the top module, or give a netlist that has one.'),
    );
  }
  const flattener = new Flattener(netlist, library, options, displayName(top, module));
  return flattener.run(top, module);
}

interface Draft {
  name: string;
  cell: LibraryCell;
  pins: Int32Array;
  module: string;
  scope: string;
  where?: Place;
  scopes?: { scopes: Scopes; name: string; cell: YosysCell; prefix: string };
}

/** A net's names so far, by the number it had when it was added. */
interface Names {
  user: string[];
  own?: string;
}

class Flattener {
  readonly #netlist: YosysNetlist;
  readonly #library: Library;
  readonly #labels: LineLabels | undefined;
  readonly #userPath: (name: string) => string;
  readonly #topName: string;
  readonly #sets = new NetSet();
  readonly #names: (Names | undefined)[] = [];
  readonly #instances: Draft[] = [];
  readonly #taken = new Set<string>();
  readonly #errors: Problem[] = [];
  readonly #notes: Problem[] = [];
  readonly #bad = new Map<string, { code: string; count: number; first: string; where?: Place }>();
  readonly #orders = new Map<string, number[] | null>();
  #unknownBits = 0;

  constructor(netlist: YosysNetlist, library: Library, options: FlattenOptions, topName: string) {
    this.#netlist = netlist;
    this.#library = library;
    this.#labels = options.labels;
    this.#userPath = options.userPath ?? ((name) => name);
    this.#topName = topName;
  }

  run(top: string, module: YosysModule): Result<GateNetlist> {
    const bits = new Map<Bit, number>();
    const ports: { name: string; direction: 'input' | 'output' | 'inout'; net: number }[] = [];
    for (const [name, port] of Object.entries(module.ports)) {
      eachBit(name, port, (bitName, bit) =>
        ports.push({ name: bitName, direction: port.direction, net: this.#bit(bit, bits) }),
      );
    }
    this.#visit(top, module, bits, [], this.#topName, [top]);
    for (const [type, { code, count, first, where }] of this.#bad) this.#reportBad(type, code, count, first, where);
    if (this.#errors.length > 0) return fail(this.#errors[0] as Problem, ...this.#errors.slice(1));
    const { count, of } = this.#sets.number();
    for (const port of ports) port.net = of(port.net);
    for (const instance of this.#instances)
      instance.pins.forEach((net, i) => {
        instance.pins[i] = of(net);
      });
    const nets = this.#nameNets(count, of);
    const instances = this.#instances.map((draft) => this.#placed(draft, nets));
    this.#checkDrivers(nets, ports, instances, of);
    if (this.#errors.length > 0) return fail(this.#errors[0] as Problem, ...this.#errors.slice(1));
    return ok({ top: this.#topName, nets, ports, instances, problems: this.#notes });
  }

  #visit(name: string, module: YosysModule, bits: Map<Bit, number>, path: string[], shown: string, above: string[]) {
    const prefix = path.map((part) => `${part}.`).join('');
    for (const [netName, net] of Object.entries(module.netnames)) {
      const full = prefix + (words(net.attributes.hdlname)?.join('.') ?? netName);
      eachBit(full, net, (bitName, bit) => {
        if (bit === 'x' || bit === 'z') return;
        const names = this.#namesOf(this.#bit(bit, bits));
        if (net.hide_name === 0) names.user.push(bitName);
        else names.own ??= bitName;
      });
    }
    const scopes = new Scopes(this.#netlist, module, this.#userPath);
    Object.entries(module.cells).forEach(([cellName, cell], index) => {
      if (cell.type === '$scopeinfo') return;
      const where =
        (this.#labels && placeOfCell(this.#labels, name, index)) ?? placeOf(cell.attributes.src, this.#userPath);
      const own = instancePath(cellName, cell);
      const found = this.#library.cells.get(cell.type);
      const below = this.#netlist.modules[cell.type];
      if (below && !(found && isBlackBox(below))) {
        this.#enter(cellName, cell, below, bits, [...path, ...own], where, above);
        return;
      }
      const full = this.#unique([...path, ...own], path, cellName);
      if (!found) {
        this.#unknown(cell.type, full, where);
        return;
      }
      this.#instances.push({
        name: full,
        cell: found,
        pins: this.#connect(full, cell, found, bits, where),
        module: shown,
        scope: path.join('.'),
        where,
        scopes: { scopes, name: cellName, cell, prefix },
      });
    });
  }

  #enter(
    name: string,
    cell: YosysCell,
    below: YosysModule,
    bits: Map<Bit, number>,
    path: string[],
    where: Place | undefined,
    above: string[],
  ) {
    if (above.includes(cell.type)) {
      this.#errors.push(
        error('gates-recursive', `The module ${cell.type} contains itself (${name}).`, undefined, where),
      );
      return;
    }
    if (isBlackBox(below)) {
      this.#unknown(cell.type, path.join('/'), where);
      return;
    }
    const inner = new Map<Bit, number>();
    for (const [portName, port] of Object.entries(below.ports)) {
      const outside = cell.connections[portName] ?? [];
      port.bits.forEach((bit, i) => {
        const from = this.#bit(bit, inner);
        const to = this.#bit(outside[i] ?? 'z', bits);
        if (from >= 0 && to >= 0) this.#sets.merge(from, to);
      });
    }
    this.#visit(cell.type, below, inner, path, displayName(cell.type, below), [...above, cell.type]);
  }

  /** Number of a bit in the sets; -1 for none. */
  #bit(bit: Bit, bits: Map<Bit, number>): number {
    if (bit === '0') return NetSet.ZERO;
    if (bit === '1') return NetSet.ONE;
    if (bit === 'x') this.#unknownBits++;
    if (bit === 'x' || bit === 'z') return -1;
    let net = bits.get(bit);
    if (net === undefined) {
      net = this.#sets.add();
      bits.set(bit, net);
    }
    return net;
  }

  #namesOf(net: number): Names {
    const known = this.#names[net];
    if (known) return known;
    const made = { user: [] };
    this.#names[net] = made;
    return made;
  }

  #unique(parts: string[], path: string[], cellName: string): string {
    let name = parts.join('/');
    if (this.#taken.has(name)) name = [...path, cellName].join('/');
    while (this.#taken.has(name)) name += '_';
    this.#taken.add(name);
    return name;
  }

  #connect(
    name: string,
    cell: YosysCell,
    type: LibraryCell,
    bits: Map<Bit, number>,
    where: Place | undefined,
  ): Int32Array {
    const pins = new Int32Array(type.pins.length).fill(-1);
    for (const [port, connected] of Object.entries(cell.connections)) {
      const direct = type.pinIndex.get(port);
      const order = direct === undefined ? this.#busOrder(type, port) : undefined;
      if (direct === undefined && order === null) {
        this.#errors.push(
          error(
            'gates-unknown-pin',
            `The cell ${type.name} of the library has no pin ${port}, which ${name} connects.`,
            undefined,
            where,
          ),
        );
        continue;
      }
      const places = direct === undefined ? (order as number[]) : [direct];
      if (connected.length !== places.length) {
        this.#errors.push(
          error(
            'gates-width',
            `${name} connects ${connected.length} bits to pin ${port} of ${type.name}, which has ${places.length}.`,
            undefined,
            where,
          ),
        );
        continue;
      }
      places.forEach((pin, i) => {
        pins[pin] = this.#bit(connected[i] as Bit, bits);
      });
    }
    return pins;
  }

  /** Pins of a bus, the least index first; null: the cell has none of that name. */
  #busOrder(type: LibraryCell, port: string): number[] | null {
    const key = `${type.name} ${port}`;
    const known = this.#orders.get(key);
    if (known !== undefined) return known;
    const found: { index: number; pin: number }[] = [];
    type.pins.forEach((pin, i) => {
      if (!pin.name.startsWith(`${port}[`)) return;
      const index = /^\[(\d+)\]$/.exec(pin.name.slice(port.length))?.[1];
      if (index !== undefined) found.push({ index: Number(index), pin: i });
    });
    const order = found.length === 0 ? null : found.sort((a, b) => a.index - b.index).map(({ pin }) => pin);
    this.#orders.set(key, order);
    return order;
  }

  #unknown(type: string, first: string, where: Place | undefined) {
    const known = this.#bad.get(type);
    if (known) known.count++;
    else {
      const code = kindOf(type) === 'instance' ? 'gates-unknown-cell' : 'gates-unmapped';
      this.#bad.set(type, { code, count: 1, first, where });
    }
  }

  #reportBad(type: string, code: string, count: number, first: string, where: Place | undefined) {
    const cells = count === 1 ? `The cell ${first} is` : `${count} cells, ${first} the first of them, are`;
    const what =
      code === 'gates-unmapped'
        ? `${cells} of Yosys' own type ${type}: no cell of the library ${this.#library.name} took its place.`
        : `${cells} of type ${type}, which is neither in the library ${this.#library.name} nor a module with contents.`;
    const remedy =
      kindOf(type) === 'latch'
        ? 'Describe a register or plain logic instead of the latch, or choose a library with a latch that fits.'
        : kindOf(type) === 'flip-flop'
          ? 'Choose a library with a register of this kind, or describe a register that the library has.'
          : 'Choose the library that the netlist was mapped to.';
    this.#errors.push(error(code, what, remedy, where));
  }

  #nameNets(count: number, of: (net: number) => number): GateNet[] {
    const nets: GateNet[] = Array.from({ length: count }, () => ({ name: '', aliases: [] }));
    const own: (string | undefined)[] = [];
    this.#names.forEach((names, added) => {
      const net = names && nets[of(added)];
      if (!names || !net) return;
      net.aliases.push(...names.user);
      own[of(added)] ??= names.own;
    });
    nets.forEach((net, i) => {
      net.aliases = [...new Set(net.aliases)];
      net.name = net.aliases.reduce(shorter, '') || (own[i] ?? `net_${i}`);
    });
    return nets;
  }

  /** With its module and scope where the flattened netlist still tells them. */
  #placed({ scopes, ...draft }: Draft, nets: GateNet[]): GateInstance {
    if (!scopes) return draft;
    const driven: string[] = [];
    draft.cell.pins.forEach((pin, i) => {
      const net = nets[draft.pins[i] as number];
      if (pin.direction === 'output' && net) {
        for (const alias of net.aliases)
          if (alias.startsWith(scopes.prefix)) driven.push(alias.slice(scopes.prefix.length));
      }
    });
    const found = scopes.scopes.of(scopes.name, scopes.cell, draft.where, driven);
    if (!found) return draft;
    return { ...draft, module: found.module, scope: scopes.prefix + found.path };
  }

  #checkDrivers(nets: GateNet[], ports: GateNetlist['ports'], instances: GateInstance[], of: (net: number) => number) {
    // Constants lie at the end.
    const drivers = new Uint8Array(nets.length + 2);
    const loads = new Uint8Array(nets.length);
    const at = (net: number) => (net >= 0 ? net : nets.length - 1 - net);
    const strong: (string | undefined)[] = [];
    const drive = (net: number, who: string, where: Place | undefined, weak: boolean) => {
      if (net === OPEN) return;
      const i = at(net);
      if (!weak && strong[i] !== undefined) {
        const name = net === NET_0 ? 'The constant 0' : net === NET_1 ? 'The constant 1' : `The net ${nets[net]?.name}`;
        this.#errors.push(
          error('gates-driven-twice', `${name} is driven by ${strong[i]} and also by ${who}.`, undefined, where),
        );
      }
      if (!weak) strong[i] ??= who;
      drivers[i] = 1;
    };
    if (of(NetSet.ONE) !== NET_1) {
      this.#errors.push(error('gates-driven-twice', 'A net of the netlist is connected to both constants, 0 and 1.'));
    }
    strong[at(NET_0)] = 'a constant';
    strong[at(NET_1)] = 'a constant';
    for (const { name, direction, net } of ports) {
      if (direction === 'input') drive(net, `the input ${name}`, undefined, false);
      else if (direction === 'inout') drive(net, `the port ${name}`, undefined, true);
      if (direction !== 'input' && net >= 0) loads[net] = 1;
    }
    for (const { name, cell, pins, where } of instances) {
      cell.pins.forEach((pin, i) => {
        const net = pins[i] as number;
        if (pin.direction === 'output' || pin.direction === 'inout') {
          const place = describePlace(where);
          const who = `${name}/${pin.name} (${cell.name}${place === '' ? '' : `, ${place}`})`;
          drive(net, who, where, pin.threeState !== undefined || pin.direction === 'inout');
        }
        if (pin.direction !== 'output' && net >= 0) loads[net] = 1;
      });
    }
    const undriven = nets.filter((_, i) => loads[i] === 1 && drivers[i] === 0).map(({ name }) => name);
    if (undriven.length > 0) {
      this.#notes.push({
        code: 'gates-undriven',
        severity: 'warning',
        what: `Nothing drives ${undriven.length === 1 ? 'the net' : `${undriven.length} nets, among them`} ${undriven.slice(0, 5).join(', ')}.`,
        remedy: 'Nothing is timed from there; connect or tie off what is not driven.',
      });
    }
    if (this.#unknownBits > 0) {
      this.#notes.push({
        code: 'gates-unknown-bit',
        severity: 'warning',
        what: `${this.#unknownBits} bits of the netlist are x, neither 0 nor 1; they are taken as not connected.`,
      });
    }
  }
}

function shorter(a: string, b: string): string {
  return a === '' || b.length < a.length ? b : a;
}

function isBlackBox(module: YosysModule): boolean {
  return /1/.test(module.attributes.blackbox ?? '') || /1/.test(module.attributes.whitebox ?? '');
}

/** Path of a cell within its module: more than its name where `flatten` brought it up. */
function instancePath(name: string, cell: YosysCell): string[] {
  const told = words(cell.attributes.hdlname);
  if (told) return told;
  const path = flattenPath(name);
  return path ? [...path, name.slice(name.indexOf('.$', '$flatten'.length) + 1)] : [name];
}

/** Bits with their names: "name" of one bit, else "name[index]". */
function eachBit(
  name: string,
  { bits, offset = 0, upto = 0 }: Pick<YosysNet, 'bits' | 'offset' | 'upto'>,
  visit: (name: string, bit: Bit) => void,
): void {
  bits.forEach((bit, i) => {
    const index = upto === 1 ? offset + bits.length - i - 1 : offset + i;
    visit(bits.length === 1 && offset === 0 ? name : `${name}[${index}]`, bit);
  });
}
