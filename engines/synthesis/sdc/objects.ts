import { editDistance } from '../../document/nearest.ts';
import type { GateNetlist } from '../gates/types.ts';
import type { TimingPoint } from '../timing/types.ts';

export type SdcObject =
  | { kind: 'port'; port: number }
  | { kind: 'pin'; instance: number; pin: number }
  | { kind: 'cell'; instance: number }
  | { kind: 'net'; net: number }
  | { kind: 'clock'; clock: number };

/** Begins the text that stands for an object among Tcl's values. It cannot occur in a file: `readSdc` refuses it. */
export const HANDLE = '\u0001';

/** An object as a value of Tcl; collections are lists of these, as in OpenSTA. */
export function handleOf(object: SdcObject): string {
  switch (object.kind) {
    case 'port':
      return `${HANDLE}P${object.port}`;
    case 'pin':
      return `${HANDLE}I${object.instance}.${object.pin}`;
    case 'cell':
      return `${HANDLE}C${object.instance}`;
    case 'net':
      return `${HANDLE}N${object.net}`;
    case 'clock':
      return `${HANDLE}K${object.clock}`;
  }
}

/** The object of a handle, or undefined when the text is a name. */
export function objectOf(text: string): SdcObject | undefined {
  const match = text.startsWith(HANDLE) ? /^([PICNK])(\d+)(?:\.(\d+))?$/.exec(text.slice(1)) : undefined;
  if (!match) return undefined;
  const index = Number(match[2]);
  switch (match[1]) {
    case 'P':
      return { kind: 'port', port: index };
    case 'I':
      return { kind: 'pin', instance: index, pin: Number(match[3]) };
    case 'C':
      return { kind: 'cell', instance: index };
    case 'N':
      return { kind: 'net', net: index };
    default:
      return { kind: 'clock', clock: index };
  }
}

/** A pattern: characters, and the wildcards `*` and `?`. Brackets are characters, as in names of bus bits; `\` takes a wildcard's meaning away. */
export interface Pattern {
  /** As it was written. */
  text: string;
  tokens: (string | { any: '*' | '?' })[];
  wild: boolean;
  /** Without wildcards: the name. */
  name: string;
}

/** `separator`: what stands for `/` between levels of hierarchy. */
export function patternOf(text: string, separator = '/'): Pattern {
  const tokens: Pattern['tokens'] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\\' && i + 1 < text.length) tokens.push(text[++i]!);
    else if (c === '*' || c === '?') tokens.push({ any: c });
    else tokens.push(c === separator ? '/' : c);
  }
  const wild = tokens.some((token) => typeof token !== 'string');
  return { text, tokens, wild, name: wild ? '' : tokens.join('') };
}

/** Whether a whole name fits. Unless `across`, wildcards stand for nothing with `/` in it. */
export function matches(pattern: Pattern, name: string, across: boolean): boolean {
  const { tokens } = pattern;
  let t = 0;
  let i = 0;
  let star = -1;
  let from = 0;
  while (i < name.length) {
    const token = tokens[t];
    const fits = typeof token === 'string' ? token === name[i] : token?.any === '?' && (across || name[i] !== '/');
    if (fits) {
      t++;
      i++;
    } else if (typeof token === 'object' && token.any === '*') {
      star = t++;
      from = i;
    } else if (star >= 0 && (across || name[from] !== '/')) {
      // The last star takes one more.
      t = star + 1;
      i = ++from;
    } else return false;
  }
  while (t < tokens.length) {
    const token = tokens[t++];
    if (typeof token !== 'object' || token.any !== '*') return false;
  }
  return true;
}

/** Names of the design's objects. Everything is found by whole names or patterns; tables are made when first needed. */
export class DesignObjects {
  readonly design: GateNetlist;
  private portTable?: Map<string, number[]>;
  private cellTable?: Map<string, number>;
  private netTable?: Map<string, number[]>;
  private pinsByNet?: Map<number, SdcObject[]>;

