import { type Call, display } from './call.ts';
import { matches, nearestNames, objectOf, patternOf, type SdcObject } from './objects.ts';
import { type State, same } from './state.ts';
import { type Arg, listOf } from './tcl.ts';
import { SdcError, type Spot } from './tcl-words.ts';

export type Kind = SdcObject['kind'];

const PLURAL: Record<Kind, string> = { port: 'ports', pin: 'pins', cell: 'cells', net: 'nets', clock: 'clocks' };

function listed(kinds: readonly Kind[]): string {
  const names = kinds.map((kind) => PLURAL[kind]);
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/**
 * Objects of one kind that a pattern names. A name that names nothing is an error; a pattern with wildcards that fits nothing is a warning
 * (timing tools warn in both cases, and the constraint is then missing).
 */
export function findObjects(
  state: State,
  kind: Kind,
  text: string,
  spot: Spot,
  options: { hierarchical?: boolean; quiet?: boolean; separator?: string } = {},
): SdcObject[] {
  const found = lookUp(state, kind, text, spot, options);
  if (found.length === 0 && !options.quiet) missing(state, [kind], text, spot);
  return found;
}

function lookUp(
  state: State,
  kind: Kind,
  text: string,
  spot: Spot,
  options: { hierarchical?: boolean; separator?: string },
): SdcObject[] {
  const pattern = patternOf(text, options.separator ?? state.separator);
  const across = options.hierarchical ?? false;
  if (pattern.wild || across) state.spend(10 + sizeOf(state, kind) / 40, spot);
  switch (kind) {
    case 'port':
      return state.objects.ports(pattern);
    case 'pin':
      return state.objects.pins(pattern, across);
    case 'net':
      return state.objects.nets(pattern, across);
    case 'cell': {
      const { found, within } = state.objects.cells(pattern, across);
      if (within)
        state.say(
          'note',
          'sdc-module-instance',
          `'${display(text)}' is an instance of a module; its ${found.length} cells are taken.`,
          spot,
        );
      return found;
    }
    case 'clock': {
      const plain = patternOf(text, '');
      return state.clocks.flatMap((draft, i): SdcObject[] => {
        const { name } = draft.clock;
        const fits = !draft.removed && (plain.wild ? matches(plain, name, true) : plain.name === name || text === name);
        return fits ? [{ kind: 'clock', clock: i }] : [];
      });
    }
  }
}

function sizeOf(state: State, kind: Kind): number {
  const { ports, nets, instances } = state.design;
  if (kind === 'port') return ports.length;
  if (kind === 'net') return nets.length;
  return kind === 'clock' ? state.clocks.length : instances.length * (kind === 'pin' ? 4 : 1);
}

/** Ends the command, or warns when there are wildcards. */
function missing(state: State, kinds: readonly Kind[], text: string, spot: Spot): void {
  if (patternOf(text).wild) {
    state.say(
      'warning',
      'sdc-no-match',
      `'${display(text)}' fits no ${listed(kinds)} of the design.`,
      spot,
      'Check the pattern.',
    );
    return;
  }
  const design = kinds.filter((kind) => kind !== 'clock');
  const near = kinds.includes('clock')
    ? nearestNames(
        text,
        state.living().map((draft) => draft.clock.name),
      )
    : [];
  near.push(...state.objects.near(text, design));
  const remedy =
    near.length > 0
      ? `Names like it: ${[...new Set(near)].slice(0, 3).join(', ')}.`
      : kinds.includes('pin') || kinds.includes('cell')
        ? 'Cells are named by synthesis; get_pins -of_objects [get_nets name] finds them by the net of a signal.'
        : kinds.includes('clock')
          ? 'Define the clock with create_clock first.'
          : 'Names of ports are those of the top module.';
  throw new SdcError('sdc-no-object', `The design has no ${either(kinds)} named '${display(text)}'.`, spot, remedy);
}

function either(kinds: readonly Kind[]): string {
  return kinds.length === 1 ? kinds[0]! : `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}`;
}

/** Objects that a word names: handles, and names, sought among `kinds`. Clocks come before what shares their name, as in OpenSTA. */
export function objectsOf(state: State, arg: Arg, kinds: readonly Kind[], call: Call): SdcObject[] {
  const out: SdcObject[] = [];
  for (const element of listOf(arg)) {
    const object = objectOf(element);
    if (object) {
      if (!kinds.includes(object.kind))
        call.fail(
          'sdc-object-kind',
          `${call.name} does not take ${PLURAL[object.kind]} here.`,
          `Give ${listed(kinds)}.`,
          arg.spot,
        );
      out.push(object);
      continue;
    }
    let found: SdcObject[] = [];
    for (const kind of kinds) {
      const of = lookUp(state, kind, element, arg.spot, {});
      if (of.length === 0) continue;
      if (found.length === 0) found = of;
      else if (found[0]!.kind === 'clock' && !of.every((each) => found.some((clock) => isSource(state, clock, each)))) {
        const what = `'${display(element)}' is the name of a clock and of a ${kind}.`;
        call.fail(
          'sdc-ambiguous',
          what,
          `Write [get_clocks ${element}] or [get_${PLURAL[kind]} ${element}].`,
          arg.spot,
        );
      } else if (found[0]!.kind === 'clock')
        state.say(
          'note',
          'sdc-clock-name',
          `'${display(element)}' is taken as the clock, not as the ${kind} of its name.`,
          arg.spot,
        );
    }
    if (found.length === 0) missing(state, kinds, element, arg.spot);
    out.push(...found);
  }
  return unique(out);
}

function isSource(state: State, clock: SdcObject, object: SdcObject): boolean {
  return clock.kind === 'clock' && state.clocks[clock.clock]!.sources.some((source) => same(source, object));
}

export function unique(objects: SdcObject[]): SdcObject[] {
  const seen = new Set<string>();
  return objects.filter((object) => {
    const key = Object.values(object).join(':');
    return !seen.has(key) && seen.add(key);
  });
}
