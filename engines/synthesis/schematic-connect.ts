import { type Naming, NetNames, rangeText } from './schematic-names.ts';
import { pin } from './schematic-pin.ts';
import { netsOf, type Origin, type Segment, segments } from './schematic-segments.ts';
import type {
  PinNote,
  PinRef,
  SchematicEdge,
  SchematicGraph,
  SchematicNet,
  SchematicOptions,
  SchematicPin,
  SchematicSymbol,
} from './schematic-types.ts';
import { constantText, shorten } from './schematic-values.ts';
import type { Bit, YosysModule } from './yosys-json.ts';

/** Longest text that may stand at a pin instead of a join. */
const LONGEST_TEXT = 26;
const LONGEST_NAME = 24;
/** Inputs up to which a gate over a word gets an input for each part of the word. */
const WIDEST_GATE = 8;
/** Nets up to which a join is fed by wires. */
const WIDEST_JOIN = 20;

interface Net {
  bits: Bit[];
  naming?: Naming;
  state: SchematicNet['state'];
  driver?: PinRef;
  readers: PinRef[];
  labelled: boolean;
  name: string;
}

interface Reader {
  at: PinRef;
  parts: Segment[];
}

/**
 * Decides for every pin what stands at it: a wire, a wire with the bits it takes, a constant, the name of a net, or a
 * wire from a join. Adds the joins to `symbols`.
 */
export function connect(
  moduleName: string,
  module: YosysModule,
  symbols: SchematicSymbol[],
  options: Required<SchematicOptions>,
): SchematicGraph {
  return new Connector(module, symbols, options).run(moduleName);
}

class Connector {
  private readonly names: NetNames;
  private readonly nets: Net[] = [];
  private readonly origins = new Map<number, Origin>();
  private readonly loose = new Map<string, number>();
  private readonly joins = new Map<string, Reader[]>();
  private readonly edges: SchematicEdge[] = [];

  constructor(
    private readonly module: YosysModule,
    private readonly symbols: SchematicSymbol[],
    private readonly options: Required<SchematicOptions>,
  ) {
    this.names = new NetNames(module);
  }

  run(module: string): SchematicGraph {
    const shared = this.findDrivers();
    const readers = this.findReaders(shared);
    for (const net of this.nets) net.labelled = this.mustBeLabelled(net);
    this.labelWideJoins();
    this.placeJoins(readers);
    this.nameNets();
    for (const reader of readers) this.settle(reader);
    for (const [, net] of this.nets.entries()) this.describeDriver(net);
    const nets = this.nets.map(
      (net): SchematicNet => ({
        name: net.name,
        fullName: net.naming ? net.naming.net.name : '',
        width: net.bits.length,
        labelled: net.labelled,
        fanOut: net.readers.length,
        state: net.state,
      }),
    );
    return { module, symbols: this.symbols, nets, edges: this.edges };
  }

  private pinAt([symbol, index]: PinRef): SchematicPin {
    return this.symbols[symbol]!.pins[index]!;
  }

  /** Every pin that drives becomes a net. Bits that several pins drive are returned: they belong to no single pin. */
  private findDrivers(): Set<number> {
    const seen = new Set<number>();
    const shared = new Set<number>();
    for (const symbol of this.symbols) {
      for (const { direction, bits } of symbol.pins) {
        if (direction === 'input') continue;
        for (const bit of new Set(bits)) {
          if (typeof bit !== 'number') continue;
          if (seen.has(bit)) shared.add(bit);
          seen.add(bit);
        }
      }
    }
    this.symbols.forEach((symbol, s) => {
      symbol.pins.forEach((each, p) => {
        if (each.direction === 'input') return;
        if (!each.bits.some((bit) => typeof bit === 'number' && !shared.has(bit))) return;
        const net = this.addNet({
          bits: each.bits,
          naming: this.namingOf(symbol, each),
          state: 'driven',
          driver: [s, p],
        });
        each.net = net;
        each.bits.forEach((bit, index) => {
          if (typeof bit === 'number' && !shared.has(bit) && !this.origins.has(bit))
            this.origins.set(bit, { net, index });
        });
      });
    });
    return shared;
  }

  /** A port's net is called as the port is, for that is what its symbol shows. */
  private namingOf(symbol: SchematicSymbol, { bits }: SchematicPin): Naming | undefined {
    const own = symbol.type === undefined ? this.names.named(symbol.name) : undefined;
    return own ? { net: own, at: 0 } : this.names.covering(bits);
  }

  private addNet(net: Pick<Net, 'bits' | 'naming' | 'state' | 'driver'>): number {
    this.nets.push({ ...net, readers: [], labelled: net.driver === undefined, name: '' });
    return this.nets.length - 1;
  }

