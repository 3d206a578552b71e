import type { BoolExpr, Latch, Library, LibraryCell } from './liberty/types.ts';

/** A cell that another pass than ABC and `dfflibmap` places, with the names of its pins. */
interface Placed<Role extends string> {
  cell: string;
  pins: Record<Role, string>;
}

interface StorageCell {
  cell: LibraryCell;
  /** The internal cell of Yosys that it does the work of: `$_DLATCH_PN0_`. */
  type: string;
  /** Pin of each port of that internal cell (E, D, and R and S where it has them). */
  ports: [port: string, pin: string][];
  output: string;
  /** The output has the inverse of the state. */
  inverted: boolean;
}

/** What of a library the script of a mapping has to name. */
export interface MapCells {
  /** Drives the inputs of what ABC sees: the smallest inverter, or, failing that, buffer. */
  driver?: string;
  tieHigh?: Placed<'out'>;
  tieLow?: Placed<'out'>;
  halfAdder?: Placed<'a' | 'b' | 'sum' | 'carry'>;
  fullAdder?: Placed<'a' | 'b' | 'c' | 'sum' | 'carry'>;
  /** Internal flip-flops of Yosys that a cell does the work of, for `dfflegalize`; `dfflibmap` chooses the cells. */
  flipFlops: string[];
  /** One for each kind of latch. */
  latches: StorageCell[];
  threeState?: {
    cell: string;
    data: string;
    enable: string;
    output: string;
    invertsData: boolean;
    enableLow: boolean;
  };
  /** Clock-gating cells, that may be used. */
  clockGates: string[];
  /** Clock-gating cells that `dont_use` forbids: `clockgate` does not look at that. */
  forbiddenClockGates: string[];
}

/** The least cell by area, then by name. */
function least<T>(found: readonly T[], cellOf: (item: T) => LibraryCell): T | undefined {
  let best: T | undefined;
  for (const item of found) {
    const a = cellOf(item);
    const b = best && cellOf(best);
    if (!b || a.areaUm2 < b.areaUm2 || (a.areaUm2 === b.areaUm2 && a.name < b.name)) best = item;
  }
  return best;
}

/** Finds the cells of a library that can stand for latches, three-state buffers, adders and constants. */
export function mapCells(library: Library): MapCells {
  const usable = [...library.cells.values()].filter(
    (cell) => !cell.dontUse && cell.unread.length === 0 && cell.pins.every((pin) => pin.direction !== 'inout'),
  );
  const combinational = usable.filter((cell) => cell.sequential === undefined && cell.clockGate === undefined);
  const driver =
    least(
      combinational.filter((cell) => isSingle(cell, 'not')),
      (cell) => cell,
    ) ??
    least(
      combinational.filter((cell) => isSingle(cell, 'pin')),
      (cell) => cell,
    );
  const byType = new Map<string, StorageCell[]>();
  for (const cell of usable) {
    const latch = cell.clockGate === undefined ? latchOf(cell) : undefined;
    if (latch) byType.set(latch.type, [...(byType.get(latch.type) ?? []), latch]);
  }
  const gates = [...library.cells.values()].filter((cell) => cell.clockGate !== undefined);
  return {
    driver: driver?.name,
    tieHigh: tieOf(combinational, 1),
    tieLow: tieOf(combinational, 0),
    halfAdder: adderOf(combinational, 2) as MapCells['halfAdder'],
    fullAdder: adderOf(combinational, 3) as MapCells['fullAdder'],
    flipFlops: [...new Set(usable.flatMap((cell) => flipFlopOf(cell) ?? []))],
    latches: [...byType.values()].map((same) => least(same, ({ cell }) => cell) as StorageCell),
    threeState: threeStateOf(combinational),
    clockGates: gates.filter((cell) => !cell.dontUse).map(({ name }) => name),
    forbiddenClockGates: gates.filter((cell) => cell.dontUse).map(({ name }) => name),
  };
}

const inputsOf = (cell: LibraryCell) => cell.pins.filter(({ direction }) => direction === 'input');
const outputsOf = (cell: LibraryCell) => cell.pins.filter(({ direction }) => direction === 'output');

