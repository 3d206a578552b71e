import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runYosys } from '../synthesis/yosys.ts';
import { compileSource } from '../verilog/front-end.ts';
import { benchOf, circuit } from '../verilog/print/lower.fixture.ts';
import { lowerDesign } from '../verilog/print/lower.ts';
import { simulate } from '../verilog/run/simulate.fixture.ts';

const STEPS = 24;
const COUNT = 16;

function lowered(text: string, top: string): string {
  const { elaborated, problems } = compileSource(
    {
      files: ['t.sv'],
      tops: [top],
      defines: {},
      includeDirs: [],
      parameters: {},
      libraryDirs: [],
      librarySuffixes: [],
      separateUnits: false,
      delays: 'typ',
      specify: false,
    },
    () => text,
  );
  const design = elaborated?.design;
  if (!design) throw new Error(JSON.stringify(problems));
  const result = lowerDesign(design, design.tops[0]!);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value.text;
}

async function gatesOf(text: string): Promise<string> {
  const run = await runYosys({
    script: [
      'read_verilog low.v',
      'proc',
      'opt_expr',
      'opt_clean',
      'memory -nordff',
      'techmap',
      'opt -fast',
      'abc -g AND,OR,XOR,MUX',
      'opt_clean',
      'write_verilog -noattr',
      '',
    ].join('\n'),
    files: { 'low.v': text },
    quiet: true,
  });
  if (run.exit !== 0) throw new Error(run.log.join('\n'));
  return new TextDecoder().decode(run.output);
}

describe('lowered and synthesised', () => {
  it('random circuits do the same as gates, in every bit that is known before', async () => {
    const names = Array.from({ length: COUNT }, (_, i) => `m${i}`);
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const [modules = []] = fc.sample(fc.tuple(...names.map(circuit)), { numRuns: 1, seed });
        const bench = benchOf(names, STEPS);
        const before = simulate([...modules, bench].join('\n')).text;
        const plain = modules.map((text, i) => lowered(text, names[i]!)).join('\n');
        const between = simulate(plain + bench).text;
        const after = simulate((await gatesOf(plain)) + bench).text;
        const own = before.split('\n');
        for (const [what, text] of Object.entries({ lowered: between, gates: after })) {
          const other = text.split('\n');
          expect(other.length).toBe(own.length);
          own.forEach((line, i) => {
            const known = [...line]
              .map((bit, at) => (bit === 'x' || bit === 'z' ? (other[i]![at] ?? '') : bit))
              .join('');
            const step = Math.floor(i / COUNT);
            if (known !== other[i])
              throw new Error(`${what}, step ${step}: ${other[i]} for ${line}\n${modules[i % COUNT]}`);
          });
        }
        expect(before).toMatch(/1/);
      }),
      { numRuns: 1, endOnFailure: true },
    );
  });
});
