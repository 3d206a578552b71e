import type { PreparedDesign, StateSignal } from './prepare.ts';

/**
 * Names for registers and memories of `gate` that have none of their own name in `gold`: those of registers of `gold` without a partner that
 * are as wide and start alike, in the order of the source. It is a guess for the equivalence passes to start from, and only that: a wrong pair
 * is not proved, and left out.
 */
export function guessPartners(gold: PreparedDesign, gate: PreparedDesign): Map<string, string> {
  const renamed = new Map<string, string>();
  const lonely = groupByForm(alone(gold, gate));
  for (const [form, names] of groupByForm(alone(gate, gold))) {
    const partners = lonely.get(form);
    if (partners?.length !== names.length) continue;
    names.forEach((name, index) => {
      renamed.set(name, partners[index]!);
    });
  }
  return renamed;
}

interface Held {
  name: string;
  form: string;
}

/** Registers whose name stands for nothing in the other version; of several names of the same bits, the first. */
function alone(design: PreparedDesign, other: PreparedDesign): Held[] {
  const taken = new Set([...Object.keys(other.module.netnames), ...other.registers.map(({ name }) => name)]);
  const words = new Map<string, StateSignal[]>();
  for (const signal of design.registers) {
    const known = words.get(signal.name);
    if (known) known.push(signal);
    else words.set(signal.name, [signal]);
  }
  const seen = new Set<string>();
  const found: Held[] = [];
  for (const [name, signals] of words) {
    const bits = JSON.stringify(design.module.netnames[name]?.bits ?? name);
    const hasPartner = taken.has(name);
    if (seen.has(bits)) continue;
    if (hasPartner) seen.add(bits);
    if (hasPartner || name in design.module.ports) continue;
    found.push({ name, form: signals.map(({ width, index, init }) => `${width} ${index ?? ''} ${init}`).join() });
  }
  return found.filter(({ name }) => !seen.has(JSON.stringify(design.module.netnames[name]?.bits ?? name)));
}

function groupByForm(held: readonly Held[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { name, form } of held) groups.set(form, [...(groups.get(form) ?? []), name]);
  return groups;
}
