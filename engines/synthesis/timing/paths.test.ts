import fc from 'fast-check';
import { expect, it } from 'vitest';
import { analyseTiming, type TimingResult } from './analyse.ts';
import { everywhere, idealClock, noConstraints } from './constraints.ts';
import { handDesign, handLibrary } from './hand.fixture.ts';
import type { TimingException } from './types.ts';

const library = handLibrary();
const INPUTS = ['a', 'b', 'c'];

interface Drawn {
  type: 'INV' | 'NAND2' | 'XOR2' | 'BUF';
  from: number[];
}

const gates = fc.array(
  fc.record({
    type: fc.constantFrom('INV' as const, 'NAND2' as const, 'XOR2' as const, 'BUF' as const),
    from: fc.array(fc.nat(), { minLength: 2, maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 9 },
);

function netOf(place: number): string {
  return place < INPUTS.length ? (INPUTS[place] as string) : `n${place - INPUTS.length}`;
}

function build(drawn: Drawn[]) {
  const parts = drawn.map(({ type, from }, i): [string, string, Record<string, string>] => {
    const [a, b] = from.map((at) => netOf(at % (INPUTS.length + i)));
    const inputs: Record<string, string> =
      type === 'INV' || type === 'BUF' ? { A: a as string } : { A: a as string, B: b as string };
    return [`g${i}`, type, { ...inputs, Y: netOf(INPUTS.length + i) }];
  });
  const design = handDesign(
    library,
    ['clk', ...INPUTS],
    ['y'],
    [...parts, ['r', 'DFF', { D: netOf(INPUTS.length + drawn.length - 1), CK: 'clk', Q: 'y' }]],
  );
  return { design, parts };
}

/** Every path to the last gate, one by one: the points it passes and the time it takes. */
function allPaths(result: TimingResult, parts: ReturnType<typeof build>['parts']) {
  const found: { points: string[]; ns: number; edge: string }[] = [];
  const back = (net: string, edge: string, points: string[], ns: number, endEdge: string) => {
    if (INPUTS.includes(net)) {
      found.push({ points: [...points, `${net} ${edge}`], ns, edge: endEdge });
      return;
    }
    const i = parts.findIndex(([, , connections]) => connections.Y === net);
    const [name, , connections] = parts[i] as (typeof parts)[number];
    for (const arc of result.arcsOf(i)) {
      if (arc.toEdge !== edge) continue;
      const passed = [...points, `${name}/Y ${edge}`, `${name}/${arc.fromPin} ${arc.fromEdge}`];
      back(connections[arc.fromPin] as string, arc.fromEdge, passed, ns + arc.delayNs, endEdge);
    }
  };
  const last = (parts[parts.length - 1] as (typeof parts)[number])[2].Y as string;
  for (const edge of ['rise', 'fall']) back(last, edge, [], 0, edge);
  return found;
}

it('finds the worst of all paths, exactly those that exceptions leave', () => {
  fc.assert(
    fc.property(
      gates,
      fc.nat(),
      fc.nat(),
      fc.constantFrom(undefined, 'rise' as const, 'fall' as const),
      fc.constantFrom('', ...INPUTS),
      (drawn, first, second, edge, start) => {
        const { design, parts } = build(drawn);
        const through = [first, second].map((at) => parts[at % parts.length]?.[0] as string).sort();
        const [one, two] = [through[0] as string, through[1] as string];
        const ends = (instance: string) => ({
          points: [{ kind: 'pin' as const, instance, pin: 'Y' }],
          clocks: [],
          instances: [],
        });
        const cut: TimingException = {
          kind: 'false-path',
          from: start === '' ? undefined : { points: [{ kind: 'port', name: start }], clocks: [], instances: [] },
          through: one === two ? [{ ...ends(one), edge }] : [{ ...ends(one), edge }, ends(two)],
          setup: true,
          hold: true,
          value: 0,
        };
        const result = analyseTiming(
          design,
          library,
          {
            ...noConstraints(),
            clocks: [idealClock('clk', 1)],
            inputDelays: INPUTS.map((port) => ({
              port,
              clock: 'clk',
              clockEdge: 'rise' as const,
              delayNs: everywhere(0),
            })),
            exceptions: [cut],
          },
          { inputSlewNs: 0, outputLoadPf: 0, paths: 5, wire: { basePf: 0, perFanoutPf: 0 } },
        );
        const left = allPaths(result, parts).filter(({ points }) => {
          const at = (name: string, by?: string) =>
            points.findIndex((point) => point.startsWith(`${name} `) && (by === undefined || point.endsWith(by)));
          const early = at(`${one}/Y`, edge);
          // Points lie from the end to the start.
          const passes = early >= 0 && (one === two || (at(`${two}/Y`) >= 0 && at(`${two}/Y`) < early));
          return !(passes && (start === '' || at(start) >= 0));
        });
        const setup = result.checksOf(parts.length).find(({ role }) => role === 'setup');
        const least = left.map(({ ns, edge: end }) => 1 - ns - ((end === 'rise' ? setup?.riseNs : setup?.fallNs) ?? 0));
        const slack = result.report.endpoints.find(({ name }) => name === 'r/D')?.setupSlackNs ?? null;
        if (least.length === 0) expect(slack).toBeNull();
        else expect(slack).toBeCloseTo(Math.min(...least), 10);
        const path = result.report.setupPaths.find(({ end }) => end.name === 'r/D');
        if (slack !== null)
          expect(path?.points.reduce((sum, { delayNs }) => sum + delayNs, 0)).toBeCloseTo(path?.arrivalNs ?? -1, 10);
      },
    ),
    { numRuns: 150 },
  );
});
