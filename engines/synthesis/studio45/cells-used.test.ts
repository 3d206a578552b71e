import { expect, it } from 'vitest';
import { adderMap, mapCells, storageMap } from '../map-library.ts';
import { runYosys } from '../yosys.ts';
import { studio45, studio45Liberty } from './index.ts';

/** Every internal flip-flop and latch of Yosys, by its ports. P and N: active at 1 or a rising edge, or at 0 or a falling one. */
function internalStorage(): { type: string; ports: string }[] {
  const kinds: [prefix: string, letters: string, ports: string][] = [
    ['DFF', 'c', 'C D'],
    ['DFFE', 'ce', 'C E D'],
    ['DFF', 'crv', 'C R D'],
    ['DFFE', 'crve', 'C R E D'],
    ['ALDFF', 'cl', 'C L AD D'],
    ['ALDFFE', 'cle', 'C L E AD D'],
    ['DFFSR', 'csr', 'C S R D'],
    ['DFFSRE', 'csre', 'C S R E D'],
    ['SDFF', 'crv', 'C R D'],
    ['SDFFE', 'crve', 'C R E D'],
    ['SDFFCE', 'crve', 'C R E D'],
    ['SR', 'sr', 'S R'],
    ['DLATCH', 'e', 'E D'],
    ['DLATCH', 'erv', 'E R D'],
    ['DLATCHSR', 'esr', 'E S R D'],
  ];
  return kinds.flatMap(([prefix, letters, ports]) => {
    let words = [''];
    for (const letter of letters)
      words = words.flatMap((word) => [...(letter === 'v' ? '01' : 'PN')].map((it) => word + it));
    return words.map((word) => ({ type: `$_${prefix}_${word}_`, ports }));
  });
}

/** Storage of every kind, as people write it; cells of Yosys where no Verilog leads to them. */
const STORAGE = `
module storage(input clk, rst, set, en, gate, input [3:0] d,
  output reg [3:0] plain, low, cleared, lifted, both, enabled, gated,
  output reg open, shut, output held, pairs, three);
  always @(posedge clk) plain <= d;
  always @(negedge clk) low <= d;
  always @(posedge clk or posedge rst) if (rst) cleared <= 0; else cleared <= d;
  always @(posedge clk or posedge rst) if (rst) lifted <= 15; else lifted <= d;
  always @(posedge clk or posedge rst or posedge set) if (rst) both <= 0; else if (set) both <= 15; else both <= d;
  always @(posedge clk) if (en) enabled[0] <= d[0];
  assign enabled[3:1] = 3'b010;
  always @(posedge clk) if (gate) gated <= d;
  always @* if (gate) open = d[0];
  always @* if (!gate) shut = d[1];
  \\$_DLATCH_PP0_ clearable (.D(d[2]), .E(gate), .R(rst), .Q(held));
  \\$_SR_PP_ setReset (.S(set), .R(rst), .Q(pairs));
  \\$_TBUF_ driver (.A(d[0]), .E(en), .Y(three));
endmodule
module adder(input [7:0] a, b, input c, output [8:0] sum);
  assign sum = a + b + c;
endmodule
`;

/** The same gates, to be mapped for area and under several loads; and single ones that must drive much. */
const LOGIC = `
module gates(input [57:0] i, output [19:0] y);
  assign y[0] = ~&i[3:0]; assign y[1] = ~|i[7:4]; assign y[2] = &i[11:8]; assign y[3] = |i[15:12];
  assign y[4] = ~&i[18:16]; assign y[5] = ~|i[21:19]; assign y[6] = &i[24:22]; assign y[7] = |i[27:25];
  assign y[8] = ~&i[29:28]; assign y[9] = ~|i[31:30]; assign y[10] = &i[33:32]; assign y[11] = |i[35:34];
  assign y[12] = ~((i[36] & i[37]) | i[38]); assign y[13] = ~((i[39] | i[40]) & i[41]);
  assign y[14] = ~((i[42] & i[43]) | (i[44] & i[45])); assign y[15] = ~((i[46] | i[47]) & (i[48] | i[49]));
  assign y[16] = i[50] ^ i[51]; assign y[17] = ~(i[52] ^ i[53]); assign y[18] = i[56] ? i[54] : i[55];
  assign y[19] = ~i[57];
endmodule
module light(input [57:0] i, output [19:0] y); gates g(i, y); endmodule
module medium(input [57:0] i, output [19:0] y); gates g(i, y); endmodule
module middle(input [57:0] i, output [19:0] y); gates g(i, y); endmodule
module heavy(input [57:0] i, output [19:0] y); gates g(i, y); endmodule
module ands(input a, b, output y); assign y = a & b; endmodule
module ors(input a, b, output y); assign y = a | b; endmodule
module invert4(input a, output y); assign y = ~a; endmodule
module invert8(input a, output y); assign y = ~a; endmodule
`;

