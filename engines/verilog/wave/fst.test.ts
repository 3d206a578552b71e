import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import golden from './fst.golden.json';
import { UnpackError, unpackFastLz, unpackLz4 } from './lz.ts';
import { changesOf, contentsOf, loadFst, loadVcd } from './waves.fixture.ts';

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
const expected = loadVcd(gunzipSync(bytesOf(golden.vcd))).then(({ database }) => contentsOf(database));

describe('reading FST', () => {
  it.each(['vvp', 'vvpSpace', 'lz4', 'fastLz', 'zlib'] as const)(
    'as %s packs it gives what the dump gives',
    async (form) => {
      const { database, problems } = await loadFst(bytesOf(golden[form]));
      expect(problems).toEqual([]);
      expect(contentsOf(database)).toEqual(await expected);
      expect(database.info).toMatchObject({ timescale: -10, version: 'Icarus Verilog' });
      expect(database.gaps).toEqual([{ from: 2120, to: 3150 }]);
      expect(database.endTime).toBe(6150);
    },
  );

  it('keeps what comes before the place where a file is cut off or broken, and never fails otherwise', async () => {
    const whole = bytesOf(golden.vvp);
    for (let length = 0; length < whole.length; length += 23) {
      const { problems } = await loadFst(whole.slice(0, length));
      expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
    }
    for (let at = 0; at < whole.length; at += 5) {
      const broken = whole.slice();
      broken[at]! ^= 0x55;
      const { problems } = await loadFst(broken);
      for (const { what } of problems) expect(what).toMatch(/\.$/);
    }
  });

  it('refuses a block that announces more than it can hold', async () => {
    const file = fileOf({ hierarchy: scopeOf(variable(16, 'a', 1)), announced: 1e12, lengths: [1], packing: 0x5a });
    const { problems } = await loadFst(file);
    expect(problems).toMatchObject([{ code: 'broken-fst', severity: 'error' }]);
    expect(problems[0]!.what).toContain('1000000000000');
  });

  it.each([
    [1, [...varint((1 << 1) | 1), ...varint(0), ...varint(1), ...varint(1 << 1)]],
    [5, [...varint((1 << 1) | 1), ...varint(0), ...varint(1), ...varint(1 << 1)]],
    [8, [...varint((1 << 1) | 1), 0b1111101, 1, ...varint(1 << 1)]],
  ])('knows the index of blocks of kind %i', async (kind, index) => {
    // Signal 1 changes; signal 2 as signal 1; the third does not. In the first form there are no aliases.
    const plain = kind === 1 ? [...varint((1 << 1) | 1), ...varint(2 << 1)] : index;
    const table = kind === 8 ? [...varint((1 << 1) | 1), 0x7f, ...varint(1 << 1)] : plain;
    const file = fileOf({
      kind,
      hierarchy: scopeOf(variable(16, 'a', 2), variable(16, 'b', 2), variable(16, 'c', 2)),
      lengths: [2, 2, 2],
      times: [10, 5],
      chains: [0, ...varint(0 << 1), 0b01000000, ...varint((1 << 1) | 1), 0x78, 0x31],
      table,
      packing: 0x5a,
    });
    const { database, problems } = await loadFst(file);
    expect(problems).toEqual([]);
    expect(changesOf(database, 't.a')).toEqual(['10=01', '15=x1']);
    expect(changesOf(database, 't.b')).toEqual(kind === 1 ? [] : ['10=01', '15=x1']);
    expect(changesOf(database, 't.c')).toEqual([]);
  });

  it('reads a list of signals packed twice, enumerations, texts, sources and shared values', async () => {
    const hierarchy = [
      ...attribute(3, 'rtl/t.v', 1),
      ...attribute(4, '\x01', 12),
      ...scopeOf(
        attribute(7, 'state_t 2 IDLE BUSY 0 1', 1),
        attribute(7, '', 1),
        variable(23, 'state', 1),
        variable(21, 'text', 0),
        variable(5, 'same', 1, 1),
      ),
    ];
    const file = fileOf({
      hierarchy,
      twice: true,
      lengths: [1, 0xffffffff],
      times: [0, 3],
      chains: [0, ...varint((1 << 2) | (1 << 1)), 0, ...varint(0), 2, 0x6f, 0x6b],
      table: [...varint((1 << 1) | 1), ...varint((2 << 1) | 1)],
      packing: 0x34,
    });
    const { database, problems } = await loadFst(file);
    expect(problems).toEqual([]);
    expect(database.enums[database.find('t.state')!.enumType!]).toEqual({
      name: 'state_t',
      members: [
        { name: 'IDLE', a: 0n, b: 0n },
        { name: 'BUSY', a: 1n, b: 0n },
      ],
    });
    expect(database.scopes[0]).toMatchObject({ name: 't', at: { file: 'rtl/t.v', line: 12 } });
    expect(changesOf(database, 't.same')).toEqual(['3=1']);
    expect(changesOf(database, 't.text')).toEqual(['0="ok"']);
  });
});

