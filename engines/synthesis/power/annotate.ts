import type { Problem } from '../../core/result.ts';
import type { GateNetlist } from '../gates/types.ts';
import type { RecordedBit, Recording } from './types.ts';

const SHOWN = 20;

export interface Annotation {
  /** Recorded bit of each net that has one with known values. */
  byNet: Map<number, RecordedBit>;
  /** Path of the design's instance in the recording, as found or given. */
  instance: string;
  unmatched: string[];
  problems: Problem[];
}

/**
 * Finds the net of each recorded bit by the user's names of nets: the path below the design's instance must be an alias ("u_alu.sum[3]").
 * Where the instance is not given it is the path below which most nets have their names; the shortest, then the first in the alphabet,
 * among equals.
 */
export function annotate(design: GateNetlist, recording: Recording): Annotation {
  const nets = new Map<string, number>();
  for (const [net, { name, aliases }] of design.nets.entries()) {
    for (const alias of aliases.length > 0 ? aliases : [name.replaceAll('/', '.')]) {
      if (!nets.has(alias)) nets.set(alias, net);
    }
  }
  for (const { name, net } of design.ports) if (net >= 0) nets.set(name, net);
  const netOf = (path: string) => nets.get(path) ?? nets.get(withoutIndex(path));
  const problems: Problem[] = [];
  const instance = recording.instance !== '' ? recording.instance : bestInstance(recording.bits, netOf, problems);
  const prefix = instance === '' ? '' : `${instance}.`;
  const byNet = new Map<number, RecordedBit>();
  const unmatched: string[] = [];
  let never = 0;
  for (const bit of recording.bits) {
    const path = plain(bit.path);
    if (!path.startsWith(prefix)) continue;
    const net = netOf(path.slice(prefix.length));
    if (net === undefined) unmatched.push(bit.path);
    else if (bit.highNs + bit.lowNs <= 0) never++;
    else if (!byNet.has(net)) byNet.set(net, bit);
  }
  if (byNet.size === 0) {
    problems.push({
      code: 'power-nothing-recorded',
      severity: 'warning',
      what:
        instance === ''
          ? 'No recorded name is the name of a net of the design.'
          : `Below '${instance}' no recorded name is the name of a net of the design.`,
      remedy: 'Record the design that is mapped, or name the path of its instance in the recording.',
    });
  }
  if (never > 0) {
    problems.push({
      code: 'power-always-unknown',
      severity: 'note',
      what: `${never} recorded bits were never 0 or 1; their activity is propagated from the others.`,
    });
  }
  return { byNet, instance, unmatched: unmatched.slice(0, SHOWN), problems };
}

function bestInstance(
  bits: readonly RecordedBit[],
  netOf: (path: string) => number | undefined,
  problems: Problem[],
): string {
  const found = new Map<string, Set<number>>();
  for (const bit of bits) {
    const path = plain(bit.path);
    for (let dot = -1; ; ) {
      const net = netOf(path.slice(dot + 1));
      if (net !== undefined) {
        const instance = path.slice(0, Math.max(0, dot));
        const set = found.get(instance) ?? new Set();
        found.set(instance, set.add(net));
      }
      dot = path.indexOf('.', dot + 1);
      if (dot < 0) break;
    }
  }
  const ranked = [...found].sort(([a, x], [b, y]) => y.size - x.size || a.length - b.length || (a < b ? -1 : 1));
  const best = ranked[0];
  if (!best) return '';
  const equal = ranked.filter(([path, { size }]) => size === best[1].size && path !== best[0]);
  if (equal.length > 0) {
    problems.push({
      code: 'power-several-instances',
      severity: 'warning',
      what: `The names of the design fit '${best[0]}' and ${equal.map(([path]) => `'${path}'`).join(', ')} equally; '${best[0]}' is taken.`,
      remedy: 'Name the path of the instance whose activity is meant.',
    });
  }
  return best[0];
}

/** Without the backslash and the blank of escaped names. */
function plain(path: string): string {
  return path.includes('\\') ? path.replace(/\\([^\s.]+) ?/g, '$1') : path;
}

/** A vector of one bit goes by its name alone in a netlist. */
function withoutIndex(path: string): string {
  return path.endsWith(']') ? path.slice(0, path.lastIndexOf('[')) : '';
}