const MAP = 'strash\n&get -n\n&nf\n&put\n';
const SIZE = 'upsize -D 1\ndnsize -D 1\n';
const load = (ff: number) => `set_driving_cell INV_X1\nset_load ${ff}\n`;

const abc = (module: string, script: string, ff: number) =>
  `abc -liberty cells.lib -script ${script}.abc -constr ${ff}.constr ${module}`;

it('has no cell that mapping does not use', async () => {
  const used = new Set<string>();
  const liberty = studio45Liberty('typical');
  const cells = mapCells(studio45('typical'));
  const storage = [...cells.flipFlops, ...cells.latches.map(({ type }) => type)];
  const outcome = await runYosys({
    script: [
      'read_verilog -icells storage.v',
      'read_verilog logic.v',
      'hierarchy',
      'proc',
      'flatten',
      'synth -noabc',
      'extract_fa adder',
      'techmap -map adders.v',
      'clockgate -liberty cells.lib -min_net_size 4',
      `dfflegalize ${storage.map((type) => `-cell ${type} 01`).join(' ')}`,
      'dfflibmap -map-only -liberty cells.lib',
      'techmap -map storage-map.v',
      'opt_clean',
      abc('light', 'area', 1),
      abc('medium', 'buffered', 12),
      abc('heavy', 'buffered', 90),
      abc('ands', 'sized', 20),
      abc('ors', 'sized', 20),
      abc('middle', 'upsized', 15),
      abc('invert4', 'sized', 40),
      abc('invert8', 'sized', 90),
      'delete gates',
      abc('adder storage', 'area', 1),
      'hilomap -hicell TIEH Y -locell TIEL Y',
      'opt_clean',
      'stat -json',
      '',
    ].join('\n'),
    files: {
      'storage.v': STORAGE,
      'logic.v': LOGIC,
      'cells.lib': liberty,
      'area.abc': MAP,
      'sized.abc': `${MAP}topo\n${SIZE}`,
      'upsized.abc': `${MAP}topo\nbuffer -c\nupsize -D 1\n`,
      'buffered.abc': `${MAP}topo\nbuffer -c\n${SIZE}`,
      ...Object.fromEntries([1, 12, 15, 20, 40, 90].map((ff) => [`${ff}.constr`, load(ff)])),
      'adders.v': adderMap(cells) ?? '',
      'storage-map.v': storageMap(cells) ?? '',
    },
    onDocument(text) {
      const { modules } = JSON.parse(text) as {
        modules: Record<string, { num_cells_by_type: Record<string, number> }>;
      };
      for (const { num_cells_by_type: counts } of Object.values(modules))
        for (const name of Object.keys(counts)) if (!name.startsWith('$')) used.add(name);
      return undefined;
    },
  });
  expect(outcome.errorLine).toBeUndefined();
  const names = [...studio45('typical').cells.keys()];
  expect(names.length).toBeGreaterThan(40);
  expect([...used].sort()).toEqual(names.sort());
}, 60_000);

it('maps every flip-flop and latch that synthesis can leave', async () => {
  const kinds = internalStorage();
  const cells = mapCells(studio45('typical'));
  const instances = kinds.map(({ type, ports }, at) => {
    const pins = ports.split(' ').map((port) => `.${port}(${port})`);
    return `  \\${type} i${at} (${pins.join(', ')}, .Q(q[${at}]));`;
  });
  const counts: Record<string, number> = {};
  const outcome = await runYosys({
    script: [
      'read_verilog -icells all.v',
      `dfflegalize ${[...cells.flipFlops, ...cells.latches.map(({ type }) => type)].map((type) => `-cell ${type} 01`).join(' ')}`,
      'dfflibmap -map-only -liberty cells.lib',
      'techmap -map storage-map.v',
      'stat -json',
      '',
    ].join('\n'),
    files: {
      'all.v': `module all(input C, R, S, E, L, AD, D, output [${kinds.length - 1}:0] q);\n${instances.join('\n')}\nendmodule\n`,
      'cells.lib': studio45Liberty('typical'),
      'storage-map.v': storageMap(cells) ?? '',
    },
    onDocument(text) {
      const { modules } = JSON.parse(text) as {
        modules: Record<string, { num_cells_by_type: Record<string, number> }>;
      };
      for (const module of Object.values(modules)) Object.assign(counts, module.num_cells_by_type);
      return undefined;
    },
  });
  expect(outcome.errorLine).toBeUndefined();
  const sequential = [...studio45('typical').cells.values()].filter((cell) => cell.sequential && !cell.clockGate);
  let placed = 0;
  for (const [name, count] of Object.entries(counts)) {
    if (sequential.some((cell) => cell.name === name)) placed += count;
    else expect(name).toMatch(/^\$_(NOT|AND|OR|NAND|NOR|XOR|XNOR|ANDNOT|ORNOT|MUX)_$/);
  }
  expect(placed).toBeGreaterThanOrEqual(kinds.length);
}, 60_000);
