/*
 * Meta-operator programs: the grammar of CMSwitch (section 4.4) over the text forms of CIM-MLC's core mode.
 *
 *   program  = segment*
 *   segment  = "parallel {" instruction* "}"
 *   instruction =
 *     "CM.switch - TOC|TOM - arrays"                          arrays change to compute (TOC) or memory (TOM)
 *     "CIM.write_core - "operator" - source - arrays"         weights of an operator into arrays in compute mode
 *     "CIM.read_core-conv|fc|mm - "operator" - src - dst - arrays - in - out"
 *                                                             the product: compute arrays, input and output buffers
 *     "ALU.name - "layer" - src,... - dst"                    what the vector unit does
 *
 * Addresses are bytes of main memory in hexadecimal; "W" as a source means weights from outside. Arrays are ranges:
 * "0-12,40"; "-" where there are none. Products add into 32-bit sums; "ALU.requantise" makes a layer's result of them.
 */

/** [first, last], ascending, not touching. */
export type Ranges = readonly (readonly [number, number])[];

export interface Switch {
  op: 'switch';
  to: 'compute' | 'memory';
  arrays: Ranges;
}

export interface WriteCore {
  op: 'write';
  operator: string;
  /** Address of a computed operand; undefined: weights from outside. */
  source: number | undefined;
  arrays: Ranges;
}

export interface ReadCore {
  op: 'read';
  form: 'conv' | 'fc' | 'mm';
  operator: string;
  source: number;
  /** Of the layer's 32-bit sums. */
  target: number;
  arrays: Ranges;
  inputs: Ranges;
  outputs: Ranges;
}

export interface Alu {
  op: 'alu';
  /** "requantise", or the kind of the layer: "pool", "eltwise", "move" ... */
  name: string;
  layer: string;
  sources: number[];
  target: number;
}

export type Instruction = Switch | WriteCore | ReadCore | Alu;

export interface Program {
  segments: Instruction[][];
}
