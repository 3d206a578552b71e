import { Op, type Program } from '../program/types.ts';
import type { AgTable } from '../types.ts';

/** Global addresses start here, so that one number tells both memories apart. */
const GLOBAL = 2 ** 40;

/**
 * What an instruction reads (two ranges) and writes (one), each as [from, to) in elements; an empty range is [0, 0).
 * Strided operands count from their first to their last element.
 */
export class Operands {
  readA = 0;
  readAEnd = 0;
  readB = 0;
  readBEnd = 0;
  write = 0;
  writeEnd = 0;
  private readonly program: Program;
  private readonly ags: AgTable;
  private readonly seesGlobal: boolean;

  constructor(program: Program, ags: AgTable) {
    this.program = program;
    this.ags = ags;
    // In a pipelined program, neighbouring layers work on different samples: nobody waits for a store of this cycle.
    this.seesGlobal = program.order === 'as-is';
  }

  /** Sets the ranges above to those of instruction `k`. */
  of(k: number): void {
    const { op, dst, src1, src2, elements, stride, repeats } = this.program;
    const n = elements[k]!;
    const a = src1[k]!;
    const d = dst[k]!;
    this.readA = 0;
    this.readAEnd = 0;
    this.readB = 0;
    this.readBEnd = 0;
    this.write = 0;
    this.writeEnd = 0;
    const code = op[k]!;
    switch (code) {
      case Op.LD:
        if (this.seesGlobal) {
          this.readA = GLOBAL + a;
          this.readAEnd = GLOBAL + a + n;
        }
        break;
      case Op.LLDI:
      case Op.RECV:
        break;
      case Op.LMV: {
        const reach = (repeats[k]! - 1) * stride[k]!;
        this.readA = a + Math.min(0, reach);
        this.readAEnd = a + Math.max(0, reach) + n;
        break;
      }
      default:
        this.readA = a;
        this.readAEnd = a + n;
    }
    if ((code >= Op.VVADD && code <= Op.VVMIN) || code === Op.VDOT) {
      const b = src2[k]!;
      const reach = code === Op.VDOT ? (repeats[k]! - 1) * stride[k]! : 0;
      this.readB = b + Math.min(0, reach);
      this.readBEnd = b + Math.max(0, reach) + n;
    }
    switch (code) {
      case Op.SEND:
        return;
      case Op.ST:
        if (this.seesGlobal) {
          this.write = GLOBAL + d;
          this.writeEnd = GLOBAL + d + n;
        }
        return;
      case Op.MVMUL: {
        const ag = this.program.ag[k]!;
        this.write = d;
        this.writeEnd = d + this.ags.columnEnd[ag]! - this.ags.columnStart[ag]!;
        return;
      }
      case Op.LMV:
        this.write = d;
        this.writeEnd = d + n * repeats[k]!;
        return;
      case Op.VDOT:
        this.write = d;
        this.writeEnd = d + repeats[k]!;
        return;
      default:
        this.write = d;
        this.writeEnd = d + n;
    }
  }
}
