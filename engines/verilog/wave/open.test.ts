import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import { wavesEntry } from '../entries/waves.ts';
import { WaveDatabase } from './database.ts';
import golden from './fst.golden.json';
import { waveFormat } from './open.ts';
import { changesOf } from './waves.fixture.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('opening a file of waves', () => {
  it('tells the formats apart', () => {
    const fst = Uint8Array.from(Buffer.from(golden.vvp, 'base64'));
    const packed = Uint8Array.from(Buffer.from(golden.vvpSpace, 'base64'));
    expect(
      [fst, packed, bytes('\n $date today'), bytes('#0'), bytes('GHDLwave\n'), bytes('module m;')].map(waveFormat),
    ).toEqual(['fst', 'fst', 'vcd', 'vcd', 'ghw', 'unknown']);
  });

  it('streams what it reads, and answers with all of it', async () => {
    const seen: unknown[] = [];
    const job = inlineJob({ onProgress: (_, __, partial) => partial && seen.push(partial) });
    const content = bytes('$var wire 1 ! a $end\n$enddefinitions $end\n#0\n0!\n#5\n1!\n#7\n?\n');
    const result = await wavesEntry({ name: 'a.vcd', content }, job);
    expect(result.ok && result.value.problems.map(({ code }) => code)).toEqual(['unknown-word']);
    const database = new WaveDatabase();
    for (const delta of result.ok ? result.value.waves : []) database.append(delta);
    expect(changesOf(database, 'a')).toEqual(['0=0', '5=1']);
    expect(database).toMatchObject({ incomplete: false, endTime: 7 });
    expect(seen).toHaveLength(1);
  });

  it('refuses what it cannot read, with a way out', async () => {
    const result = await wavesEntry({ name: 'x.ghw', content: bytes('GHDLwave\n\0') }, inlineJob());
    expect(result).toMatchObject({
      ok: false,
      problems: [{ code: 'not-supported', remedy: expect.stringContaining('.vcd') }],
    });
    expect(await wavesEntry({ name: 'm.v', content: bytes('module m; endmodule') }, inlineJob())).toMatchObject({
      ok: false,
    });
  });
});