describe('unpacking', () => {
  it('LZ4 copies what overlaps itself', () => {
    const packed = Uint8Array.of(0x3f, 97, 98, 99, 3, 0, 5, 0x10, 33);
    expect(new TextDecoder().decode(unpackLz4(packed, 28))).toBe(`${'abc'.repeat(9)}!`);
    expect(() => unpackLz4(packed, 40)).toThrow(UnpackError);
    expect(() => unpackLz4(Uint8Array.of(0x10, 97, 9, 0), 9)).toThrow(UnpackError);
  });

  it('FastLZ knows both levels', () => {
    const first = Uint8Array.of(2, 97, 98, 99, 0xe0, 18, 2, 0, 33);
    expect(new TextDecoder().decode(unpackFastLz(first, 31))).toBe(`${'abc'.repeat(10)}!`);
    const second = Uint8Array.of(0x22, 97, 98, 99, 0xe0, 255, 3, 2, 0, 33);
    expect(new TextDecoder().decode(unpackFastLz(second, 271))).toBe(`${'abc'.repeat(90)}!`);
    expect(() => unpackFastLz(second, 100)).toThrow(UnpackError);
  });
});

const installed = spawnSync('vvp', ['-V']).status === 0 && spawnSync('iverilog', ['-V']).status === 0;
if (installed) {
  it('agrees with the dump of the same run of Icarus Verilog', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'waves-'));
    try {
      const source = `
        module mem #(parameter N = 8)(input clk, input [N-1:0] d);
          reg [N-1:0] store [0:3]; reg [1:0] at = 0; integer count = -2; time last; wire [N-1:0] out = at == 2 ? 'bz : store[at];
          always @(posedge clk) begin store[at] <= d; at <= at + 1; count = count + 1; last = $time; end
        endmodule
        module top; reg clk = 0; reg [99:0] wide = 1; real level = 0; supply1 one; event go;
          mem #(.N(16)) m(clk, wide[20:5]);
          always #3 clk = ~clk;
          always @(negedge clk) begin wide = {wide[98:0], wide[99] ^ wide[36]}; level = level + 0.125; if (wide[4]) -> go; end
          initial begin $dumpfile("run.out"); $dumpvars(0, top); #40 $dumpoff; #7 $dumpon; #2000 $finish; end
        endmodule`;
      writeFileSync(join(folder, 'run.v'), source);
      const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: folder, stdio: 'pipe' });
      run('iverilog', '-o', 'run.vvp', 'run.v');
      run('vvp', 'run.vvp');
      const dump = await loadVcd(readFileSync(join(folder, 'run.out')));
      run('vvp', 'run.vvp', '-fst');
      const fst = await loadFst(readFileSync(join(folder, 'run.out')));
      expect([dump.problems, fst.problems]).toEqual([[], []]);
      expect(contentsOf(fst.database)).toEqual(contentsOf(dump.database));
      expect(fst.database.gaps).toEqual(dump.database.gaps);
      expect(fst.database.endTime).toBe(dump.database.endTime);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

// ------------------------------------------------------------------------------------------------ A small file by hand

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const part = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? part | 128 : part);
  } while (rest > 0);
  return bytes;
}

function long(value: number): number[] {
  return Array.from({ length: 8 }, (_, place) => Math.floor(value / 256 ** (7 - place)) % 256);
}

const ascii = (text: string) => [...text].map((sign) => sign.charCodeAt(0));
const variable = (kind: number, name: string, length: number, alias = 0) => [
  kind,
  0,
  ...ascii(name),
  0,
  ...varint(length),
  ...varint(alias),
];
const attribute = (subtype: number, name: string, argument: number) => [
  252,
  0,
  subtype,
  ...ascii(name),
  0,
  ...varint(argument),
];
const scopeOf = (...entries: number[][]) => [254, 0, ...ascii('t'), 0, 0, ...entries.flat(), 255];

interface Parts {
  kind?: number;
  hierarchy: number[];
  twice?: boolean;
  announced?: number;
  lengths: number[];
  times?: number[];
  chains?: number[];
  table?: number[];
  packing: number;
}

function fileOf({
  kind = 8,
  hierarchy,
  twice,
  lengths,
  times = [0],
  chains = [],
  table = [],
  packing,
  announced,
}: Parts): Uint8Array {
  const e = new Uint8Array(new Float64Array([Math.E]).buffer);
  const block = (tag: number, body: number[]) => [tag, ...long(body.length + 8), ...body];
  const end = times.reduce((sum, time) => sum + time, 0);
  const info = [...long(1), ...long(lengths.length), ...long(lengths.length), ...long(1), 0xf7];
  const header = [...long(times[0]!), ...long(end), ...e, ...long(0), ...info, ...Array(256).fill(0), 0, ...long(0)];
  const steps = times.flatMap(varint);
  const changes = [
    ...[...long(times[0]!), ...long(end), ...long(100)],
    ...[...varint(0), ...varint(0), ...varint(0), ...varint(lengths.length), packing],
    ...[...chains, ...table, ...long(table.length), ...steps],
    ...[...long(steps.length), ...long(steps.length), ...long(times.length)],
  ];
  const geometry = lengths.flatMap(varint);
  const literals = (bytes: number[]) => {
    const more = bytes.length - 15;
    return more < 0
      ? [bytes.length << 4, ...bytes]
      : [0xf0, ...Array(Math.floor(more / 255)).fill(255), more % 255, ...bytes];
  };
  const once = literals(hierarchy);
  const list = twice
    ? block(7, [...long(hierarchy.length), ...varint(once.length), ...literals(once)])
    : block(4, [...long(announced ?? hierarchy.length), ...zlibSync(Uint8Array.from(hierarchy))]);
  return Uint8Array.from([
    ...block(0, header),
    ...block(kind, changes),
    ...block(3, [...long(geometry.length), ...long(lengths.length), ...geometry]),
    ...list,
  ]);
}
