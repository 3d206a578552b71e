/** User-defined primitives (IEEE 1364-2005 section 8): one instance's next output. Values are 0, 1 and 2 for x. */
import type * as ir from '../ir/types.ts';

/** Levels that a symbol stands for, as bits 1, 2, 4 of 0, 1, x. */
function levels(symbol: string): number {
  switch (symbol) {
    case '0':
      return 1;
    case '1':
      return 2;
    case 'x':
      return 4;
    case 'b':
      return 3;
    default:
      return 7;
  }
}

/** Pairs (from, to) that an edge symbol stands for, as bits of from * 3 + to. */
function edges(symbol: string): number {
  const pairs = (list: readonly (readonly [number, number])[]): number =>
    list.reduce((bits, [from, to]) => bits | (1 << (from * 3 + to)), 0);
  switch (symbol) {
    case 'r':
      return pairs([[0, 1]]);
    case 'f':
      return pairs([[1, 0]]);
    case 'p':
      return pairs([
        [0, 1],
        [0, 2],
        [2, 1],
      ]);
    case 'n':
      return pairs([
        [1, 0],
        [1, 2],
        [2, 0],
      ]);
    case '*':
      return (
        0x1ff &
        ~pairs([
          [0, 0],
          [1, 1],
          [2, 2],
        ])
      );
    default: {
      const inner = symbol.replace(/[()]/g, '');
      const from = levels(inner[0]!);
      const to = levels(inner[1]!);
      let bits = 0;
      for (let p = 0; p < 3; p++) {
        for (let q = 0; q < 3; q++) if (p !== q && from & (1 << p) && to & (1 << q)) bits |= 1 << (p * 3 + q);
      }
      return bits;
    }
  }
}

interface Row {
  levels: number[];
  edgeAt: number;
  edge: number;
  state: number;
  /** -1: no change. */
  output: number;
}

export class UdpLogic {
  readonly initial: number;
  readonly sequential: boolean;
  private readonly rows: Row[];

  constructor(table: ir.UdpTable) {
    this.initial = table.initial;
    this.sequential = table.sequential;
    this.rows = table.rows.map((row) => {
      const edgeAt = row.inputs.findIndex((symbol) => symbol.length > 1 || 'rfpn*'.includes(symbol));
      return {
        levels: row.inputs.map((symbol, i) => (i === edgeAt ? 7 : levels(symbol))),
        edgeAt,
        edge: edgeAt < 0 ? 0 : edges(row.inputs[edgeAt]!),
        state: row.state === undefined ? 7 : levels(row.state),
        output: row.output === '-' ? -1 : row.output === '0' ? 0 : row.output === '1' ? 1 : 2,
      };
    });
  }

  /** After input `changed` went from `before` to what `inputs` says. -1 as `changed`: at the start. Levels go before edges. */
  next(inputs: readonly number[], state: number, changed: number, before: number): number {
    for (const wantEdge of [false, true]) {
      for (const row of this.rows) {
        if (row.edgeAt >= 0 !== wantEdge) continue;
        if (wantEdge && (row.edgeAt !== changed || !(row.edge & (1 << (before * 3 + inputs[changed]!))))) continue;
        if (this.sequential && !(row.state & (1 << state))) continue;
        let fits = true;
        for (let i = 0; i < inputs.length; i++) {
          if (!(row.levels[i]! & (1 << inputs[i]!))) {
            fits = false;
            break;
          }
        }
        if (fits) return row.output < 0 ? state : row.output;
      }
    }
    return 2;
  }
}
