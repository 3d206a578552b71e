import type { YosysModule } from '../yosys-json.ts';
import type { PreparedDesign, StateSignal } from './prepare.ts';
import { guessPartners } from './rename.ts';
import { type ResetInput, resetInputs } from './reset.ts';
import type { ProofOptions } from './types.ts';

/** Two designs with the same ports, as the scripts compare them. */
export interface Pair {
  gold: PreparedDesign;
  gate: PreparedDesign;
  /** `gold.json` and `gate.json`: one module each, named gold and gate. */
  files: Record<string, string>;
  /** 'cycles': every step is a cycle of one clock; 'moments': clocks are inputs as others. */
  model: 'combinational' | 'cycles' | 'moments';
  /** The clock of model 'cycles'. */
  clock?: { port: string; edge: 'rising' | 'falling' };
  unknowns: boolean;
  /** Start 'any': registers that start equal, as the scripts name them; of some, one bit: "state#[3]". */
  startsEqual: string[];
  /** Start 'reset': what is active in the first cycle. */
  resets: ResetInput[];
  /** Start 'any' or 'reset': registers without an initial value, by design. */
  free: { gold: StateSignal[]; gate: StateSignal[] };
  /** The wire of a register in the flattened miter: "gate.count". */
  wireOf(side: 'gold' | 'gate', signal: StateSignal): string;
  inputs: { name: string; width: number }[];
  outputs: { name: string; width: number }[];
}

/** Puts two prepared designs side by side. Their ports are the same (`comparePorts`). */
export function pairOf(gold: PreparedDesign, gate: PreparedDesign, start: ProofOptions['start']): Pair {
  const ports = Object.entries(gold.module.ports);
  const of = (direction: string) =>
    ports.flatMap(([name, port]) =>
      port.direction === direction && port.bits.length > 0 ? [{ name, width: port.bits.length }] : [],
    );
  const clock = commonClock(gold, gate);
  const partners = guessPartners(gold, gate);
  const sequential = gold.sequential || gate.sequential;
  const model = !sequential ? 'combinational' : clock ? 'cycles' : 'moments';
  const isFree = ({ init }: StateSignal) => init.includes('x');
  const free =
    start !== 'zero'
      ? { gold: gold.registers.filter(isFree), gate: gate.registers.filter(isFree) }
      : { gold: [], gate: [] };
  return {
    gold,
    gate,
    files: {
      'gold.json': JSON.stringify({ modules: { gold: scriptModule(gold.module, new Map()) } }),
      'gate.json': JSON.stringify({ modules: { gate: scriptModule(gate.module, partners) } }),
    },
    model,
    ...(model === 'cycles' && clock && { clock }),
    unknowns: gold.unknowns || gate.unknowns,
    startsEqual: start === 'any' ? equalStarts(free) : [],
    resets: start === 'reset' && model === 'cycles' ? resetInputs([gold, gate]) : [],
    free,
    wireOf: (side, { name, index }) => `${side}.${wireName((side === 'gate' && partners.get(name)) || name, index)}`,
    inputs: of('input'),
    outputs: of('output'),
  };
}

/** The one clock port and edge of all registers of both, when nothing else reads it. */
function commonClock(gold: PreparedDesign, gate: PreparedDesign): Pair['clock'] {
  if (gold.latches || gate.latches || gold.clockAsData || gate.clockAsData) return undefined;
  const uses = [...gold.clocks, ...gate.clocks];
  const [first] = uses;
  if (first?.port === undefined) return undefined;
  if (!uses.every(({ port, edge }) => port === first.port && edge === first.edge)) return undefined;
  return readsClock(gold.module, first.port) || readsClock(gate.module, first.port)
    ? undefined
    : { port: first.port, edge: first.edge };
}

/** A version whose registers have no clock may still use that input as data. */
function readsClock({ ports, cells }: YosysModule, port: string): boolean {
  const bit = ports[port]?.bits[0];
  for (const [name, { direction, bits }] of Object.entries(ports)) {
    if (name !== port && direction === 'output' && bit !== undefined && bits.includes(bit)) return true;
  }
  return Object.values(cells).some(({ connections }) =>
    Object.entries(connections).some(
      ([pin, bits]) => bit !== undefined && bits.includes(bit) && !/^(?:CLK|RD_CLK|WR_CLK)$/.test(pin),
    ),
  );
}

function equalStarts(free: Pair['free']): string[] {
  const key = ({ name, width, index }: StateSignal) => `${name} ${width} ${index ?? ''}`;
  const others = new Map(free.gate.map((signal) => [key(signal), signal]));
  return free.gold.flatMap((signal) => {
    const other = others.get(key(signal));
    if (!other) return [];
    const name = wireName(signal.name, signal.index);
    const { width } = signal;
    const bits: number[] = [];
    for (let i = 0; i < width; i++) {
      if (signal.init[width - 1 - i] === 'x' && other.init[width - 1 - i] === 'x') bits.push(i);
    }
    return bits.length === width ? [name] : bits.map((bit) => `${name}#[${bit}]`);
  });
}

/**
 * The name of a signal in the scripts: without what the shell of Yosys takes apart, and without the endings that `equiv_make` gives.
 * Different names stay different.
 */
export function scriptName(name: string): string {
  const plain = name.replace(
    /[^\w.$[\]]|_x(?=[0-9a-f]+_)/g,
    (text) => `_x${text.charCodeAt(0).toString(16)}_${text.slice(1)}`,
  );
  return /_(?:gold|gate)_*$/.test(plain) ? `${plain}_` : plain;
}

function wireName(name: string, index: number | undefined): string {
  return scriptName(index === undefined ? name : `${name}[${index}]`);
}

function scriptModule(module: YosysModule, partners: ReadonlyMap<string, string>): YosysModule {
  const { ports, netnames, cells } = module;
  return {
    attributes: {},
    ports: Object.fromEntries(Object.entries(ports).map(([name, port]) => [scriptName(name), port])),
    cells: Object.fromEntries(
      Object.entries(cells).map(([name, cell]) => {
        const partner = partners.get(cell.parameters.MEMID?.replace(/^\\/, '') ?? '');
        return [
          name,
          partner === undefined ? cell : { ...cell, parameters: { ...cell.parameters, MEMID: `\\${partner}` } },
        ];
      }),
    ),
    netnames: Object.fromEntries(
      Object.entries(netnames).flatMap(([name, net]) => {
        // A net that nothing drives holds x wherever it is read; its name would only mislead.
        if (!(name in ports) && net.bits.includes('x')) return [];
        const shown = partners.get(name) ?? name;
        return [[net.hide_name === 1 ? name : scriptName(shown), { ...net, attributes: initOnly(net.attributes) }]];
      }),
    ),
  };
}

function initOnly({ init }: Record<string, string>): Record<string, string> {
  return init === undefined ? {} : { init };
}
