/** Test benches that repeat a counterexample. */
import type { StateSignal } from './prepare.ts';
import type { Counterexample } from './types.ts';

export interface BenchSpec {
  /** Of the bench's module. */
  name: string;
  top: string;
  /** Overrides, as Verilog constants. */
  parameters: Record<string, string | number>;
  example: Pick<Counterexample, 'cycles' | 'step' | 'inputs' | 'outputs'>;
  /** Model 'cycles': the clock, and the edge that ends a cycle. */
  clock?: { port: string; edge: 'rising' | 'falling' };
  /** Model 'moments': inputs that clocks are made of; they change before the others. */
  first: readonly string[];
  /** What registers without an initial value start at. */
  start: readonly StateSignal[];
  /** Said in the head. */
  title: string;
}

/** Nanoseconds of a step: inputs change at its start, outputs are looked at before the clock's edge. */
const STEP_NS = 10;
const LOOK_NS = 4;

/**
 * A bench that drives the inputs of a counterexample and expects the outputs of the compared version (`gold`); x digits of those are not
 * looked at. It prints a line for each output that differs, "FAIL in cycle 3: ...", and a verdict. `instance` is the design's name in it.
 */
export function counterexampleBench(spec: BenchSpec): { text: string; instance: string } {
  const { example, clock } = spec;
  const { inputs, outputs, cycles, step: unit } = example;
  const taken = new Set([...inputs, ...outputs].map(({ name }) => name));
  if (clock) taken.add(clock.port);
  const own = (name: string): string => {
    let free = name;
    while (taken.has(free)) free += '_';
    taken.add(free);
    return free;
  };
  const dut = own('dut');
  const now = own(unit);
  const errors = own('errors');
  const checks = outputs.map(({ name }, index) => own(isPlain(name) ? `check_${name}` : `check_${index}`));
  const driven = inputs.filter(({ name }) => name !== clock?.port);
  const early = driven.filter(({ name }) => spec.first.includes(name));
  const late = driven.filter(({ name }) => !spec.first.includes(name));
  const idle = clock?.edge === 'falling' ? 1 : 0;
  const overrides = Object.entries(spec.parameters).map(([name, value]) => `.${name}(${value})`);
  const ports = [...(clock ? [{ name: clock.port }] : []), ...driven, ...outputs].map(
    ({ name }) => `.${id(name)}(${id(name)})`,
  );
  const lines = [
    '`timescale 1ns/1ns',
    ...spec.title.split('\n').map((line) => `// ${line}`.trimEnd()),
    `module ${spec.name};`,
    ...(clock ? [`  reg ${id(clock.port)} = ${idle};`] : []),
    // The first value of a clock that the inputs hold is no edge.
    ...early.map(({ name, width, values }) => `  reg ${range(width)}${id(name)} = ${width}'b${values[0]};`),
    ...late.map(({ name, width }) => `  reg ${range(width)}${id(name)};`),
    ...outputs.map(({ name, width }) => `  wire ${range(width)}${id(name)};`),
    `  integer ${now} = 0;`,
    `  integer ${errors} = 0;`,
    '',
    `  ${id(spec.top)} ${overrides.length > 0 ? `#(${overrides.join(', ')}) ` : ''}${dut} (${ports.join(', ')});`,
  ];
  for (const [index, { name, width }] of outputs.entries()) {
    lines.push(
      '',
      `  task ${checks[index]}(input ${range(width)}expected);`,
      `    if ((${id(name)} ^ expected) !== (expected ^ expected)) begin`,
      `      ${errors} = ${errors} + 1;`,
      `      $display("FAIL in ${unit} %0d: ${printable(name)} is %b, expected %b", ${now}, ${id(name)}, expected);`,
      '    end',
      '  endtask',
    );
  }
  lines.push('', '  initial begin', ...startLines(spec.start, dut));
  for (let step = 0; step < cycles; step++) {
    const set = (signals: typeof driven): string[] =>
      signals
        .filter(({ values }) => step === 0 || values[step] !== values[step - 1])
        .map(({ name, width, values }) => `${id(name)} = ${width}'b${values[step]};`);
    lines.push(`    ${now} = ${step + 1};`);
    const together = set(early);
    if (together.length > 0) lines.push(`    ${inOne(together)}`);
    if (early.length > 0) lines.push('    #1;');
    lines.push(...set(late).map((text) => `    ${text}`));
    lines.push(`    #${early.length > 0 ? LOOK_NS - 1 : LOOK_NS};`);
    for (const [index, { width, gold }] of outputs.entries()) {
      if (/[01]/.test(gold[step] ?? '')) lines.push(`    ${checks[index]}(${width}'b${gold[step]});`);
    }
    if (clock) lines.push(`    #1 ${id(clock.port)} = ${1 - idle};`, `    #4 ${id(clock.port)} = ${idle};`, '    #1;');
    else lines.push(`    #${STEP_NS - LOOK_NS};`);
  }
  lines.push(
    `    if (${errors} == 0) $display("PASSED: every output is as expected in ${cycles} ${unit}${cycles === 1 ? '' : 's'}");`,
    `    else $display("FAILED: %0d differences", ${errors});`,
    '    $finish;',
    '  end',
    'endmodule',
    '',
  );
  return { text: lines.join('\n'), instance: dut };
}

function range(width: number): string {
  return width > 1 ? `[${width - 1}:0] ` : '';
}

/** Inputs that change in the same moment, in one assignment: no edge comes before another. */
function inOne(assignments: readonly string[]): string {
  if (assignments.length === 1) return assignments[0]!;
  const parts = assignments.map((text) => text.replace(';', '').split(' = '));
  return `{${parts.map(([name]) => name).join(', ')}} = {${parts.map(([, value]) => value).join(', ')}};`;
}

/** Registers are forced and let go before the first inputs come: a net among them goes back to its driver. */
function startLines(start: readonly StateSignal[], dut: string): string[] {
  const known = start.flatMap((signal) => {
    const name = within(signal.name);
    return name === undefined ? [] : [{ ...signal, name }];
  });
  if (known.length === 0) return ['    #2;'];
  const words = known.filter(({ index }) => index !== undefined);
  const plain = known.filter(({ index }) => index === undefined);
  return [
    '    // Registers without an initial value start as the proof assumed.',
    ...words.map(({ name, index, width, init }) => `    ${dut}.${name}[${index}] = ${width}'b${init};`),
    ...plain.map(({ name, width, init }) => `    force ${dut}.${name} = ${width}'b${init};`),
    '    #1;',
    ...plain.map(({ name }) => `    release ${dut}.${name};`),
    '    #1;',
  ];
}

/** A hierarchical name; undefined when it could be read in several ways (an escaped name with a dot). */
function within(name: string): string | undefined {
  if (/^(?:[A-Za-z_][\w$]*(?:\[\d+\])*\.)*[A-Za-z_][\w$]*$/.test(name)) return name;
  return name.includes('.') ? undefined : id(name);
}

function isPlain(name: string): boolean {
  return /^[A-Za-z_][\w$]*$/.test(name);
}

/** A name as Verilog has it. */
function id(name: string): string {
  return isPlain(name) ? name : `\\${name} `;
}

/** In a string of `$display`. */
function printable(name: string): string {
  return name.replace(/[\\"%]/g, '?');
}
