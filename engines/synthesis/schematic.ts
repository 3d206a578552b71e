import { error, fail, ok, type Result } from '../core/result.ts';
import { drawCell } from './schematic-cells.ts';
import { connect } from './schematic-connect.ts';
import { pin } from './schematic-pin.ts';
import type { SchematicGraph, SchematicSpec, SchematicSymbol } from './schematic-types.ts';
import { parameterText } from './schematic-values.ts';
import { parseSrc } from './src.ts';
import type { YosysModule, YosysNetlist } from './yosys-json.ts';

const DEFAULTS = { labelControlFanOut: 3, maxSymbols: 2500 };
/** Symbols from which on a module counts as large: there more wires give way to labels. */
const LARGE = 60;

/**
 * The drawing of one module of a word-level netlist (`prep`), without places: ports, cells, and the joins that put words
 * together from parts of several nets. Gate-level netlists work too.
 *
 * Fails with `no-such-module`, and with `too-large` when the module has more symbols than `options.maxSymbols`.
 * Yosys' `$scopeinfo` cells, which have no pins and mark where a flattened instance was, are left out.
 */
export function schematic(spec: SchematicSpec): Result<SchematicGraph> {
  const module = spec.netlist.modules[spec.module];
  if (!module) {
    return fail(
      error('no-such-module', `The netlist has no module ${spec.module}.`, 'Choose one of the modules of the netlist.'),
    );
  }
  const symbols = [...portSymbols(module), ...cellSymbols(module, spec.netlist)];
  const options = { ...DEFAULTS, labelFanOut: symbols.length < LARGE ? 8 : 4, ...spec.options };
  if (symbols.length > options.maxSymbols) return tooLarge(spec.module, symbols.length, options.maxSymbols);
  const graph = connect(spec.module, module, symbols, options);
  if (graph.symbols.length > options.maxSymbols) return tooLarge(spec.module, graph.symbols.length, options.maxSymbols);
  return ok(graph);
}

function tooLarge(module: string, symbols: number, limit: number): Result<never> {
  return fail(
    error(
      'too-large',
      `Module ${module} has ${symbols} symbols; more than ${limit} are not drawn at once.`,
      'Synthesise with the hierarchy kept and descend into its instances, or open a smaller module.',
    ),
  );
}

function portSymbols(module: YosysModule): SchematicSymbol[] {
  return Object.entries(module.ports).map(([name, port]) => {
    const width = port.bits.length;
    const { offset = 0, upto } = port;
    const [left, right] = upto ? [offset, offset + width - 1] : [offset + width - 1, offset];
    const end =
      port.direction === 'output'
        ? pin(name, 'west', 'input', port.bits)
        : pin(name, 'east', port.direction === 'inout' ? 'inout' : 'output', port.bits);
    const words = { input: 'input', output: 'output', inout: 'bidirectional port' }[port.direction];
    return {
      shape: port.direction,
      name,
      title: `${width}-bit ${words}`,
      heading: [width === 1 && offset === 0 ? name : `${name}[${left === right ? left : `${left}:${right}`}]`],
      glyph: '',
      width,
      src: parseSrc(module.netnames[name]?.attributes.src),
      parameters: [],
      pins: [end],
    };
  });
}

function cellSymbols(module: YosysModule, netlist: YosysNetlist): SchematicSymbol[] {
  const symbols: SchematicSymbol[] = [];
  for (const [name, cell] of Object.entries(module.cells)) {
    if (cell.type === '$scopeinfo') continue;
    const drawn = drawCell(name, cell, netlist);
    symbols.push({
      ...drawn,
      name,
      type: cell.type,
      heading: drawn.heading ?? [],
      glyph: drawn.glyph ?? '',
      src: parseSrc(cell.attributes.src),
      parameters: Object.entries(cell.parameters).map(([key, value]) => [key, parameterText(value)]),
    });
  }
  return symbols;
}
