import type { RecordedBit, Recording } from './types.ts';

/** Scales of time, coarsest first. */
const SCALES = [
  { name: '1 ns', perNs: 1 },
  { name: '100 ps', perNs: 10 },
  { name: '10 ps', perNs: 100 },
  { name: '1 ps', perNs: 1e3 },
  { name: '100 fs', perNs: 1e4 },
  { name: '10 fs', perNs: 1e5 },
  { name: '1 fs', perNs: 1e6 },
];

interface Scope {
  scopes: Map<string, Scope>;
  bits: { name: string; bit: RecordedBit }[];
}

/**
 * Writes activities as a backward SAIF file (2.0). Times are whole numbers of the coarsest scale in which all are, and decimals of ns where
 * none is fine enough; reading gives the same recording.
 * @param options `design`: name of the design; `program`: what wrote it
 */
export function writeSaif(recording: Recording, options: { design: string; program: string; version: string }): string {
  const { durationNs, bits } = recording;
  const times = [durationNs, ...bits.flatMap(({ highNs, lowNs, unknownNs }) => [highNs, lowNs, unknownNs])];
  const scale = SCALES.find(({ perNs }) => times.every((ns) => Math.round(ns * perNs) / perNs === ns));
  const time = (ns: number) => (scale ? String(Math.round(ns * scale.perNs)) : String(ns));

  const root: Scope = { scopes: new Map(), bits: [] };
  for (const bit of bits) {
    const parts = bit.path.split('.');
    // Nets stand in instances only.
    if (parts.length === 1) parts.unshift(recording.instance || options.design || 'top');
    const name = parts.pop()!;
    let scope = root;
    for (const part of parts) {
      let inner = scope.scopes.get(part);
      if (!inner) {
        inner = { scopes: new Map(), bits: [] };
        scope.scopes.set(part, inner);
      }
      scope = inner;
    }
    scope.bits.push({ name, bit });
  }

  const lines = [
    '(SAIFILE',
    '(SAIFVERSION "2.0")',
    '(DIRECTION "backward")',
    `(DESIGN "${quoted(options.design)}")`,
    `(PROGRAM_NAME "${quoted(options.program)}")`,
    `(VERSION "${quoted(options.version)}")`,
    '(DIVIDER / )',
    `(TIMESCALE ${scale?.name ?? '1 ns'})`,
    `(DURATION ${time(durationNs)})`,
  ];
  const write = (name: string, { scopes, bits: own }: Scope, indent: string): void => {
    lines.push(`${indent}(INSTANCE ${escaped(name)}`);
    if (own.length > 0) {
      lines.push(`${indent}  (NET`);
      for (const { name: net, bit } of own) {
        const { highNs, lowNs, unknownNs, toggles } = bit;
        lines.push(
          `${indent}    (${escaped(net)} (T0 ${time(lowNs)}) (T1 ${time(highNs)}) (TX ${time(unknownNs)}) (TC ${toggles}) (IG 0))`,
        );
      }
      lines.push(`${indent}  )`);
    }
    for (const [inner, scope] of scopes) write(inner, scope, `${indent}  `);
    lines.push(`${indent})`);
  };
  for (const [name, scope] of root.scopes) write(name, scope, '');
  lines.push(')', '');
  return lines.join('\n');
}

function escaped(name: string): string {
  return name.replace(/[^\w$]/g, '\\$&');
}

function quoted(text: string): string {
  return text.replace(/["\n]/g, ' ');
}