  constructor(design: GateNetlist) {
    this.design = design;
  }

  nameOf(object: Exclude<SdcObject, { kind: 'clock' }>): string {
    switch (object.kind) {
      case 'port':
        return this.design.ports[object.port]!.name;
      case 'pin': {
        const instance = this.design.instances[object.instance]!;
        return `${instance.name}/${instance.cell.pins[object.pin]!.name}`;
      }
      case 'cell':
        return this.design.instances[object.instance]!.name;
      case 'net':
        return this.design.nets[object.net]!.name;
    }
  }

  pointOf(object: Extract<SdcObject, { kind: 'port' | 'pin' }>): TimingPoint {
    if (object.kind === 'port') return { kind: 'port', name: this.nameOf(object) };
    const instance = this.design.instances[object.instance]!;
    return { kind: 'pin', instance: instance.name, pin: instance.cell.pins[object.pin]!.name };
  }

  /** Ports, by the name of a bit or of a whole bus. */
  ports(pattern: Pattern): SdcObject[] {
    const table = this.portNames();
    const found = new Set<number>();
    if (!pattern.wild) for (const port of table.get(pattern.name) ?? table.get(pattern.text) ?? []) found.add(port);
    else for (const [name, ports] of table) if (matches(pattern, name, true)) for (const port of ports) found.add(port);
    return [...found].sort((a, b) => a - b).map((port): SdcObject => ({ kind: 'port', port }));
  }

  /**
   * Instances. Wildcards do not pass `/`; with `hierarchical` they do, and a pattern without `/` is compared with the last part of each name.
   * The name of a module's instance stands for all the cells in it (`within`).
   */
  cells(pattern: Pattern, hierarchical: boolean): { found: SdcObject[]; within: boolean } {
    const { instances } = this.design;
    if (!pattern.wild) {
      const one = this.cellNames().get(pattern.name) ?? this.cellNames().get(pattern.text);
      if (one !== undefined) return { found: [{ kind: 'cell', instance: one }], within: false };
    }
    const local = hierarchical && !pattern.tokens.includes('/');
    const found: SdcObject[] = [];
    if (pattern.wild || local)
      for (const [i, { name }] of instances.entries())
        if (matches(pattern, local ? name.slice(name.lastIndexOf('/') + 1) : name, hierarchical))
          found.push({ kind: 'cell', instance: i });
    if (found.length > 0 || pattern.wild) return { found, within: false };
    const inside = `${pattern.name}/`;
    for (const [i, { name }] of instances.entries())
      if (name.startsWith(inside)) found.push({ kind: 'cell', instance: i });
    return { found, within: found.length > 0 };
  }

  /** Pins of instances: "u1/_12_/Y". */
  pins(pattern: Pattern, hierarchical: boolean): SdcObject[] {
    const { instances } = this.design;
    const found: SdcObject[] = [];
    const slash = pattern.name.lastIndexOf('/');
    if (!pattern.wild) {
      const instance = this.cellNames().get(pattern.name.slice(0, Math.max(0, slash)));
      const pin =
        instance === undefined ? undefined : instances[instance]!.cell.pinIndex.get(pattern.name.slice(slash + 1));
      return pin === undefined ? [] : [{ kind: 'pin', instance: instance!, pin }];
    }
    for (const [i, instance] of instances.entries())
      for (const [p, pin] of instance.cell.pins.entries())
        if (pin.direction !== 'internal' && matches(pattern, `${instance.name}/${pin.name}`, hierarchical))
          found.push({ kind: 'pin', instance: i, pin: p });
    return found;
  }

  /** Nets, by any of their names; `.` and `/` both part levels. */
  nets(pattern: Pattern, hierarchical: boolean): SdcObject[] {
    const table = this.netNames();
    const found = new Set<number>();
    if (!pattern.wild) for (const net of table.get(pattern.name) ?? table.get(pattern.text) ?? []) found.add(net);
    else
      for (const [name, nets] of table)
        if (matches(pattern, name, hierarchical)) for (const net of nets) found.add(net);
    return [...found].sort((a, b) => a - b).map((net): SdcObject => ({ kind: 'net', net }));
  }

