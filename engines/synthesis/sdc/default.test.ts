import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateNetlist } from '../gates/types.ts';
import type { Constraints } from '../timing/types.ts';
import { defaultSdc } from './default.ts';
import { readSdc } from './read.ts';
import { gates, smallLibrary } from './small.fixture.ts';

const LIBRARY = '/usr/share/qflow/tech/osu018/osu018_stdcells.lib';
const STA = '/usr/bin/sta';

function constraintsOf(design: GateNetlist, clockNs = 5): Constraints {
  const result = readSdc(defaultSdc(design, clockNs), design, smallLibrary());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  expect(result.value.problems).toEqual([]);
  return result.value.constraints;
}

const clocksOf = (design: GateNetlist) => constraintsOf(design).clocks.map((clock) => clock.name);

describe('default constraints', () => {
  it('put a clock on the port that clocks registers, and delays of 0 on all other ports', () => {
    const design = gates({
      inputs: 'clk rst d[1] d[0]',
      outputs: 'q',
      cells: ['DFFSR r CLK=clk D=d[0] R=rst S=rst Q=q'],
    });
    const { clocks, inputDelays, outputDelays, clockGroups } = constraintsOf(design, 2.5);
    expect(clocks).toMatchObject([
      { name: 'clk', periodNs: 2.5, waveformNs: [0, 1.25], sources: [{ kind: 'port', name: 'clk' }] },
    ]);
    expect(clockGroups).toEqual([]);
    const none = { minRise: 0, minFall: 0, maxRise: 0, maxFall: 0 };
    expect(inputDelays.map(({ port, clock, delayNs }) => [port, clock, delayNs])).toEqual([
      ['rst', 'clk', none],
      ['d[1]', 'clk', none],
      ['d[0]', 'clk', none],
    ]);
    expect(outputDelays.map(({ port, clock }) => [port, clock])).toEqual([['q', 'clk']]);
  });

  it('find clocks behind buffers, inverters, clock gates and latches', () => {
    expect(
      clocksOf(gates({ inputs: 'ck a', cells: ['INVX1 i A=ck Y=n', 'BUFX2 b A=n Y=m', 'DFFPOSX1 r CLK=m D=a Q=q'] })),
    ).toEqual(['ck']);
    expect(
      clocksOf(gates({ inputs: 'ck en a', cells: ['CKGATE g CLK=ck EN=en GCLK=n', 'DFFPOSX1 r CLK=n D=a Q=q'] })),
    ).toEqual(['ck']);
    expect(clocksOf(gates({ inputs: 'g a', cells: ['LATCH l CLK=g D=a Q=q'] }))).toEqual(['g']);
  });

  it('take the clock among the inputs of a gate when another register tells it, else all', () => {
    const gated = ['AND2X2 g A=ck B=en Y=n', 'DFFPOSX1 r CLK=n D=a Q=q'];
    expect(clocksOf(gates({ inputs: 'ck en a', cells: gated }))).toEqual(['ck', 'en']);
    expect(clocksOf(gates({ inputs: 'ck en a', cells: [...gated, 'DFFPOSX1 s CLK=ck D=a Q=p'] }))).toEqual(['ck']);
  });

  it('make several clocks asynchronous and time ports against each', () => {
    const design = gates({
      inputs: 'c[1] c[0] d',
      outputs: 'p q',
      cells: ['DFFPOSX1 r CLK=c[0] D=d Q=p', 'DFFPOSX1 s CLK=c[1] D=d Q=q'],
    });
    const { clocks, clockGroups, inputDelays, outputDelays } = constraintsOf(design);
    expect(clocks.map((clock) => clock.name)).toEqual(['c[1]', 'c[0]']);
    expect(clockGroups).toEqual([{ relation: 'asynchronous', groups: [['c[1]'], ['c[0]']] }]);
    expect(inputDelays.map(({ port, clock }) => [port, clock])).toEqual([
      ['d', 'c[1]'],
      ['d', 'c[0]'],
    ]);
    expect(outputDelays).toHaveLength(4);
  });

  it('name registers that are clocked from inside', () => {
    const design = gates({
      inputs: 'clk d',
      outputs: 'q',
      cells: ['DFFPOSX1 div CLK=clk D=d Q=n', 'DFFPOSX1 r CLK=n D=d Q=q'],
    });
    expect(clocksOf(design)).toEqual(['clk']);
    expect(defaultSdc(design, 1)).toContain('#   div/Q');
  });

  it('time designs without registers against a virtual clock', () => {
    const design = gates({ inputs: 'a b', outputs: 'y', cells: ['AND2X2 g A=a B=b Y=y'] });
    const { clocks, inputDelays, outputDelays } = constraintsOf(design, 3);
    expect(clocks).toMatchObject([{ name: 'virtual', periodNs: 3, sources: [] }]);
    expect(inputDelays.map(({ port }) => port)).toEqual(['a', 'b']);
    expect(outputDelays).toMatchObject([{ port: 'y', clock: 'virtual' }]);
  });

  it('read back without a problem, whatever the netlist', () => {
    const name = fc.stringMatching(/^[a-z_$][a-z0-9_$.?*\\{}"-]{0,5}$/);
    const arbitrary = fc
      .record({
        inputs: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
        outputs: fc.uniqueArray(name, { maxLength: 3 }),
        bits: fc.nat(3),
        cells: fc.array(fc.tuple(fc.nat(5), fc.nat(), fc.nat(), fc.nat()), { maxLength: 10 }),
      })
      .map(({ inputs, outputs, bits, cells }) => {
        const ins = [...inputs, ...Array.from({ length: bits }, (_, i) => `bus[${i}]`)];
        const nets = [...ins, ...cells.map((_, i) => `n${i}-`)];
        const at = (of: number) => nets[of % nets.length]!;
        const lines = cells.map(([kind, a, b, c], i) => {
          const out = c % 3 === 0 && outputs.length > 0 ? `out:${outputs[c % outputs.length]}` : `n${i}-`;
          if (kind < 2) return `DFFPOSX1 r${i} CLK=${at(a)} D=${at(b)} Q=${out}`;
          if (kind === 2) return `LATCH l${i} CLK=${at(a)} D=${at(b)} Q=${out}`;
          if (kind === 3) return `CKGATE c${i} CLK=${at(a)} EN=${at(b)} GCLK=${out}`;
          return kind === 4 ? `INVX1 i${i} A=${at(a)} Y=${out}` : `AND2X2 g${i} A=${at(a)} B=${at(b)} Y=${out}`;
        });
        return gates({ inputs: ins.join(' '), outputs: outputs.map((each) => `out:${each}`).join(' '), cells: lines });
      });
    fc.assert(
      fc.property(arbitrary, (design) => {
        const { clocks, inputDelays, outputDelays } = constraintsOf(design);
        const inputs = design.ports.filter((port) => port.direction === 'input').map((port) => port.name);
        const outputs = design.ports.filter((port) => port.direction === 'output');
        const sources = clocks.flatMap((clock) =>
          clock.sources.map((source) => (source.kind === 'port' ? source.name : '')),
        );
        // Every port is a clock or has a delay against every clock.
        expect(sources.every((source) => inputs.includes(source))).toBe(true);
        expect(inputDelays).toHaveLength((inputs.length - sources.length) * clocks.length);
        expect(outputDelays).toHaveLength(outputs.length * clocks.length);
      }),
    );
  });
});

/** A netlist as Verilog, for OpenSTA. */
function verilogOf(design: GateNetlist): string {
  const name = (text: string) => (/^[a-z_]\w*$/i.test(text) ? text : `\\${text} `);
  const buses = new Map<string, { direction: string; high: number }>();
  const scalars: string[] = [];
  for (const port of design.ports) {
    const match = /^(.*)\[(\d+)\]$/.exec(port.name);
    if (!match) scalars.push(`${port.direction} ${name(port.name)}`);
    else
      buses.set(match[1]!, {
        direction: port.direction,
        high: Math.max(Number(match[2]), buses.get(match[1]!)?.high ?? 0),
      });
  }
  const ports = [
    ...scalars,
    ...[...buses].map(([bus, { direction, high }]) => `${direction} [${high}:0] ${name(bus)}`),
  ];
  const net = (place: number) => {
    const text = design.nets[place]!.name;
    const match = /^(.*)\[(\d+)\]$/.exec(text);
    return match && buses.has(match[1]!) ? `${name(match[1]!)}[${match[2]}]` : name(text);
  };
  const inner = design.nets.flatMap((_, i) => (design.ports.some((port) => port.net === i) ? [] : [`wire ${net(i)};`]));
  const cells = design.instances.map(({ name: instance, cell, pins }) => {
    const connected = cell.pins.flatMap((pin, i) => (pins[i]! >= 0 ? [`.${pin.name}(${net(pins[i]!)})`] : []));
    return `${cell.name} ${name(instance)} (${connected.join(', ')});`;
  });
  return `module ${design.top}(${ports.join(', ')});\n${inner.join('\n')}\n${cells.join('\n')}\nendmodule\n`;
}

/** What OpenSTA prints of a script about a design. */
function sta(design: GateNetlist, sdc: string, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sdc-'));
  try {
    writeFileSync(join(folder, 'top.v'), verilogOf(design));
    writeFileSync(join(folder, 'top.sdc'), sdc);
    writeFileSync(
      join(folder, 'run.tcl'),
      `read_liberty ${LIBRARY}\nread_verilog ${folder}/top.v\nlink_design top\nputs BEGIN\nread_sdc ${folder}/top.sdc\n${script}\n`,
    );
    const printed = execFileSync(STA, ['-exit', join(folder, 'run.tcl')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return printed.slice(printed.indexOf('BEGIN\n') + 6);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(!existsSync(STA) || !existsSync(LIBRARY))('against OpenSTA', () => {
  const design = gates({
    inputs: 'clk clk2 c-k x.y a[1] a[0]',
    outputs: 'q[1] q[0] z',
    cells: [
      'DFFPOSX1 r0 CLK=clk D=a[0] Q=q[0]',
      'DFFPOSX1 r1 CLK=clk2 D=a[1] Q=q[1]',
      'DFFPOSX1 u1.r2 CLK=c-k D=x.y Q=z',
      'DFFPOSX1 r3 CLK=clk D=q[0] Q=n3',
      'DFFPOSX1 r4 CLK=clk D=n3 Q=n4',
      'DFFPOSX1 r5 CLK=clk D=n4 Q=n5',
    ],
  });

  it('takes the default constraints without a word, and leaves nothing unconstrained', () => {
    const printed = sta(design, defaultSdc(design, 5), 'report_clock_properties\ncheck_setup -verbose');
    expect(printed).not.toMatch(/warning|error/i);
    expect(printed.match(/^\S+ +5\.00 +0\.00 +2\.50/gm)).toHaveLength(3);
    expect(printed).not.toMatch(/There (is|are)/);
  });

  it('derives the same generated clocks', () => {
    const ways = [
      '-divide_by 1',
      '-divide_by 2',
      '-divide_by 6 -invert',
      '-multiply_by 3',
      '-multiply_by 2 -duty_cycle 30',
      '-edges {1 3 7}',
      '-edges {2 5 6} -edge_shift {0.1 0.2 0.4}',
    ];
    const sdc = [
      'create_clock -name m -period 12 -waveform {1 4} [get_ports clk]',
      ...ways.map(
        (way, i) =>
          `create_generated_clock -name g${i} -add -master_clock m -source [get_ports clk] ${way} [get_pins r0/Q]`,
      ),
    ].join('\n');
    const result = readSdc(sdc, design, smallLibrary());
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const ours = result.value.constraints.clocks.map(
      ({ name, periodNs, waveformNs }) =>
        `${name} ${[periodNs, ...waveformNs].map((value) => value.toFixed(2)).join(' ')}`,
    );
    const theirs = [...sta(design, sdc, 'report_clock_properties').matchAll(/^(\w+) +([\d. ]+\d)/gm)];
    expect(theirs.map(([, name, numbers]) => `${name} ${numbers!.split(/ +/).join(' ')}`)).toEqual(ours);
  });
});
