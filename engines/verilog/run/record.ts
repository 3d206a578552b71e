import type { ArrayType, IrType, ScopeId, Signal, SignalId } from '../ir/types.ts';
import type { WaveRecorder } from '../wave/recorder.ts';
import type { Machine } from './machine.ts';

/** Elements of a memory past this are not recorded: they would drown the rest. */
const MOST_ELEMENTS = 4096;

/** As files of waves call the kinds of scopes. */
const KINDS: Record<string, string> = { generate: 'generate', block: 'begin', fork: 'fork', unit: 'package' };

interface Watched {
  trace: number;
  /** First word of plane a of element 0; index of a real or object. */
  offset: number;
  words: number;
  kind: 'bit' | 'word' | 'wide' | 'real' | 'text' | 'event';
  signal: SignalId;
  count: number;
  /** Waits to be written at the end of the step. */
  pending: boolean;
}

/**
 * Records signals for the viewer: their values at first, then at the end of each time step the values of those that changed in it. What
 * happens between (glitches of no duration) is not kept, as in a value change dump.
 * @param wanted the scopes whose signals are recorded, with all below them; left out: all.
 */
export function recordDesign(machine: Machine, recorder: WaveRecorder, wanted?: ReadonlySet<ScopeId>): void {
  const { design, layout, words, reals, objects } = machine;
  const watched: Watched[] = [];
  const enums = design.enums.map((table) => recorder.enumeration(table));
  const structs = design.structs.map((table) => recorder.structure(table));
  const traces = new Map<string, number>();

  const visit = (id: ScopeId, parent: number, inside: boolean): void => {
    const scope = design.scopes[id]!;
    const take = inside || wanted === undefined || wanted.has(id);
    const place = recorder.scope({
      name: scope.name,
      kind: KINDS[scope.kind] ?? scope.kind,
      parent,
      at: scope.at,
      ...(scope.module !== undefined && { module: scope.module }),
    });
    if (take) for (const each of scope.signals) declare(design.signals[each]!, place);
    for (const child of scope.children) visit(child, place, take);
  };

  const declare = (signal: Signal, scope: number): void => {
    const { type } = signal;
    if (signal.hidden || signal.automatic || layout.offset[signal.id]! < 0) {
      if (signal.type.kind !== 'event') return;
    }
    const element = type.kind === 'array' ? type.element : type;
    if (element.kind === 'list' || element.kind === 'map') return;
    const count = type.kind === 'array' ? type.count : 1;
    if (count > MOST_ELEMENTS) return;
    const offset = layout.offset[signal.id]!;
    const key = `${element.kind}:${element.kind === 'event' ? `e${signal.id}` : offset}:${widthOf(element)}:${count}`;
    const alias = traces.get(key);
    const trace = recorder.declare({
      name: signal.name,
      scope,
      word: signal.word,
      type: element.kind === 'vector' ? 'bits' : element.kind === 'string' ? 'text' : element.kind,
      width: widthOf(element),
      ranges: signal.packed,
      at: signal.at,
      ...(element.kind === 'vector' && { signed: element.signed, fourState: element.fourState }),
      ...(signal.enumType !== undefined && { enumType: enums[signal.enumType]! }),
      ...(signal.structType !== undefined && { structType: structs[signal.structType]! }),
      ...(type.kind === 'array' && { array: { dims: (type as ArrayType).dims, count } }),
      ...(signal.port !== undefined && signal.port !== 'ref' && { direction: signal.port }),
      ...(alias !== undefined && { alias }),
    });
    if (alias !== undefined) return;
    traces.set(key, trace);
    const width = widthOf(element);
    watched.push({
      trace,
      offset,
      words: layout.words[signal.id]!,
      kind:
        element.kind === 'vector'
          ? width === 1
            ? 'bit'
            : width <= 32
              ? 'word'
              : 'wide'
          : element.kind === 'string'
            ? 'text'
            : element.kind,
      signal: signal.id,
      count,
      pending: false,
    });
  };

  for (const top of design.tops) visit(top, -1, false);

  const write = (each: Watched, element: number, time: number): void => {
    const trace = each.trace + element;
    const at = each.offset + element * 2 * each.words;
    switch (each.kind) {
      case 'bit':
        recorder.change1(trace, time, words[at]!, words[at + 1]!);
        return;
      case 'word':
        recorder.change32(trace, time, words[at]!, words[at + 1]!);
        return;
      case 'wide':
        recorder.change(trace, time, words, words, at, each.words, at + each.words);
        return;
      case 'real':
        recorder.real(trace, time, reals[each.offset + element]!);
        return;
      case 'text':
        recorder.text(trace, time, String(objects[each.offset + element] ?? ''));
        return;
      case 'event':
        recorder.change1(trace, time, 1, 0);
    }
  };

  // Changes of a step: which, and of which element (-1: all).
  const changed: Watched[] = [];
  const elements: number[] = [];
  let pending = false;
  const flush = (): void => {
    pending = false;
    const time = machine.now();
    for (let i = 0; i < changed.length; i++) {
      const each = changed[i]!;
      const element = elements[i]!;
      each.pending = false;
      if (element >= 0) write(each, element, time);
      else for (let k = 0; k < each.count; k++) write(each, k, time);
    }
    changed.length = 0;
    elements.length = 0;
  };
  for (const each of watched) {
    machine.watch(each.signal, (element) => {
      if (each.count === 1) {
        if (each.pending) return;
        each.pending = true;
      }
      changed.push(each);
      elements.push(each.count === 1 ? 0 : (element ?? -1));
      if (!pending) {
        pending = true;
        machine.postpone(flush);
      }
    });
  }
  // The first values are those at the end of time 0, whether or not anything changes then.
  machine.postpone(() => {
    for (const each of watched)
      if (each.kind !== 'event') for (let k = 0; k < each.count; k++) write(each, k, machine.now());
  });
}

function widthOf(type: IrType): number {
  return type.kind === 'vector' ? type.width : type.kind === 'real' ? 64 : 0;
}