  /** Pins on a net, drivers and loads. */
  pinsOfNet(net: number): SdcObject[] {
    if (!this.pinsByNet) {
      this.pinsByNet = new Map();
      for (const [i, instance] of this.design.instances.entries())
        for (const [p, at] of instance.pins.entries()) {
          if (at < 0) continue;
          const list = this.pinsByNet.get(at);
          if (list) list.push({ kind: 'pin', instance: i, pin: p });
          else this.pinsByNet.set(at, [{ kind: 'pin', instance: i, pin: p }]);
        }
    }
    return this.pinsByNet.get(net) ?? [];
  }

  portsOfNet(net: number): SdcObject[] {
    return this.design.ports.flatMap((port, i): SdcObject[] => (port.net === net ? [{ kind: 'port', port: i }] : []));
  }

  /** Names like `name`, for remedies: at most three, the nearest first. */
  near(name: string, kinds: readonly ('port' | 'pin' | 'cell' | 'net')[]): string[] {
    const names = new Set<string>();
    const add = (known: Iterable<string>) => {
      for (const each of known) if (names.size < 4000) names.add(each);
    };
    if (kinds.includes('port')) add(this.portNames().keys());
    if (kinds.includes('net')) add(this.netNames().keys());
    if (kinds.includes('cell')) add(this.cellNames().keys());
    if (kinds.includes('pin')) {
      const slash = name.lastIndexOf('/');
      const instance = this.cellNames().get(name.slice(0, Math.max(0, slash)));
      if (instance !== undefined)
        add(this.design.instances[instance]!.cell.pins.map((pin) => `${name.slice(0, slash)}/${pin.name}`));
      else add(this.cellNames().keys());
    }
    return nearestNames(name, names);
  }

  private portNames(): Map<string, number[]> {
    if (this.portTable) return this.portTable;
    const table = new Map<string, number[]>();
    for (const [i, { name }] of this.design.ports.entries()) table.set(name, [i]);
    for (const [i, { name }] of this.design.ports.entries()) {
      const bus = /^(.+)\[\d+\]$/.exec(name)?.[1];
      if (bus === undefined) continue;
      const bits = table.get(bus);
      // A port of the bus' own name cannot stand beside it.
      if (bits) bits.push(i);
      else table.set(bus, [i]);
    }
    this.portTable = table;
    return table;
  }

  private cellNames(): Map<string, number> {
    this.cellTable ??= new Map(this.design.instances.map(({ name }, i) => [name, i]));
    return this.cellTable;
  }

  private netNames(): Map<string, number[]> {
    if (this.netTable) return this.netTable;
    const table = new Map<string, number[]>();
    const add = (name: string, net: number) => {
      const nets = table.get(name);
      if (!nets) table.set(name, [net]);
      else if (nets.at(-1) !== net) nets.push(net);
    };
    for (const [i, net] of this.design.nets.entries())
      for (const name of [net.name, ...net.aliases]) {
        add(name, i);
        if (name.includes('.')) add(name.replaceAll('.', '/'), i);
        const bus = /^(.+)\[\d+\]$/.exec(name)?.[1];
        if (bus !== undefined) {
          add(bus, i);
          if (bus.includes('.')) add(bus.replaceAll('.', '/'), i);
        }
      }
    this.netTable = table;
    return table;
  }
}

/** At most three of `names` that are like `name`, the nearest first. */
export function nearestNames(name: string, names: Iterable<string>): string[] {
  if (name.length > 100) return [];
  const limit = Math.max(2, Math.floor(name.length / 3));
  const close: { name: string; distance: number }[] = [];
  for (const candidate of names) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < candidate.length) close.push({ name: candidate, distance });
  }
  close.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return close.slice(0, 3).map((each) => each.name);
}
