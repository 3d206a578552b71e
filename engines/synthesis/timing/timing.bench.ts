import { studio45 } from '../studio45/index.ts';
import { analyseTiming } from './analyse.ts';
import { everywhere, idealClock, noConstraints } from './constraints.ts';
import { randomNetlist } from './random-netlist.fixture.ts';
import type { Constraints } from './types.ts';

/** A case of `npm run bench`: each run answers with the milliseconds of what it times, warm-up and preparation left out. */
interface Bench {
  name: string;
  run(): Promise<number>;
}

const CELLS = 20_000;
/** The first runs are compiled while they run. */
const WARM_UPS = 4;
const options = { inputSlewNs: 0.02, outputLoadPf: 0.005, paths: 50, wire: { basePf: 0.001, perFanoutPf: 0.001 } };

function constraintsOf(more: Partial<Constraints> = {}): Constraints {
  return {
    ...noConstraints(),
    clocks: [idealClock('clk', 2)],
    inputDelays: Array.from({ length: 32 }, (_, i) => ({
      port: `in[${i}]`,
      clock: 'clk',
      clockEdge: 'rise' as const,
      delayNs: everywhere(0.2),
    })),
    outputDelays: Array.from({ length: 32 }, (_, i) => ({
      port: `out[${i}]`,
      clock: 'clk',
      clockEdge: 'rise' as const,
      delayNs: everywhere(0.2),
    })),
    ...more,
  };
}

async function timed(constraints: Constraints): Promise<number> {
  const library = studio45('typical');
  const design = randomNetlist(library, CELLS, 7);
  for (let warm = 0; warm < WARM_UPS; warm++) analyseTiming(design, library, constraints, options);
  const from = performance.now();
  analyseTiming(design, library, constraints, options);
  return performance.now() - from;
}

export const benches: Bench[] = [
  { name: 'timing: 20,000 cells, one clock', run: () => timed(constraintsOf()) },
  {
    name: 'timing: 20,000 cells, with exceptions that paths remember',
    run: () =>
      timed(
        constraintsOf({
          exceptions: [
            {
              kind: 'false-path',
              from: { points: [{ kind: 'port', name: 'in[3]' }], clocks: [], instances: [] },
              through: [],
              setup: true,
              hold: true,
              value: 0,
            },
            {
              kind: 'multicycle',
              through: [{ points: [], clocks: [], instances: ['g100', 'g2000'] }],
              setup: true,
              hold: false,
              value: 2,
            },
          ],
        }),
      ),
  },
];
