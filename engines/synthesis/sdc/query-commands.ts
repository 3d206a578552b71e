import type { Call, SdcCommand } from './call.ts';
import { rolesOf } from './cell-roles.ts';
import { ClockNetwork } from './clock-network.ts';
import { findObjects, type Kind, objectsOf, unique } from './find.ts';
import { handleOf, objectOf, type SdcObject } from './objects.ts';
import type { State } from './state.ts';
import { type Arg, listOf } from './tcl.ts';
import { joinList } from './tcl-words.ts';

const NO_REGEXP = { refused: 'Write a pattern with * and ? instead.' };
const NO_FILTER = { refused: 'Write a pattern that fits these objects only.' };

const GET_OPTIONS: SdcCommand['options'] = {
  '-quiet': 'flag',
  '-hsc': 'value',
  '-regexp': NO_REGEXP,
  '-nocase': NO_REGEXP,
  '-exact': { refused: 'A name without wildcards is taken exactly anyway.' },
  '-filter': NO_FILTER,
};

function handles(objects: readonly SdcObject[]): string {
  return objects.map(handleOf).join(' ');
}

function byPattern(kind: Kind): (call: Call, state: State) => string {
  return (call, state) => {
    const separator = call.get('-hsc')?.text ?? state.separator;
    const options = { hierarchical: call.has('-hierarchical'), quiet: call.has('-quiet'), separator };
    const related = call.get('-of_objects');
    if (related) {
      if (call.words.length > 0)
        call.fail('sdc-option', '-of_objects takes the place of a pattern.', 'Leave the pattern out.');
      return handles(relatedObjects(kind, related, call, state));
    }
    const words = call.words.length > 0 ? call.words : [{ text: '*', spot: call.spot }];
    const found: SdcObject[] = [];
    for (const word of words)
      for (const text of listOf(word)) {
        const object = objectOf(text);
        if (object?.kind === kind) found.push(object);
        else found.push(...findObjects(state, kind, text, word.spot, options));
      }
    return handles(unique(found));
  };
}

/** `-of_objects`: pins of cells and nets, cells of pins and nets, nets of pins, ports and cells, ports of nets. */
function relatedObjects(kind: Kind, arg: Arg, call: Call, state: State): SdcObject[] {
  const { instances } = state.design;
  const from: Record<string, Kind[]> = {
    pin: ['cell', 'net'],
    cell: ['pin', 'net'],
    net: ['pin', 'port', 'cell'],
    port: ['net'],
    clock: [],
  };
  if (from[kind]!.length === 0)
    call.fail('sdc-unsupported', `${call.name} -of_objects is not supported.`, undefined, arg.spot);
  const pinsOfCell = (instance: number): SdcObject[] =>
    instances[instance]!.cell.pins.flatMap((pin, p): SdcObject[] =>
      pin.direction === 'internal' ? [] : [{ kind: 'pin', instance, pin: p }],
    );
  const cellOf = (pin: SdcObject): SdcObject[] =>
    pin.kind === 'pin' ? [{ kind: 'cell', instance: pin.instance }] : [];
  const netOf = (object: SdcObject): SdcObject[] => {
    const net = state.netAt(object);
    return net < 0 ? [] : [{ kind: 'net', net }];
  };
  const found = objectsOf(state, arg, from[kind]!, call).flatMap((object): SdcObject[] => {
    if (kind === 'pin') return object.kind === 'cell' ? pinsOfCell(object.instance) : pinsOfNet(state, object);
    if (kind === 'cell') return object.kind === 'pin' ? cellOf(object) : pinsOfNet(state, object).flatMap(cellOf);
    if (kind === 'port') return object.kind === 'net' ? state.objects.portsOfNet(object.net) : [];
    return object.kind === 'cell' ? pinsOfCell(object.instance).flatMap(netOf) : netOf(object);
  });
  return unique(found);
}

function pinsOfNet(state: State, object: SdcObject): SdcObject[] {
  return object.kind === 'net' ? state.objects.pinsOfNet(object.net) : [];
}

function ports(state: State, direction: 'input' | 'output'): SdcObject[] {
  return state.design.ports.flatMap((port, i): SdcObject[] =>
    port.direction === direction || port.direction === 'inout' ? [{ kind: 'port', port: i }] : [],
  );
}

function allRegisters(call: Call, state: State): string {
  const wanted = ['-cells', '-data_pins', '-clock_pins', '-async_pins', '-output_pins'].filter((name) =>
    call.has(name),
  );
  const clockArg = call.get('-clock');
  let reached: Set<number> | undefined;
  if (clockArg) {
    const clocks = objectsOf(state, clockArg, ['clock'], call);
    const nets = clocks.flatMap((clock) =>
      clock.kind === 'clock' ? state.clocks[clock.clock]!.sources.map((source) => state.netAt(source)) : [],
    );
    reached = new Set(new ClockNetwork(state.design).forward(nets).map(({ instance }) => instance));
  }
  const both = call.has('-edge_triggered') === call.has('-level_sensitive');
  const found: SdcObject[] = [];
  for (const [i, { cell }] of state.design.instances.entries()) {
    const roles = rolesOf(cell);
    if (roles.kind !== 'ff' && roles.kind !== 'latch') continue;
    if (!both && call.has('-edge_triggered') !== (roles.kind === 'ff')) continue;
    if (reached && !reached.has(i)) continue;
    if (wanted.length === 0 || call.has('-cells')) found.push({ kind: 'cell', instance: i });
    const pins = (places: number[]) =>
      found.push(...places.map((pin): SdcObject => ({ kind: 'pin', instance: i, pin })));
    if (call.has('-data_pins')) pins(roles.data);
    if (call.has('-clock_pins')) pins(roles.clocks);
    if (call.has('-async_pins')) pins(roles.asynchronous);
    if (call.has('-output_pins')) pins(roles.outputs);
  }
  return handles(found);
}

