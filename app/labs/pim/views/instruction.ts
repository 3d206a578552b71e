import { coreOf, formatInstruction, STAGES } from '../../../../engines/pim/listing.ts';
import { groupDigits } from '../../../ui/format.ts';
import { OP_NAMES } from '../readings/kinds.ts';
import type { Link, ShownProgram } from '../state.ts';
import { texts } from '../texts.ts';

const words = texts.instruction;

/** What an instruction belongs to, for every view that shows any of it. */
export function linkOfInstruction(shown: ShownProgram, instruction: number): Link {
  const { program } = shown;
  const known = (value: number | undefined) => (value === undefined || value < 0 ? undefined : value);
  return {
    instruction,
    core: coreOf(program, instruction),
    layer: known(program.layer[instruction]),
    replica: known(program.replica[instruction]),
    ag: known(program.ag[instruction]),
  };
}

/** A time in nanoseconds, exact. */
export function exactNs(ns: number): string {
  return `${groupDigits(String(Math.round(ns * 1000) / 1000))}\u202fns`;
}

/** Its operands as the listing writes them, without what it belongs to. */
export function operandsOf({ program }: ShownProgram, instruction: number): string {
  const text = formatInstruction(program, instruction);
  return text.slice(text.indexOf(' '), text.indexOf(' ; ')).trim();
}

/** Everything about an instruction, line by line. */
export function describeInstruction(shown: ShownProgram, instruction: number): [string, string][] {
  const { program, trace, network } = shown;
  const { layer, replica, ag, core } = linkOfInstruction(shown, instruction);
  const [start, end] = [trace.startNs[instruction] ?? 0, trace.endNs[instruction] ?? 0];
  const window = program.window[instruction] ?? -1;
  const optional = (name: string, value: number | undefined): [string, string][] =>
    value === undefined || value < 0 ? [] : [[name, String(value)]];
  return [
    [OP_NAMES[program.op[instruction]!] ?? '', operandsOf(shown, instruction)],
    [words.start, exactNs(start)],
    [words.end, exactNs(end)],
    [words.takes, exactNs(end - start)],
    ...(layer === undefined
      ? []
      : ([[words.layer, network.layers[layer]?.name ?? String(layer)]] as [string, string][])),
    [words.stage, STAGES[program.stage[instruction]!] ?? ''],
    ...optional(words.replica, replica === undefined ? undefined : replica + 1),
    ...optional(words.arrayGroup, ag),
    ...optional(words.window, window),
    [words.core, String(core)],
    [words.number, words.inGroup(instruction, program.group[instruction] ?? 0)],
  ];
}
