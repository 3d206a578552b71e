import type { Assumption } from '../../core/report.ts';
import type { Clock } from '../timing/types.ts';
import { ClockNetwork, type Driver } from './clock-network.ts';
import type { SdcObject } from './objects.ts';
import type { ClockDraft, State } from './state.ts';
import { SdcError } from './tcl-words.ts';

export const GENERATED_ASSUMPTION: Assumption = {
  id: 'sdc-generated-inversion',
  what: 'The waveform of a generated clock follows the edges of its master as they are where the master is defined.',
  reason: 'OpenSTA does the same: an inverter between the master and -source does not count; a warning tells of it.',
  source: 'tool',
};

/** Finds the masters of generated clocks and gives them their periods and waveforms. */
export function resolveGenerated(state: State): SdcError[] {
  const errors: SdcError[] = [];
  const done = new Set<ClockDraft>();
  const open: ClockDraft[] = [];
  let network: ClockNetwork | undefined;
  const visit = (draft: ClockDraft): void => {
    if (!draft.derived || done.has(draft)) return;
    if (open.includes(draft)) {
      const names = [...open.slice(open.indexOf(draft)), draft].map((each) => each.clock.name);
      throw new SdcError(
        'sdc-clock-cycle',
        `Generated clocks are their own masters: ${names.join(' from ')}.`,
        draft.spot,
        'One of them needs another master.',
      );
    }
    open.push(draft);
    network ??= new ClockNetwork(state.design);
    const master = masterOf(state, draft, network);
    visit(master);
    open.pop();
    done.add(draft);
    draft.clock.generated!.master = master.clock.name;
    derive(draft.clock, master.clock);
  };
  for (const draft of state.living()) {
    open.length = 0;
    try {
      visit(draft);
    } catch (cause) {
      if (!(cause instanceof SdcError)) throw cause;
      errors.push(cause);
      // One error for all that hang on it.
      for (const each of open) done.add(each);
    }
  }
  return errors;
}

function masterOf(state: State, draft: ClockDraft, network: ClockNetwork): ClockDraft {
  const { source, master } = draft.derived!;
  const name = draft.clock.name;
  if (master !== undefined) {
    const named = state.clockNamed(master);
    if (!named)
      throw new SdcError(
        'sdc-no-master',
        `The master of clock ${name}, ${master}, is gone.`,
        draft.spot,
        'Define it again, or name another.',
      );
    return named;
  }
  const { found, inverted } = clocksReaching(state, source, network);
  const others = found.filter((each) => each !== draft);
  if (others.length === 1) {
    if (inverted) {
      const what = `The way from clock ${others[0]!.clock.name} to ${state.nameOf(source)}, the source of ${name}, inverts it; the waveform of ${name} follows the clock as it is defined, as in OpenSTA.`;
      state.say(
        'warning',
        'sdc-inverted-source',
        what,
        draft.spot,
        'Say what is meant with -edges, or give the port as -source.',
      );
    }
    return others[0]!;
  }
  if (found.length > 0 && others.length === 0)
    throw new SdcError(
      'sdc-clock-cycle',
      `Clock ${name} is its own master.`,
      draft.spot,
      'Give -master_clock, or another -source.',
    );
  const what =
    others.length === 0
      ? `No clock reaches ${state.nameOf(source)}, the source of clock ${name}.`
      : `Several clocks reach ${state.nameOf(source)}: ${others.map((each) => each.clock.name).join(', ')}.`;
  throw new SdcError(
    'sdc-no-master',
    what,
    draft.spot,
    others.length === 0 ? 'Define the master clock, or name it with -master_clock.' : 'Choose one with -master_clock.',
  );
}

/** Clocks that enter at a point or on the way to it. */
function clocksReaching(
  state: State,
  source: SdcObject,
  network: ClockNetwork,
): { found: ClockDraft[]; inverted: boolean } {
  const direct = state.clocksAt(source);
  if (direct.length > 0) return { found: direct, inverted: false };
  const stop = (driver: Driver) => state.clocksAt(driver).length > 0;
  const found = new Set<ClockDraft>();
  let inverted = false;
  for (const step of network.back(state.netAt(source), stop)) {
    const at = state.clocksAt(step.driver);
    if (at.length > 0 && step.inverts !== false) inverted = true;
    for (const draft of at) found.add(draft);
  }
  return { found: [...found], inverted };
}

/** Period and waveform of a generated clock, as OpenSTA derives them. */
function derive(clock: Clock, master: Clock): void {
  const { divideBy, multiplyBy, edges, edgeShiftNs, invert, dutyPercent } = clock.generated!;
  const rise = master.waveformNs[0]!;
  if (edges) {
    const time = (edge: number, i: number) =>
      master.waveformNs[(edge - 1) % master.waveformNs.length]! +
      Math.floor((edge - 1) / master.waveformNs.length) * master.periodNs +
      (edgeShiftNs?.[i] ?? 0);
    const times = edges.map(time);
    clock.waveformNs = times.slice(0, 2);
    clock.periodNs = times[2]! - times[0]!;
  } else if (multiplyBy !== undefined) {
    clock.periodNs = master.periodNs / multiplyBy;
    clock.waveformNs =
      dutyPercent === undefined
        ? master.waveformNs.map((edge) => edge / multiplyBy)
        : [rise / multiplyBy, rise / multiplyBy + (clock.periodNs * dutyPercent) / 100];
  } else {
    const factor = divideBy ?? 1;
    clock.periodNs = master.periodNs * factor;
    // A divider changes at rising edges of its master; by 1 it is the master itself.
    clock.waveformNs =
      factor === 1
        ? [...master.waveformNs]
        : powerOfTwo(factor)
          ? [rise, rise + clock.periodNs / 2]
          : master.waveformNs.map((edge) => edge * factor);
  }
  if (invert) {
    const first = clock.waveformNs[0]!;
    const offset = first >= clock.periodNs ? clock.periodNs : 0;
    clock.waveformNs = [...clock.waveformNs.slice(1).map((edge) => edge - offset), first - offset + clock.periodNs];
  }
}

function powerOfTwo(value: number): boolean {
  return value < 2 ** 31 && (value & (value - 1)) === 0;
}
