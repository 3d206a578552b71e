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
 * Where the instance is not given it is the path below which most nets have their names; among equals the one with the least that is not of
 * the design (a bench has signals like the ports, and much else), then the shortest path, then the first in the alphabet.
 */
export function annotate(design: GateNetlist, recording: Recording): Annotation {
  const nets = new Map<string, number>();
  for (const [net, { name, aliases }] of design.nets.entries()) {
    for (const alias of aliases.length > 0 ? aliases : [name.replaceAll('/', '.')]) {
      const path = plain(alias);
      if (!nets.has(path)) nets.set(path, net);
    }
  }
  for (const { name, net } of design.ports) if (net >= 0) nets.set(plain(name), net);
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
  const recorded = new Map([...found.keys()].map((instance) => [instance, 0]));
  for (const bit of bits) {
    const path = plain(bit.path);
    if (recorded.has('')) recorded.set('', recorded.get('')! + 1);
    for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      const instance = path.slice(0, dot);
      const count = recorded.get(instance);
      if (count !== undefined) recorded.set(instance, count + 1);
    }
  }
  const ranked = [...found]
    .map(([path, nets]) => ({ path, nets: nets.size, recorded: recorded.get(path)! }))
    .sort(
      (a, b) =>
        b.nets - a.nets || a.recorded - b.recorded || a.path.length - b.path.length || (a.path < b.path ? -1 : 1),
    );
  const best = ranked[0];
  if (!best) return '';
  const equal = ranked.filter(
    ({ path, nets, recorded: count }) => nets === best.nets && count === best.recorded && path !== best.path,
  );
  if (equal.length > 0) {
    problems.push({
      code: 'power-several-instances',
      severity: 'warning',
      what: `The names of the design fit '${best.path}' and ${equal.map(({ path }) => `'${path}'`).join(', ')} equally; '${best.path}' is taken.`,
      remedy: 'Name the path of the instance whose activity is meant.',
    });
  }
  return best.path;
}

/** Without the backslash and the blank of escaped names. */
function plain(path: string): string {
  return path.includes('\\') ? path.replace(/\\([^\s.]+) ?/g, '$1') : path;
}

/** A vector of one bit goes by its name alone in a netlist. */
function withoutIndex(path: string): string {
  return path.endsWith(']') ? path.slice(0, path.lastIndexOf('[')) : '';
}
