import { type Bench, calibrate, runBenches } from './harness.ts';

/** Files named *.bench.ts export `benches`. Those of engines run in Node, most of those beside this file in the browser. */
const files = import.meta.glob<{ benches: Bench[] }>(['../../engines/**/*.bench.ts', './*.bench.ts']);

export async function main(filters: string[]): Promise<number> {
  console.log(`calibration kernel: ${calibrate().toFixed(1)} ms (reference 100 ms)`);
  let missed = 0;
  for (const load of Object.values(files)) {
    const { benches } = await load();
    const chosen = benches.filter(
      ({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)),
    );
    missed += await runBenches(chosen, (line) => console.log(line));
  }
  if (missed > 0) console.log(`${missed} limits were not kept.`);
  return missed > 0 ? 1 : 0;
}
