import type { GateNetlist, GatePort } from './types.ts';
import { NET_0, NET_1, OPEN } from './types.ts';

/**
 * A flattened netlist as Verilog: one module with the ports of the design, an instance per cell under its path ("u1/_12_", escaped), and the
 * user's names of nets as wires, so that waves, activities and hierarchical names of one level find them. For simulators and timing tools.
 */
export function gateVerilog(design: GateNetlist, name: string): string {
  const lines: string[] = [];
  const ports = portsOf(design.ports);
  const prefix = netPrefix(design);
  const net = (index: number): string =>
    index === NET_0 ? "1'b0" : index === NET_1 ? "1'b1" : index === OPEN ? '' : `${prefix}${index}`;
  lines.push(`module ${identifier(name)}(${ports.map((port) => identifier(port.name)).join(', ')});`);
  for (const port of ports) lines.push(`  ${port.direction} ${port.range}${identifier(port.name)};`);
  for (let i = 0; i < design.nets.length; i++) lines.push(`  wire ${net(i)};`);
  // Ports that are inputs drive their nets; the others show them. Where one net is several output bits each of them shows it.
  for (const port of ports) {
    port.bits.forEach((bit, i) => {
      const side = port.range === '' ? identifier(port.name) : `${identifier(port.name)}[${port.indices[i]}]`;
      if (bit.direction === 'input') {
        if (bit.net >= 0) lines.push(`  assign ${net(bit.net)} = ${side};`);
      } else if (bit.direction === 'output') {
        if (bit.net !== OPEN) lines.push(`  assign ${side} = ${net(bit.net)};`);
      } else if (bit.net >= 0) lines.push(`  tran (${side}, ${net(bit.net)});`);
    });
  }
  const taken = new Set(ports.map((port) => port.name));
  for (const [signal, bits] of vectorsOf(design)) {
    if (taken.has(signal)) continue;
    const indices = [...bits.keys()].sort((a, b) => a - b);
    const [low, high] = [indices[0]!, indices.at(-1)!];
    if (bits.size === 1 && low === SCALAR) lines.push(`  wire ${identifier(signal)} = ${net(bits.get(low)!)};`);
    else {
      lines.push(`  wire [${high}:${low}] ${identifier(signal)};`);
      for (const index of indices) lines.push(`  assign ${identifier(signal)}[${index}] = ${net(bits.get(index)!)};`);
    }
  }
  for (const { name: instance, cell, pins } of design.instances) {
    const connections = cell.pins.flatMap((pin, i) =>
      pin.direction === 'internal' ? [] : [`.${identifier(pin.name)}(${net(pins[i]!)})`],
    );
    lines.push(`  ${identifier(cell.name)} ${identifier(instance)} (${connections.join(', ')});`);
  }
  lines.push('endmodule', '');
  return lines.join('\n');
}

/** Nets are wires of this name with their number behind: "n", or longer where the user has names like that. */
export function netPrefix({ nets, ports, instances }: GateNetlist): string {
  let prefix = 'n';
  const taken = (name: string) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length));
  while (
    nets.some(({ aliases }) => aliases.some((alias) => taken(split(alias).base))) ||
    ports.some(({ name }) => taken(split(name).base)) ||
    instances.some(({ name }) => taken(name))
  ) {
    prefix += '_';
  }
  return prefix;
}

/** Index that stands for a name without one. */
const SCALAR = -1;

interface Port {
  name: string;
  direction: string;
  /** "[7:0] " or nothing. */
  range: string;
  bits: GatePort[];
  indices: number[];
}

/** Bits of a port together, in their order, least significant first. */
function portsOf(bits: readonly GatePort[]): Port[] {
  const found = new Map<string, Port>();
  for (const bit of bits) {
    const { base, index } = split(bit.name);
    let port = found.get(base);
    if (!port) {
      port = { name: base, direction: bit.direction, range: '', bits: [], indices: [] };
      found.set(base, port);
    }
    port.bits.push(bit);
    port.indices.push(index);
  }
  for (const port of found.values()) {
    if (port.indices[0] !== SCALAR) port.range = `[${port.indices.at(-1)}:${port.indices[0]}] `;
  }
  return [...found.values()];
}

/** The user's signals by name: net of each bit. */
function vectorsOf({ nets }: GateNetlist): Map<string, Map<number, number>> {
  const found = new Map<string, Map<number, number>>();
  nets.forEach((net, at) => {
    for (const alias of net.aliases) {
      const { base, index } = split(alias);
      let bits = found.get(base);
      if (!bits) {
        bits = new Map();
        found.set(base, bits);
      }
      bits.set(index, at);
    }
  });
  return found;
}

function split(name: string): { base: string; index: number } {
  const match = /^(.*)\[(\d+)\]$/.exec(name);
  return match ? { base: match[1]!, index: Number(match[2]) } : { base: name, index: SCALAR };
}

const PLAIN = /^[A-Za-z_][\w$]*$/;
/** Words that a name may not be without an escape; cells, ports and nets of netlists are rarely called so. */
const WORDS =
  /^(?:always|and|assign|begin|buf|case|default|else|end|endmodule|for|function|if|initial|inout|input|integer|module|nand|nor|not|or|output|parameter|reg|signed|task|tri|wire|xnor|xor|logic|bit|byte|int|do|ref|var|type|this|new)$/;

/** A name as Verilog writes it. */
export function identifier(name: string): string {
  return PLAIN.test(name) && !WORDS.test(name) && !/^n\d+$/.test(name) ? name : `\\${name} `;
}
