/** The netlist format of Yosys' `write_json`, as far as the studio reads it. Bits are net numbers or the constants below. */
export type Bit = number | '0' | '1' | 'x' | 'z';

export interface YosysPort {
  direction: 'input' | 'output' | 'inout';
  bits: Bit[];
  /** Least index of the declared range; absent means 0. */
  offset?: number;
  /** 1 when declared `[lo:hi]`. */
  upto?: number;
  signed?: number;
}

export interface YosysCell {
  hide_name: 0 | 1;
  type: string;
  parameters: Record<string, string>;
  /** `src` is "file:line.col-line.col", several joined by `|`. */
  attributes: Record<string, string>;
  port_directions?: Record<string, 'input' | 'output' | 'inout'>;
  connections: Record<string, Bit[]>;
}

export interface YosysNet {
  hide_name: 0 | 1;
  bits: Bit[];
  attributes: Record<string, string>;
  offset?: number;
  upto?: number;
  signed?: number;
}

export interface YosysModule {
  attributes: Record<string, string>;
  parameter_default_values?: Record<string, string>;
  ports: Record<string, YosysPort>;
  cells: Record<string, YosysCell>;
  memories?: Record<
    string,
    { hide_name: 0 | 1; attributes: Record<string, string>; width: number; start_offset: number; size: number }
  >;
  netnames: Record<string, YosysNet>;
}

export interface YosysNetlist {
  creator?: string;
  modules: Record<string, YosysModule>;
}
