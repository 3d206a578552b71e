/** A port as Yosys lists it. */
interface Port {
  direction: string;
  bits: readonly unknown[];
}

const CLOCK = /^(?:i_)?(?:clk|clock|ck)(?:_i)?$/i;
const RESET = /^(?:i_)?(?:a?rst|a?reset|clear)(_?n|_ni|_b)?(?:_i)?$/i;

/**
 * A first test bench for a module: declares a signal a port, starts a clock and releases a reset where their names tell which they are, gives the
 * inputs random values for a hundred cycles, and says where checks go. It reads as a person would write it: it is there to be changed.
 */
export function firstBench(module: string, ports: Record<string, Port>): { path: string; text: string } {
  const name = `${module}_tb`;
  const all = Object.entries(ports);
  const clock = all.find(([port, { direction }]) => direction === 'input' && CLOCK.test(port))?.[0];
  const reset = all.find(([port, { direction }]) => direction === 'input' && RESET.test(port))?.[0];
  const activeLow = reset !== undefined && RESET.exec(reset)?.[1] !== undefined;
  const range = ({ bits }: Port) => (bits.length > 1 ? `[${bits.length - 1}:0] ` : '');
  const inputs = all.filter(([port, { direction }]) => direction === 'input' && port !== clock && port !== reset);
  const declarations = all.map(([port, info]) => {
    if (info.direction !== 'input') return `  wire ${range(info)}${port};`;
    return `  reg ${range(info)}${port} = ${port === reset ? (activeLow ? 0 : 1) : 0};`;
  });
  const connections = all.map(([port]) => `.${port}(${port})`).join(', ');
  const drive = inputs.map(([port]) => `      ${port} = $random;`);
  const wait = clock === undefined ? '#10' : `@(negedge ${clock})`;
  const lines = [
    '`timescale 1ns/1ps',
    '// Gives the inputs random values. Say what must hold where it says CHECK.',
    `module ${name};`,
    ...declarations,
    '  integer errors = 0;',
    '',
    `  ${module} dut (${connections});`,
    '',
    ...(clock === undefined ? [] : [`  always #5 ${clock} = ~${clock};`, '']),
    '  initial begin',
    ...(reset === undefined ? [] : [`    repeat (2) ${wait};`, `    ${reset} = ${activeLow ? 1 : 0};`]),
    '    repeat (100) begin',
    ...drive,
    `      ${wait};`,
    '      // CHECK: if (output !== expected) begin errors = errors + 1; $display("FAIL at %0t", $time); end',
    '    end',
    '    if (errors == 0) $display("done, 0 errors");',
    '    $finish;',
    '  end',
    'endmodule',
    '',
  ];
  return { path: `bench/${name}.v`, text: lines.join('\n') };
}
