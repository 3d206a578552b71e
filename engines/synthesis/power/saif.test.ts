import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activitiesOf } from './activity.ts';
import { clock, constraints, netlist } from './gates.fixture.ts';
import { recordingFrom } from './recording.ts';
import { readSaif } from './saif.ts';
import { writeSaif } from './saif-write.ts';
import type { Recording } from './types.ts';

const OPTIONS = { design: 'top', program: 'test', version: '1' };

function read(text: string) {
  const found = readSaif(text, 'a.saif');
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.value;
}

const EXAMPLE = `// written by hand
(SAIFILE
 (SAIFVERSION "2.0")
 (DIRECTION "backward")
 (DESIGN "tb")
 (DATE "Mon Jan 1")
 (VENDOR "none") (PROGRAM_NAME "hand") (VERSION "1")
 (DIVIDER / )
 (TIMESCALE 10 ps)
 (DURATION 1000.00)
 (INSTANCE "tb" tb
  /* nets
     and ports */
  (INSTANCE dut
   (PORT (clk (T0 500) (T1 500) (TX 0) (TC 200) (IG 0)))
   (NET
    (clk (T0 500) (T1 500) (TX 0) (TC 200) (IG 0))
    (count\\[3\\] (T0 700) (T1 200) (TX 60) (TZ 40) (TC 7))
    (u1/n (T0 1000) (T1 0) (TC 0))
    (odd\\/name (T0 1000))
   )
   (INSTANCE gen\\[0\\] (NET (plain[1] (T1 1000)))
    (PORT (y (COND a (RISE) (IOPATH b (TC 3))) (T0 1000)))
   )
  )
 )
)
`;