function isSingle(cell: LibraryCell, kind: 'not' | 'pin'): boolean {
  const [output, ...more] = outputsOf(cell);
  if (!output?.function || output.threeState || more.length > 0 || inputsOf(cell).length !== 1) return false;
  const { function: of } = output;
  return kind === 'pin' ? of.kind === 'pin' : of.kind === 'not' && of.of.kind === 'pin';
}

function tieOf(cells: readonly LibraryCell[], value: 0 | 1): MapCells['tieHigh'] {
  const found = cells.flatMap((cell) => {
    const outputs = outputsOf(cell);
    const [output] = outputs;
    const { function: of } = output ?? {};
    if (!output || outputs.length !== 1 || inputsOf(cell).length > 0) return [];
    return of?.kind === 'constant' && of.value === value ? [{ cell, out: output.name }] : [];
  });
  const best = least(found, ({ cell }) => cell);
  return best && { cell: best.cell.name, pins: { out: best.out } };
}

/** Values of an expression at all states of the pins; bit i is the value where pin k has bit k of i. */
function truth(expr: BoolExpr, pins: readonly string[]): number | undefined {
  const rows = 1 << pins.length;
  const visit = (part: BoolExpr): number | undefined => {
    switch (part.kind) {
      case 'constant':
        return part.value === 1 ? (1 << rows) - 1 : 0;
      case 'pin': {
        const at = pins.indexOf(part.name);
        if (at < 0) return undefined;
        let column = 0;
        for (let row = 0; row < rows; row++) if ((row >> at) & 1) column |= 1 << row;
        return column;
      }
      case 'not': {
        const of = visit(part.of);
        return of === undefined ? undefined : ~of & ((1 << rows) - 1);
      }
      default: {
        const a = visit(part.of[0]);
        const b = visit(part.of[1]);
        if (a === undefined || b === undefined) return undefined;
        return part.kind === 'and' ? a & b : part.kind === 'or' ? a | b : a ^ b;
      }
    }
  };
  return visit(expr);
}

const SUM = { 2: 0b0110, 3: 0b10010110 };
const CARRY = { 2: 0b1000, 3: 0b11101000 };

function adderOf(
  cells: readonly LibraryCell[],
  width: 2 | 3,
): { cell: string; pins: Record<string, string> } | undefined {
  const found = cells.flatMap((cell) => {
    const inputs = inputsOf(cell).map(({ name }) => name);
    const outputs = outputsOf(cell);
    if (inputs.length !== width || outputs.length !== 2) return [];
    const of = (table: number) =>
      outputs.find(({ function: expr, threeState }) => expr && !threeState && truth(expr, inputs) === table)?.name;
    const sum = of(SUM[width]);
    const carry = of(CARRY[width]);
    if (sum === undefined || carry === undefined) return [];
    const [a = '', b = '', c = ''] = inputs;
    return [{ cell, pins: { a, b, ...(width === 3 && { c }), sum, carry } }];
  });
  const best = least(found, ({ cell }) => cell);
  return best && { cell: best.cell.name, pins: best.pins };
}

/** A pin, or its inverse. */
function literal(expr: BoolExpr | undefined): { pin: string; low: boolean } | undefined {
  if (expr?.kind === 'pin') return { pin: expr.name, low: false };
  if (expr?.kind === 'not' && expr.of.kind === 'pin') return { pin: expr.of.name, low: true };
  return undefined;
}

function threeStateOf(cells: readonly LibraryCell[]): MapCells['threeState'] {
  const found = cells.flatMap((cell) => {
    const [output, ...more] = outputsOf(cell);
    const data = literal(output?.function);
    const off = literal(output?.threeState);
    if (!output || more.length > 0 || !data || !off || data.pin === off.pin || inputsOf(cell).length !== 2) return [];
    // The buffer is off while `threeState` holds.
    return [
      {
        of: cell,
        cell: cell.name,
        data: data.pin,
        enable: off.pin,
        output: output.name,
        invertsData: data.low,
        enableLow: !off.low,
      },
    ];
  });
  const straight = found.filter(({ invertsData, enableLow }) => !invertsData && !enableLow);
  const best = least(straight.length > 0 ? straight : found, ({ of }) => of);
  if (!best) return undefined;
  const { of: _, ...cell } = best;
  return cell;
}

