/**
 * Constructs that simulate but have no gates: for marking in the editor. Read from the syntax tree alone, so that they are
 * known while a design is still being written; only what is certain from the text is named.
 */
import type { Expr, Item, ModuleDecl, ProcessItem, SourceUnit, TypeRef, UnpackedDim, VarDecl } from '../syntax/ast.ts';
import { isSwitch } from '../syntax/gates.ts';
import { offsetEnd } from '../syntax/places.ts';
import type { TokenStream } from '../syntax/tokens.ts';
import { type AnyNode, walk } from '../syntax/walk.ts';

export interface SimulationOnly {
  /** What kind: stable, for texts and tests. */
  code:
    | 'process'
    | 'delay'
    | 'event-wait'
    | 'wait'
    | 'fork'
    | 'force'
    | 'named-event'
    | 'disable'
    | 'forever'
    | 'system-task'
    | 'system-function'
    | 'type'
    | 'hierarchical-name'
    | 'switch'
    | 'specify'
    | 'final'
    | 'program';
  /** A whole sentence. */
  what: string;
  /** Tokens, inclusive. */
  first: number;
  last: number;
  /** The same as a range of the text of the file `tokens.files[file]`. */
  file: number;
  offset: number;
  length: number;
  /** 1-based; the end is after the last character. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** System functions that are worked out when a design is built. */
const CONSTANT_FUNCTIONS = new Set(
  (
    '$signed $unsigned $clog2 $bits $size $left $right $low $high $increment $dimensions $unpacked_dimensions ' +
    '$countones $countbits $onehot $onehot0 $isunknown $rtoi $itor $realtobits $bitstoreal $bitstoshortreal ' +
    '$shortrealtobits $ln $log10 $exp $sqrt $pow $floor $ceil $sin $cos $tan $asin $acos $atan $atan2 $hypot ' +
    '$sinh $cosh $tanh $asinh $acosh $atanh $typename $cast'
  ).split(' '),
);
/** Tasks that synthesis carries out or that stand for checks while a design is built. */
const SYNTHESISED_TASKS = new Set(['$readmemh', '$readmemb', '$error', '$fatal', '$warning', '$info', '$cast']);

/**
 * The places of a unit that cannot be synthesised, in the order of the text; a place inside another is not named again.
 * `modules`: names of modules (not interfaces) that are known besides those of the unit.
 */
export function simulationOnly(
  unit: SourceUnit,
  tokens: TokenStream,
  modules: ReadonlySet<string> = new Set(),
): SimulationOnly[] {
  const found: SimulationOnly[] = [];
  const known = new Set(modules);
  for (const item of unit.items) if (item.kind === 'module' && isPlainModule(item)) known.add(item.name.name);

  const mark = (code: SimulationOnly['code'], what: string, first: number, last: number): void => {
    const file = tokens.file[first] ?? 0;
    let end = Math.max(first, last);
    while (end > first && tokens.file[end] !== file) end--;
    const offset = tokens.offset[first] ?? 0;
    const after = offsetEnd(tokens, end);
    found.push({
      code,
      what,
      first,
      last: end,
      file,
      offset,
      length: tokens.offset[end]! + tokens.length[end]! - offset,
      line: tokens.line[first]!,
      column: tokens.column[first]!,
      endLine: after.line,
      endColumn: after.column,
    });
  };

  const instances = new Set<string>();
  const visit = (node: AnyNode, parent: AnyNode | undefined): boolean => {
    const typed = node as Item | Expr | AnyNode;
    switch (node.kind) {
      case 'module': {
        const module = typed as ModuleDecl;
        if (module.word === 'program') {
          mark('program', 'A program is a test bench: it is simulated, never synthesised.', node.first, node.last);
          return false;
        }
        // Names of instances count in their own module.
        const names = instancesOf(module, known);
        instances.clear();
        for (const name of names) instances.add(name);
        return true;
      }
      case 'process':
        return process(typed as ProcessItem, mark);
      case 'delay':
        mark('delay', 'Gates have no such delays: synthesis ignores this one.', node.first, delayEnd(node));
        return true;
      case 'wait':
        mark('wait', "'wait' suspends a process; hardware has no such state.", node.first, node.first);
        return true;
      case 'wait-fork':
        mark('wait', "'wait fork' suspends a process; hardware has no such state.", node.first, node.last);
        return false;
      case 'event':
        if (!('control' in node)) break;
        if (parent?.kind === 'process' && tokens.texts[parent.first] !== 'initial') return true;
        mark(
          'event-wait',
          'A process that waits inside its body is simulated only; hardware starts a process at its head.',
          node.first,
          (node as unknown as { control: AnyNode }).control.last,
        );
        return true;
      case 'block':
        if ((node as { fork?: string }).fork) {
          mark('fork', "'fork' starts processes while the design runs; hardware cannot.", node.first, node.last);
          return false;
        }
        return true;
      case 'force':
      case 'release': {
        const word = (node as unknown as { word: string }).word;
        mark('force', `'${word}' in a process overrides drivers; hardware has only one.`, node.first, node.last);
        return false;
      }
      case 'trigger':
        mark('named-event', 'Named events exist in simulation only.', node.first, node.last);
        return false;
      case 'disable':
        mark('disable', "'disable' ends running processes; hardware cannot.", node.first, node.last);
        return false;
      case 'forever':
        mark('forever', 'A loop without an end cannot be unrolled into gates.', node.first, node.first);
        return true;
      case 'call':
        systemCall(node, parent, mark);
        return true;
      case 'var':
        return variable(typed as VarDecl, mark);
      case 'member':
        if (!('object' in node)) break;
        if (isIntoInstance(typed as Expr, instances)) {
          mark(
            'hierarchical-name',
            'A name inside another instance cannot be reached in hardware; a port is needed.',
            node.first,
            node.last,
          );
          return false;
        }
        return true;
      case 'gate': {
        const { gate } = node as unknown as { gate: string };
        if (!isSwitch(gate)) return true;
        mark('switch', `A ${gate} is a transistor switch: simulated, not synthesised.`, node.first, node.last);
        return false;
      }
      case 'specify':
        mark('specify', 'Delays of a specify block are for simulation; synthesis ignores them.', node.first, node.last);
        return false;
      case 'unsupported':
      case 'error':
        return false;
    }
    return true;
  };
  walk(unit, visit);
  return withoutInner(withTimings(unit, tokens, found, mark));
}

function isPlainModule(module: ModuleDecl): boolean {
  return module.word === 'module' || module.word === 'macromodule';
}

/** Names of the instances of known modules in a module, generate blocks included. */
function instancesOf(module: ModuleDecl, known: ReadonlySet<string>): string[] {
  const names: string[] = [];
  walk(module, (node) => {
    if (node !== module && node.kind === 'module') return false;
    if (node.kind !== 'instance') return node.kind !== 'process' && node.kind !== 'function' && node.kind !== 'task';
    const { module: of, instances } = node as unknown as Extract<Item, { kind: 'instance' }>;
    if (known.has(of.name)) for (const { name } of instances) if (name) names.push(name.name);
    return false;
  });
  return names;
}

/** `initial` that waits, `always` that is not started by an event or runs on delays: as a whole. */
function process(
  item: ProcessItem,
  mark: (code: SimulationOnly['code'], what: string, first: number, last: number) => void,
): boolean {
  if (item.word === 'final') {
    mark('final', "'final' runs when a simulation ends.", item.first, item.last);
    return false;
  }
  if (item.word === 'initial' && hasTiming(item.body)) {
    mark(
      'process',
      "An 'initial' that waits is a test bench: it is simulated, never synthesised.",
      item.first,
      item.last,
    );
    return false;
  }
  if (item.word === 'always' && item.body.kind !== 'event' && hasTiming(item.body)) {
    mark(
      'process',
      "An 'always' that is not started by an event at its head is simulated, never synthesised.",
      item.first,
      item.last,
    );
    return false;
  }
  return true;
}

function hasTiming(body: AnyNode): boolean {
  let found = false;
  walk(body, (node) => {
    if (node.kind === 'delay' || node.kind === 'wait' || node.kind === 'wait-fork') found = true;
    if (node.kind === 'event' && 'control' in node) found = true;
    if ((node.kind === 'blocking' || node.kind === 'nonblocking') && (node as { timing?: unknown }).timing)
      found = true;
    return !found;
  });
  return found;
}

/** Of `#5 statement`: the delay alone. */
function delayEnd(node: AnyNode): number {
  return (node as unknown as { delay: AnyNode }).delay.last;
}

function systemCall(
  node: AnyNode,
  parent: AnyNode | undefined,
  mark: (code: SimulationOnly['code'], what: string, first: number, last: number) => void,
): void {
  const { callee } = node as unknown as { callee: AnyNode & { name?: string } };
  if (callee.kind !== 'system' || callee.name === undefined) return;
  const { name } = callee;
  if (parent?.kind === 'expr') {
    if (SYNTHESISED_TASKS.has(name)) return;
    mark('system-task', `'${name}' speaks to the simulator; synthesis leaves it out.`, parent.first, parent.last);
  } else if (!CONSTANT_FUNCTIONS.has(name)) {
    mark('system-function', `'${name}' asks the simulator; it has no value in hardware.`, node.first, node.last);
  }
}

function variable(
  decl: VarDecl,
  mark: (code: SimulationOnly['code'], what: string, first: number, last: number) => void,
): boolean {
  const type = typeWord(decl.type);
  if (decl.type.kind === 'event') {
    mark('named-event', 'Named events exist in simulation only.', decl.first, decl.last);
    return false;
  }
  if (type !== undefined) {
    mark('type', `Variables of the type ${type} have no bits in hardware.`, decl.first, decl.last);
    return false;
  }
  for (const { name, dims } of decl.names) {
    const dim = dims.find(isUnbounded);
    if (dim) {
      mark('type', `'${name.name}' changes its size while it runs, which hardware cannot.`, name.first, dim.last);
    }
  }
  return true;
}

function typeWord(type: TypeRef): string | undefined {
  if (type.kind === 'real') return type.name;
  return type.kind === 'string' || type.kind === 'chandle' ? type.kind : undefined;
}

function isUnbounded(dim: UnpackedDim): boolean {
  return dim.kind === 'dynamic' || dim.kind === 'queue' || dim.kind === 'associative';
}

/** `u1.x` where `u1` is an instance of a module. */
function isIntoInstance(expr: Expr, instances: ReadonlySet<string>): boolean {
  let at: Expr = expr;
  while (at.kind === 'member' || at.kind === 'index') at = at.object;
  return at.kind === 'name' && (instances.has(at.name) || at.name === '$root');
}

/** Delays inside assignments and of nets and gates, which are parts of nodes without being nodes themselves. */
function withTimings(
  unit: SourceUnit,
  tokens: TokenStream,
  found: SimulationOnly[],
  mark: (code: SimulationOnly['code'], what: string, first: number, last: number) => void,
): SimulationOnly[] {
  const what = 'Gates have no such delays: synthesis ignores this one.';
  walk(unit, (node) => {
    if (node.kind === 'blocking' || node.kind === 'nonblocking') {
      const { timing } = node as unknown as { timing?: { kind: string; delay?: AnyNode; control?: AnyNode } };
      if (timing?.delay) {
        let first = timing.delay.first;
        while (first > node.first && tokens.texts[first] !== '#') first--;
        mark('delay', what, first, timing.delay.last);
      } else if (timing?.control) {
        mark(
          'event-wait',
          'An assignment that waits for an event is simulated only.',
          timing.control.first,
          timing.control.last,
        );
      }
      return false;
    }
    if (node.kind === 'net' || node.kind === 'assign' || node.kind === 'gate') {
      const { delay } = node as unknown as { delay?: AnyNode };
      if (delay) mark('delay', what, delay.first, delay.last);
      return false;
    }
    return true;
  });
  return found;
}

/** In the order of the text, without what lies inside another. */
function withoutInner(found: SimulationOnly[]): SimulationOnly[] {
  found.sort((x, y) => x.first - y.first || y.last - x.last);
  const result: SimulationOnly[] = [];
  let reach = -1;
  for (const place of found) {
    if (place.last <= reach) continue;
    result.push(place);
    reach = Math.max(reach, place.last);
  }
  return result;
}