  /** The net of a bit; bits that no single pin drives get a net after the name that holds them. */
  private origin(bit: number, shared: Set<number>): Origin {
    const known = this.origins.get(bit);
    if (known) return known;
    const naming = this.names.holding(bit);
    const key = naming ? naming.net.name : `#${bit}`;
    let net = this.loose.get(key);
    if (net === undefined) {
      const state = shared.has(bit) ? 'shared' : 'undriven';
      net = this.addNet({ bits: naming?.net.bits ?? [bit], naming: naming && { net: naming.net, at: 0 }, state });
      this.loose.set(key, net);
    }
    const origin = { net, index: naming?.at ?? 0 };
    this.origins.set(bit, origin);
    return origin;
  }

  private findReaders(shared: Set<number>): Reader[] {
    const readers: Reader[] = [];
    this.symbols.forEach((symbol, s) => {
      if (symbol.type?.startsWith('$reduce_')) this.spread(symbol, shared);
      symbol.pins.forEach((each, p) => {
        const common = each.bits.some((bit) => typeof bit === 'number' && shared.has(bit));
        if (each.direction !== 'input' && !common) return;
        const parts = segments(each.bits, (bit) => this.origin(bit, shared));
        const reader: Reader = { at: [s, p], parts };
        readers.push(reader);
        if ((netsOf(parts).length > 1 || parts.length > 3) && each.direction === 'input') {
          const key = JSON.stringify(parts);
          const users = this.joins.get(key);
          if (users) users.push(reader);
          else this.joins.set(key, [reader]);
        } else {
          for (const net of netsOf(parts)) this.nets[net]!.readers.push(reader.at);
        }
      });
    });
    // What goes through a join reads a net once for each of its parts, however many pins the join serves.
    for (const users of this.joins.values()) {
      for (const part of users[0]!.parts) if (part.kind === 'net') this.nets[part.net]!.readers.push(users[0]!.at);
    }
    return readers;
  }

  /** A gate over all bits of a word that comes from a few nets is drawn with an input for each of them. */
  private spread(symbol: SchematicSymbol, shared: Set<number>): void {
    const word = symbol.pins[0]!;
    const parts = segments(word.bits, (bit) => this.origin(bit, shared));
    if (parts.length < 2 || parts.length > WIDEST_GATE) return;
    const bits = word.bits;
    let high = bits.length - 1;
    const pins = parts.map((part): SchematicPin => {
      const low = high - part.width + 1;
      const name = low === high ? `A[${low}]` : `A[${high}:${low}]`;
      const input = pin(name, 'west', 'input', bits.slice(low, high + 1));
      high = low - 1;
      return input;
    });
    // The others go to the end: pins are known by their index already.
    symbol.pins[0] = pins[0]!;
    symbol.pins.push(...pins.slice(1));
  }

  private mustBeLabelled(net: Net): boolean {
    if (!net.driver) return true;
    if (net.readers.length > this.options.labelFanOut) return true;
    if (net.readers.length <= this.options.labelControlFanOut) return false;
    return net.readers.every((at) => this.steers(at));
  }

  private steers(at: PinRef): boolean {
    const { shape } = this.symbols[at[0]]!;
    const { name, clock } = this.pinAt(at);
    if (clock) return true;
    if (shape === 'register' || shape === 'latch') return name !== 'D' && name !== 'AD';
    return shape === 'instance' && /(?:^|_)(?:clk|clock|n?a?s?rst|reset)_?n?i?$/i.test(name);
  }

  /** A word put together from very many nets would drag a curtain of wires behind it. */
  private labelWideJoins(): void {
    for (const users of this.joins.values()) {
      const wired = netsOf(users[0]!.parts).filter((net) => !this.nets[net]!.labelled);
      if (wired.length > WIDEST_JOIN) for (const net of wired) this.nets[net]!.labelled = true;
    }
  }

  /** A word of many parts, or of several nets, comes from a join, unless all its parts are labels and the text is short. */
  private placeJoins(readers: Reader[]): void {
    for (const users of this.joins.values()) {
      const { parts } = users[0]!;
      const inWords = netsOf(parts).every((net) => this.nets[net]!.labelled);
      // The text has final names only later; names are bounded, so a bound by the parts is enough here.
      if (inWords && parts.length <= 3 && this.boundedText(parts) <= LONGEST_TEXT) continue;
      const bits = [...this.pinAt(users[0]!.at).bits];
      const s = this.symbols.length;
      const pins: SchematicPin[] = [];
      let high = bits.length - 1;
      for (const part of parts) {
        const low = high - part.width + 1;
        const label = low === high ? `${low}` : `${high}:${low}`;
        pins.push(pin(`[${label}]`, 'west', 'input', bits.slice(low, high + 1), { label }));
        readers.push({ at: [s, pins.length - 1], parts: [part] });
        high = low - 1;
      }
      const naming = this.names.covering(bits);
      const net = this.addNet({ bits, naming, state: 'driven', driver: [s, pins.length] });
      this.nets[net]!.readers = users.map((user) => user.at);
      this.nets[net]!.labelled = this.mustBeLabelled(this.nets[net]!);
      pins.push(pin('Y', 'east', 'output', bits, { net }));
      this.symbols.push({
        shape: 'join',
        name: `{${s}}`,
        title: `join of ${parts.length} parts, ${bits.length} bits`,
        heading: [],
        glyph: '',
        width: bits.length,
        src: [],
        parameters: [],
        pins,
      });
      for (const user of users) {
        user.parts = [{ kind: 'net', net, low: 0, high: bits.length - 1, repeat: 1, width: bits.length }];
      }
    }
  }

