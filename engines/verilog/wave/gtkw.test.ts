import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGtkw, writeGtkw } from './gtkw.ts';
import { MinMax } from './summary.ts';
import type { WaveViewState } from './view.ts';
import { loadVcd } from './waves.fixture.ts';

const DUMP = `$timescale 1ns $end $scope module top $end $var wire 1 ! clk $end $var reg 64 " ct [1:64] $end
$var real 1 # r $end $scope module u1 $end $var reg 8 $ \\mem[1] [7:0] $end $upscope $end $upscope $end
$enddefinitions $end #0 0! #1000 1!\n`;

describe("GTKWave's save files", () => {
  it('are read: names, radices, groups, colours, markers, zoom', async () => {
    const { database } = await loadVcd(DUMP);
    const text = `[*]
[*] GTKWave Analyzer v3.3.51 (w)1999-2013 BSI
[dumpfile] "/somewhere/des.fst"
[timestart] 200
[size] 1280 600
*-6.000000 310 -1 40 -1
[sst_width] 220
@28
[color] 1
top.clk
@c00200
-Inside
@88420
top.ct[1:64]
@22
top.u1.\\mem[1][7:0]
@1000200
-Inside
@820
+{other name} top.ct[8:15]
top.gone[3:0]
^1 filter.txt
[pattern_trace] 1
`;
    const { view, dumpFile, problems } = readGtkw(text, 'des.gtkw', database);
    expect(dumpFile).toBe('/somewhere/des.fst');
    expect(view.signals).toEqual([
      { path: 'top.clk', radix: 'binary', colour: 6, group: undefined },
      { path: 'top.ct', radix: 'signed', analog: 'step', group: 'Inside', colour: undefined },
      { path: 'top.u1.mem[1]', radix: 'hex', group: 'Inside', colour: undefined },
      { path: 'top.ct[8:15]', radix: 'ascii', group: undefined, colour: undefined },
    ]);
    expect(view).toMatchObject({ cursors: [310, 40], collapsed: ['Inside'], from: 200 });
    // 64 units over 200 pixels, of which there are 820.
    expect(view.to - view.from).toBeCloseTo((64 / 200) * 820, 6);
    expect(problems.map(({ code, where }) => [code, where?.line])).toEqual([
      ['unknown-signal', 21],
      ['not-supported', 22],
    ]);
  });

  it('are written so that they come back', async () => {
    const { database } = await loadVcd(DUMP);
    const view: WaveViewState = {
      signals: [
        { path: 'top.clk', radix: 'binary', colour: 3 },
        { path: 'top.ct', radix: 'unsigned', group: 'A' },
        { path: 'top.u1.mem[1]', radix: 'octal', group: 'A', analog: 'linear' },
        { path: 'top.ct[1:4]', radix: 'float', group: 'B' },
        { path: 'top.clk', radix: 'binary' },
      ],
      cursors: [17, 900],
      from: 100,
      to: 350,
      collapsed: ['B'],
    };
    const { view: again, problems, dumpFile } = readGtkw(writeGtkw(view, database, 'run.vcd'), 'x.gtkw', database);
    expect(problems).toEqual([]);
    expect(dumpFile).toBe('run.vcd');
    expect(again).toMatchObject({ ...view, to: expect.closeTo(350, 2), signals: view.signals });
  });
});

describe('least and greatest of a stretch', () => {
  it('are those of its entries, also while the list grows', () => {
    const value = fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: undefined });
    const looks = fc.array(fc.tuple(fc.nat({ max: 900 }), fc.nat({ max: 900 }), fc.nat({ max: 900 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 900, size: 'max' }), looks, (values, asked) => {
        const summary = new MinMax((entry) => values[entry]);
        for (const [one, other, some] of asked.sort((first, second) => first[2] - second[2])) {
          const count = Math.min(some, values.length);
          const [from, to] = [Math.min(one, other), Math.max(one, other)];
          const inside = values
            .slice(0, count)
            .slice(from, to)
            .filter((each) => each !== undefined);
          const expected =
            inside.length > 0 ? { least: Math.min(...inside), greatest: Math.max(...inside) } : undefined;
          expect(summary.range(from, to, count)).toEqual(expected);
        }
      }),
    );
  });
});