function latchOf(cell: LibraryCell): StorageCell | undefined {
  if (cell.sequential?.kind !== 'latch') return undefined;
  const latch: Latch = cell.sequential;
  const enable = literal(latch.enable);
  const data = literal(latch.dataIn);
  const clear = literal(latch.clear);
  const preset = literal(latch.preset);
  if (!enable || !data || data.low || (latch.clear && !clear) || (latch.preset && !preset)) return undefined;
  // In Yosys' cell the reset wins; a latch that answers otherwise, or does not say, is another one.
  if (clear && preset && latch.clearPreset?.[0] !== 'L') return undefined;
  const used = [enable, data, clear, preset].filter((pin) => pin !== undefined).length;
  if (inputsOf(cell).length !== used) return undefined;
  const outputs = outputsOf(cell).filter(({ threeState }) => !threeState);
  const driven = (name: string, low: boolean) =>
    outputs.find(({ function: expr }) => {
      const of = literal(expr);
      return of?.pin === name && of.low === low;
    });
  const straight = driven(latch.state, false) ?? driven(latch.inverse, true);
  const inverse = driven(latch.inverse, false) ?? driven(latch.state, true);
  const output = straight ?? inverse;
  if (!output) return undefined;
  const sign = (pin: { low: boolean }) => (pin.low ? 'N' : 'P');
  const ports: [string, string][] = [
    ['E', enable.pin],
    ['D', data.pin],
  ];
  let type: string;
  if (clear && preset) {
    type = `$_DLATCHSR_${sign(enable)}${sign(preset)}${sign(clear)}_`;
    ports.push(['S', preset.pin], ['R', clear.pin]);
  } else if (clear ?? preset) {
    const reset = (clear ?? preset) as { pin: string; low: boolean };
    type = `$_DLATCH_${sign(enable)}${sign(reset)}${clear ? 0 : 1}_`;
    ports.push(['R', reset.pin]);
  } else type = `$_DLATCH_${sign(enable)}_`;
  return { cell, type, ports, output: output.name, inverted: !straight };
}

/** `$_DFFE_PP_` of a flip-flop, where its data, enable, set and reset are plain pins. */
function flipFlopOf(cell: LibraryCell): string | undefined {
  if (cell.sequential?.kind !== 'ff') return undefined;
  const flop = cell.sequential;
  const clock = literal(flop.clockedOn);
  const clear = literal(flop.clear);
  const preset = literal(flop.preset);
  if (!clock || (flop.clear && !clear) || (flop.preset && !preset)) return undefined;
  if (!outputsOf(cell).some(({ function: of }) => literal(of)?.pin === flop.state || literal(of)?.pin === flop.inverse))
    return undefined;
  const controls = [clock, clear, preset].flatMap((pin) => pin?.pin ?? []);
  const data = inputsOf(cell).flatMap(({ name }) => (controls.includes(name) ? [] : [name]));
  const sign = (pin: { low: boolean }) => (pin.low ? 'N' : 'P');
  let enable = '';
  if (literal(flop.nextState)?.low !== false || data.length !== 1) {
    const [a, b] = data;
    if (a === undefined || b === undefined || data.length > 2) return undefined;
    const hold = enabledBy(flop.nextState, a, b, flop.state) ?? enabledBy(flop.nextState, b, a, flop.state);
    if (!hold) return undefined;
    enable = hold;
  }
  const [letter, ending] = enable === '' ? ['', ''] : ['E', enable];
  if (clear && preset) return `$_DFFSR${letter}_${sign(clock)}${sign(preset)}${sign(clear)}${ending}_`;
  const reset = clear ?? preset;
  if (reset) return `$_DFF${letter}_${sign(clock)}${sign(reset)}${clear ? 0 : 1}${ending}_`;
  return `$_DFF${letter}_${sign(clock)}${ending}_`;
}