function collection(call: Call, arg: Arg): SdcObject[] {
  return listOf(arg).map((text) => {
    const object = objectOf(text);
    if (!object)
      call.fail(
        'sdc-object-kind',
        `${call.name} works on collections, not on names.`,
        'Write get_ports, get_pins ...',
        arg.spot,
      );
    return object;
  });
}

/** Commands that answer with objects of the design. */
export const QUERY_COMMANDS: SdcCommand[] = [
  {
    name: 'get_ports',
    usage: 'get_ports pattern',
    about: 'Bits of ports of the top module. The name of a bus means all of its bits; * and ? are wildcards.',
    options: { ...GET_OPTIONS, '-of_objects': 'value' },
    words: [0, 1],
    run: byPattern('port'),
  },
  {
    name: 'get_pins',
    usage: 'get_pins [-hierarchical] cell/pin',
    about: 'Pins of cells. Wildcards do not pass a / unless -hierarchical is given.',
    options: { ...GET_OPTIONS, '-of_objects': 'value', '-hierarchical': 'flag' },
    words: [0, 1],
    run: byPattern('pin'),
  },
  {
    name: 'get_cells',
    usage: 'get_cells [-hierarchical] pattern',
    about:
      'Cells of the mapped netlist; with -hierarchical in every level. The instance of a module means all cells in it.',
    options: { ...GET_OPTIONS, '-of_objects': 'value', '-hierarchical': 'flag' },
    words: [0, 1],
    run: byPattern('cell'),
  },
  {
    name: 'get_nets',
    usage: 'get_nets [-hierarchical] pattern',
    about: 'Nets, by any of the names the source gives them.',
    options: { ...GET_OPTIONS, '-of_objects': 'value', '-hierarchical': 'flag' },
    words: [0, 1],
    run: byPattern('net'),
  },
  {
    name: 'get_clocks',
    usage: 'get_clocks pattern',
    about: 'Clocks that have been defined above.',
    options: GET_OPTIONS,
    words: [0, 1],
    run: byPattern('clock'),
  },
  {
    name: 'all_inputs',
    usage: 'all_inputs [-no_clocks]',
    about: 'All bits of input and inout ports; with -no_clocks without those where a clock enters.',
    options: { '-no_clocks': 'flag' },
    words: [0, 0],
    run: (call, state) =>
      handles(ports(state, 'input').filter((port) => !call.has('-no_clocks') || state.clocksAt(port).length === 0)),
  },
  {
    name: 'all_outputs',
    usage: 'all_outputs',
    about: 'All bits of output and inout ports.',
    options: {},
    words: [0, 0],
    run: (_call, state) => handles(ports(state, 'output')),
  },
  {
    name: 'all_clocks',
    usage: 'all_clocks',
    about: 'All clocks that have been defined above.',
    options: {},
    words: [0, 0],
    run: (_call, state) =>
      handles(state.clocks.flatMap((draft, i): SdcObject[] => (draft.removed ? [] : [{ kind: 'clock', clock: i }]))),
  },
  {
    name: 'all_registers',
    usage:
      'all_registers [-clock clocks] [-cells] [-data_pins] [-clock_pins] [-async_pins] [-output_pins] [-edge_triggered] [-level_sensitive]',
    about: 'Flip-flops and latches, or pins of theirs, all or those that a clock reaches.',
    options: {
      '-clock': 'value',
      '-cells': 'flag',
      '-data_pins': 'flag',
      '-clock_pins': 'flag',
      '-async_pins': 'flag',
      '-output_pins': 'flag',
      '-edge_triggered': 'flag',
      '-level_sensitive': 'flag',
      '-rise_clock': { refused: 'Use -clock, for both edges.' },
      '-fall_clock': { refused: 'Use -clock, for both edges.' },
      '-slave_clock_pins': { refused: 'Master-slave cells are not told apart.' },
      '-master_slave': { refused: 'Master-slave cells are not told apart.' },
    },
    words: [0, 0],
    run: allRegisters,
  },
  {
    name: 'remove_from_collection',
    usage: 'remove_from_collection objects objects_to_leave_out',
    about: 'The objects of the first collection that are not in the second.',
    options: {},
    words: [2, 2],
    run: (call, state) => {
      const all = collection(call, call.words[0]!);
      const kinds: Kind[] = [...new Set(all.map((object) => object.kind))];
      const less = new Set((kinds.length === 0 ? [] : objectsOf(state, call.words[1]!, kinds, call)).map(handleOf));
      return handles(all.filter((object) => !less.has(handleOf(object))));
    },
  },
  {
    name: 'add_to_collection',
    usage: 'add_to_collection objects more_objects',
    about: 'The objects of two collections, each once.',
    options: { '-unique': 'flag' },
    words: [2, 2],
    run: (call) => handles(unique([...collection(call, call.words[0]!), ...collection(call, call.words[1]!)])),
  },
  {
    name: 'sizeof_collection',
    usage: 'sizeof_collection objects',
    about: 'How many objects a collection has.',
    options: {},
    words: [1, 1],
    run: (call) => String(listOf(call.words[0]!).length),
  },
  {
    name: 'get_object_name',
    usage: 'get_object_name objects',
    about: 'Names of objects, as a list.',
    options: {},
    words: [1, 1],
    run: (call, state) => joinList(collection(call, call.words[0]!).map((object) => state.nameOf(object))),
  },
];