describe('SAIF', () => {
  it('is read: instances, escapes, buses, times, counts', () => {
    const { recording, design, program, problems } = read(EXAMPLE);
    expect(design).toBe('tb');
    expect(program).toBe('hand');
    expect(recording.durationNs).toBe(10);
    expect(recording.bits).toEqual([
      { path: 'tb.dut.clk', highNs: 5, lowNs: 5, unknownNs: 0, toggles: 200 },
      { path: 'tb.dut.count[3]', highNs: 2, lowNs: 7, unknownNs: 1, toggles: 7 },
      { path: 'tb.dut.u1.n', highNs: 0, lowNs: 10, unknownNs: 0, toggles: 0 },
      { path: 'tb.dut.odd/name', highNs: 0, lowNs: 10, unknownNs: 0, toggles: 0 },
      { path: 'tb.dut.gen[0].plain[1]', highNs: 10, lowNs: 0, unknownNs: 0, toggles: 0 },
      { path: 'tb.dut.gen[0].y', highNs: 0, lowNs: 10, unknownNs: 0, toggles: 0 },
    ]);
    expect(problems).toEqual([expect.objectContaining({ code: 'saif-passed-over', severity: 'note' })]);
  });

  it.each([
    ['(SAIFILE\n(DURATION x))', 'saif-number', 2],
    ['(SAIFILE\n(DURATION 1)\n(TIMESCALE 3 ns))', 'saif-timescale', 3],
    ['(SAIFILE\n(DIRECTION "forward"))', 'saif-direction', 2],
    ['(SAIFILE (SAIFVERSION "9"))', 'saif-version', 1],
    ['(SAIFILE\n(DURATION 1)\n(INSTANCE a\n(NET (n (T0 -1)))))', 'saif-number', 4],
    ['(SAIFILE\n(DURATION 1)\n(INSTANCE a\n(NET (n (T0 1))', 'saif-syntax', 4],
    ['(SAIFILE\n(DURATION 1)\n(INSTANCE (a)))', 'saif-syntax', 3],
    ['(SAIFILE\n(DURATION 1))\n)', 'saif-syntax', 3],
    ['(SAIFILE\n(DESIGN "a', 'saif-syntax', 2],
    ['(SAIFILE\n(LIBRARY (x)', 'saif-syntax', 2],
    ['$date\n', 'saif-syntax', 1],
    ['', 'saif-syntax', 1],
    ['(SAIFILE\n(INSTANCE a))', 'saif-no-duration', 2],
    ['(SAIFILE (DURATION 0))', 'saif-no-duration', 1],
  ])('that is broken says where: %j', (text, code, line) => {
    const found = readSaif(text, 'a.saif');
    expect(found.ok ? [] : found.problems).toEqual([
      expect.objectContaining({ code, where: { file: 'a.saif', line } }),
    ]);
  });

  it('warns of names that stand twice and of times that do not add up', () => {
    const { problems, recording } = read(
      '(SAIFILE (DURATION 100)\n(INSTANCE a (NET (n (T0 60) (T1 40))\n(n (T0 50) (T1 50))\n(m (T0 5)))))',
    );
    expect(recording.bits.map(({ highNs }) => highNs)).toEqual([40, 0]);
    expect(problems.map(({ code, where }) => [code, where?.line])).toEqual([
      ['saif-twice', 3],
      ['saif-times', 4],
    ]);
  });

  const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !/[.\s]/.test(text) && !text.startsWith('/'));
  const recordings = (ns: fc.Arbitrary<number>) =>
    fc
      .tuple(
        ns.filter((value) => value > 0),
        fc.uniqueArray(
          fc.record({
            path: fc.array(name, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('.')),
            highNs: ns,
            lowNs: ns,
            unknownNs: ns,
            toggles: fc.nat(),
          }),
          { selector: ({ path }) => path, maxLength: 8 },
        ),
      )
      .map(([durationNs, bits]): Recording => ({ durationNs, instance: '', bits }));
  const sorted = ({ bits, ...rest }: Recording) => ({
    ...rest,
    bits: [...bits].sort((a, b) => (a.path < b.path ? -1 : 1)),
  });

  it('reads what it writes, whatever the scale of time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }).chain((digits) => recordings(fc.nat().map((n) => n / 10 ** digits))),
        (recording) => {
          const text = writeSaif(recording, OPTIONS);
          expect(sorted(read(text).recording)).toEqual(sorted(recording));
          expect(text).not.toMatch(/T[01X] \d*\./);
        },
      ),
    );
    fc.assert(
      fc.property(recordings(fc.double({ min: 0, max: 1e9, noNaN: true })), (recording) => {
        expect(sorted(read(writeSaif(recording, OPTIONS)).recording)).toEqual(sorted(recording));
      }),
    );
  });

  it('answers any text with a result', () => {
    const soup = fc.array(
      fc.constantFrom('(', ')', 'SAIFILE', 'INSTANCE', 'NET', 'T0', '1', '"', '\\', 'a', '\n', '/*', '//', ' '),
    );
    fc.assert(fc.property(soup, (parts) => typeof readSaif(`(SAIFILE ${parts.join(' ')}`).ok === 'boolean'));
  });

  it('carries propagated activities, which come back as they were', () => {
    const design = netlist('clk a b : y', ['u1 AND2 A=a B=b Y=n', 'u2 DFF D=n CK=clk Q=y']);
    const given = constraints([clock('clk', 2)]);
    const found = activitiesOf(design, given, { mode: 'vectorless', inputToggles: 0.5, inputProbability: 0.25 });
    const text = writeSaif(recordingFrom(design, found, 2 ** 20), OPTIONS);
    expect(text).toContain('(n (T0 983040) (T1 65536) (TX 0) (TC 131072) (IG 0))');
    const { recording } = read(text);
    const again = activitiesOf(design, given, { mode: 'recorded', inputToggles: 0, inputProbability: 0, recording });
    expect([...again.togglesPerNs]).toEqual([...found.togglesPerNs]);
    expect([...again.probability]).toEqual([...found.probability]);
    expect(again.summary.annotatedPercent).toBe(100);
  });
});