  private boundedText(parts: readonly Segment[]): number {
    return parts.reduce((sum, part) => {
      if (part.kind === 'constant') return sum + constantText(part.value).length + 1;
      const name = this.nets[part.net]!.naming;
      return sum + (name?.net.public ? Math.min(name.net.name.length, LONGEST_NAME) : 4) + 8;
    }, 1);
  }

  /** Long names are shortened, except where two would become one. */
  private nameNets(): void {
    const taken = new Set(Object.keys(this.module.netnames));
    const meaning = new Map<string, string | undefined>();
    for (const { naming } of this.nets) {
      if (!naming?.net.public) continue;
      const { name } = naming.net;
      const short = shorten(name, LONGEST_NAME);
      meaning.set(short, meaning.has(short) && meaning.get(short) !== name ? undefined : name);
    }
    let count = 0;
    for (const net of this.nets) {
      if (net.naming?.net.public) {
        const { name } = net.naming.net;
        const short = shorten(name, LONGEST_NAME);
        net.name = meaning.get(short) === name ? short : name;
      } else if (net.labelled) {
        do count++;
        while (taken.has(`n${count}`));
        net.name = `n${count}`;
      }
    }
  }

  /** The text of a whole or partial net by its name, which also stands at its driver: "count[3:0]". */
  private namedText(net: Net, low: number, high: number): string {
    const whole = net.naming?.net.public ? net.naming.net : undefined;
    if (whole && whole.bits.length === 1) return net.name;
    if (!whole && net.bits.length === 1) return net.name;
    return net.name + rangeText(whole ? net.naming : undefined, low, high);
  }

  private partText(part: Segment): string {
    if (part.kind === 'constant') return constantText(part.value);
    const net = this.nets[part.net]!;
    const text = net.labelled
      ? this.namedText(net, part.low, part.high)
      : net.bits.length === 1
        ? '•'
        : rangeText(net.naming?.net.public ? net.naming : undefined, part.low, part.high);
    return part.repeat > 1 ? `{${part.repeat}{${text}}}` : text;
  }

  private settle({ at, parts }: Reader): void {
    const target = this.pinAt(at);
    if (parts.length === 0) return;
    const nets = netsOf(parts);
    const only = parts[0]!;
    const words = parts.map((part) => this.partText(part));
    const text = words.length === 1 ? words[0]! : `{${words.join(', ')}}`;
    if (nets.length === 0) {
      target.note = { kind: 'constant', text };
      return;
    }
    const net = this.nets[nets[0]!]!;
    if (nets.length === 1) target.net = nets[0];
    if (net.labelled || nets.length > 1) {
      target.note = { kind: 'net', text };
      return;
    }
    const whole = parts.length === 1 && only.kind === 'net' && only.repeat === 1 && only.width === net.bits.length;
    if (!whole) target.note = { kind: 'slice', text };
    this.edges.push({ net: nets[0]!, from: net.driver!, to: at, width: target.bits.length });
  }

  private describeDriver(net: Net): void {
    if (!net.driver) return;
    const [s] = net.driver;
    const symbol = this.symbols[s]!;
    const source = this.pinAt(net.driver);
    if (symbol.shape === 'input' || symbol.shape === 'inout' || source.note) return;
    const width = net.bits.length;
    let note: PinNote | undefined;
    if (net.labelled) note = { kind: 'net', text: this.namedText(net, 0, width - 1) };
    else if (net.readers.length === 0) source.net = undefined;
    else if (net.naming?.net.public && !this.leadsToItsPort(net)) {
      note = { kind: 'name', text: this.namedText(net, 0, width - 1) };
    } else if (width > 1) note = { kind: 'width', text: `${width}` };
    source.note = note;
  }

  private leadsToItsPort(net: Net): boolean {
    return net.readers.some(([s]) => {
      const { shape, name } = this.symbols[s]!;
      return shape === 'output' && name === net.naming?.net.name;
    });
  }
}