/** P or N, when a flip-flop takes `data` while `enable` is 1 or 0, and keeps its state else. */
function enabledBy(next: BoolExpr, data: string, enable: string, state: string): 'P' | 'N' | undefined {
  const table = truth(next, [data, enable, state]);
  // Rows by state, enable, data.
  return table === 0b10111000 ? 'P' : table === 0b11100010 ? 'N' : undefined;
}

/** The techmap of latches and three-state buffers as Verilog; undefined when the library has neither. */
export function storageMap(cells: MapCells): string | undefined {
  const modules: string[] = [];
  for (const { cell, type, ports, output, inverted } of cells.latches) {
    const pins = [...ports.map(([port, pin]) => `.${id(pin)}(${port})`), `.${id(output)}(${inverted ? 'n' : 'Q'})`];
    modules.push(
      `(* techmap_celltype = "${type}" *)`,
      `module crossbar_${type.replaceAll('$', '').toLowerCase()} (${ports.map(([port]) => `input ${port}`).join(', ')}, output Q);`,
      ...(inverted ? ['  wire n;', '  \\$_NOT_ inverter (.A(n), .Y(Q));'] : []),
      `  ${id(cell.name)} _TECHMAP_REPLACE_ (${pins.join(', ')});`,
      'endmodule',
      '',
    );
  }
  const { threeState } = cells;
  if (threeState) {
    const { invertsData, enableLow } = threeState;
    modules.push(
      '(* techmap_celltype = "$_TBUF_" *)',
      'module crossbar_tbuf (input A, E, output Y);',
      ...(invertsData ? ['  wire a;', '  \\$_NOT_ data (.A(A), .Y(a));'] : []),
      ...(enableLow ? ['  wire e;', '  \\$_NOT_ enable (.A(E), .Y(e));'] : []),
      `  ${id(threeState.cell)} _TECHMAP_REPLACE_ (.${id(threeState.data)}(${invertsData ? 'a' : 'A'}), .${id(threeState.enable)}(${enableLow ? 'e' : 'E'}), .${id(threeState.output)}(Y));`,
      'endmodule',
      '',
    );
  }
  return modules.length > 0 ? modules.join('\n') : undefined;
}

/** The techmap of the `$fa` cells that `extract_fa` makes; undefined when the library has no full adder. */
export function adderMap({ fullAdder, halfAdder }: MapCells): string | undefined {
  if (!fullAdder) return undefined;
  const full = `${id(fullAdder.cell)} adder (${connect(fullAdder.pins, { a: 'A[i]', b: 'B[i]', c: 'C[i]', carry: 'X[i]', sum: 'Y[i]' })});`;
  const half =
    halfAdder &&
    `${id(halfAdder.cell)} adder (${connect(halfAdder.pins, { a: 'A[i]', b: 'B[i]', carry: 'X[i]', sum: 'Y[i]' })});`;
  return [
    '(* techmap_celltype = "$fa" *)',
    'module crossbar_fa (A, B, C, X, Y);',
    '  parameter WIDTH = 1;',
    '  parameter _TECHMAP_CONSTMSK_C_ = 0;',
    '  parameter _TECHMAP_CONSTVAL_C_ = 0;',
    '  input [WIDTH-1:0] A, B, C;',
    '  output [WIDTH-1:0] X, Y;',
    '  genvar i;',
    '  generate for (i = 0; i < WIDTH; i = i + 1) begin : bits',
    ...(half
      ? [
          `    if (_TECHMAP_CONSTMSK_C_[i] && !_TECHMAP_CONSTVAL_C_[i]) begin : half`,
          `      ${half}`,
          '    end else begin : full',
          `      ${full}`,
          '    end',
        ]
      : [`    ${full}`]),
    '  end endgenerate',
    'endmodule',
    '',
  ].join('\n');
}

function connect(pins: Record<string, string>, nets: Record<string, string>): string {
  return Object.entries(nets)
    .map(([role, net]) => `.${id(pins[role] ?? '')}(${net})`)
    .join(', ');
}

/** A name in Verilog, escaped where it must be. */
function id(name: string): string {
  return /^[A-Za-z_][\w$]*$/.test(name) ? name : `\\${name} `;
}
