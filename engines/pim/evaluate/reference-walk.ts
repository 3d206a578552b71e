import type { Hardware } from '../hardware.ts';
import { Op, type Program, Stage, type Trace } from '../program/types.ts';
import { SlotBus } from './slots.ts';

/**
 * The product's latency that the released program runs with: the intended 4,000 ns (read + bits * process + conversion +
 * shift-add + write, 200 ns each) is summed up while the number of bits is still 0. Figures are comparable with the released
 * ones where the chip's `mvmLatencyNs` is this.
 */
export const REFERENCE_MVM_NS = 800;

/** Cores of a chip, a constant of the released program whatever the configuration says. */
export const REFERENCE_CORES_PER_CHIP = 144;

export interface ReferenceOptions {
  /** Instead of the chip's. */
  mvmLatencyNs?: number;
  /** Layers (by index) whose sigmoid stands alone: the released evaluator gives those no time. */
  loneActivations?: ReadonlySet<number>;
}

export interface ReferenceTimes {
  timeNs: number;
  mvms: number;
  transfers: number;
  transferBytes: number;
  loadBytes: number;
  storeBytes: number;
  mvmNs: Float64Array;
  vectorNs: Float64Array;
  transferNs: Float64Array;
  memoryNs: Float64Array;
  waitNs: Float64Array;
}

/**
 * Runs a program by the clock of the released evaluator and writes, where `trace` is given, when each instruction ran.
 * A product takes `hardware.mvmLatencyNs`, whatever its layer's precision: `REFERENCE_MVM_NS` in reference mode.
 *
 * Instruction groups one after the other; in a group, cores depth-first: a core runs until it meets a SEND or RECV whose
 * partner has not come yet, then the next core that was not visited starts; where the partner waits already, the partner
 * goes on first and this core after it. Buses are booked in that order, not in the order of time. Instructions that the
 * released evaluator does not know (products of vectors, clips, functions) take no time, as there.
 *
 * @throws where a SEND or RECV never meets its partner: the program is wrong.
 */
export function walkReference(
  program: Program,
  hardware: Hardware,
  options: ReferenceOptions = {},
  trace?: Trace,
): ReferenceTimes {
  const { op, stage, group, layer, ag, elements, pair, repeats, coreStart, cores, elementBytes } = program;
  const mvmLatency = options.mvmLatencyNs ?? hardware.mvmLatencyNs;
  const interval = hardware.mvmIntervalNs;
  const { bytesPerStep, stepNs } = hardware.vector;
  const localGbps = hardware.localMemory.gbps;
  const globalGbps = hardware.globalMemory.gbps;
  const busGbps = hardware.network.busGBps;
  const chipGbps = hardware.chips.linkGBps;
  const chips = Math.ceil(cores / REFERENCE_CORES_PER_CHIP) || 1;
  const bus = Array.from({ length: chips }, () => new SlotBus());
  const memory = Array.from({ length: chips }, () => new SlotBus());

  const times: ReferenceTimes = {
    timeNs: 0,
    mvms: 0,
    transfers: 0,
    transferBytes: 0,
    loadBytes: 0,
    storeBytes: 0,
    mvmNs: new Float64Array(cores),
    vectorNs: new Float64Array(cores),
    transferNs: new Float64Array(cores),
    memoryNs: new Float64Array(cores),
    waitNs: new Float64Array(cores),
  };
  const { mvmNs, vectorNs, transferNs, memoryNs, waitNs } = times;
  const startNs = trace?.startNs;
  const endNs = trace?.endNs;

  // Of a core: its time, the time line on which inputs are prepared, what was prepared since the last product.
  const now = new Float64Array(cores);
  const inputs = new Float64Array(cores);
  const prepared = new Float64Array(cores);
  const lastMvm = new Float64Array(cores);
  const lastMeeting = new Float64Array(cores);
  const mvmGroup = new Int32Array(cores).fill(-1);
  const agStart = new Float64Array(agCount(program));
  const at = coreStart.slice(0, cores);
  const end = coreStart.slice(0, cores);
  const meeting = new Int32Array(program.pairs).fill(-1);
  const meetingCore = new Int32Array(program.pairs);
  const stack = new Int32Array(program.pairs + 1);

  const closeGroup = (core: number) => {
    inputs[core] = now[core]!;
    prepared[core] = 0;
  };

  /** Both ends of a transfer have come; `core` came second. */
  const transfer = (core: number, k: number, partner: number, partnerK: number) => {
    const later = Math.max(now[core]!, now[partner]!);
    waitNs[core]! += later - now[core]!;
    waitNs[partner]! += later - now[partner]!;
    lastMeeting[core] = later;
    lastMeeting[partner] = later;
    const bytes = elements[k]! * elementBytes;
    const chip = Math.floor(core / REFERENCE_CORES_PER_CHIP);
    let took = bus[chip]!.book(later, Math.ceil(bytes / busGbps));
    if (chip !== Math.floor(partner / REFERENCE_CORES_PER_CHIP)) took = Math.trunc(took + bytes / chipGbps);
    now[core] = later + took;
    now[partner] = later + took;
    transferNs[core]! += took;
    transferNs[partner]! += took;
    times.transfers += 1;
    times.transferBytes += bytes;
    if (endNs) {
      endNs[k] = later + took;
      endNs[partnerK] = later + took;
    }
    at[core] = k + 1;
    at[partner] = partnerK + 1;
    if (at[core] === end[core]) closeGroup(core);
    if (at[partner] === end[partner]) closeGroup(partner);
  };

  /** Runs a core to the end of its group (-1), to a partner missing (-1), or through a transfer (the partner). */
  const run = (core: number): number => {
    const last = end[core]!;
    let k = at[core]!;
    if (k >= last) return -1;
    for (; k < last; k++) {
      const code = op[k]!;
      switch (code) {
        case Op.SEND:
        case Op.RECV: {
          at[core] = k;
          const number = pair[k]!;
          const other = meeting[number]!;
          if (other === k) return -1;
          if (startNs) startNs[k] = now[core]!;
          if (other < 0) {
            meeting[number] = k;
            meetingCore[number] = core;
            return -1;
          }
          const partner = meetingCore[number]!;
          transfer(core, k, partner, other);
          return partner;
        }
        case Op.MVMUL: {
          const g = group[k]!;
          const which = ag[k]!;
          let start: number;
          if (mvmGroup[core] === g) {
            const before = lastMvm[core]!;
            start = before + Math.max(interval, inputs[core]! - before);
            const again = agStart[which]!;
            if (again !== 0 && again + mvmLatency > start) start = again + mvmLatency;
            if (start < lastMeeting[core]!) start = lastMeeting[core]! + prepared[core]!;
            mvmNs[core]! += Math.min(start - before, mvmLatency);
            now[core] = start + mvmLatency;
          } else {
            mvmGroup[core] = g;
            start = inputs[core]!;
            mvmNs[core]! += mvmLatency;
            now[core]! += mvmLatency;
          }
          agStart[which] = start;
          lastMvm[core] = start;
          prepared[core] = 0;
          times.mvms += 1;
          if (startNs && endNs) {
            startNs[k] = start;
            endNs[k] = now[core]!;
          }
          break;
        }
        case Op.LD: {
          const bytes = elements[k]! * elementBytes;
          const from = inputs[core]!;
          const took = memory[Math.floor(core / REFERENCE_CORES_PER_CHIP)]!.book(from, Math.ceil(bytes / globalGbps));
          const until = from + took;
          inputs[core] = until;
          prepared[core]! += took;
          if (until > now[core]!) {
            memoryNs[core]! += until - now[core]!;
            now[core] = until;
          }
          times.loadBytes += bytes;
          if (startNs && endNs) {
            startNs[k] = from;
            endNs[k] = until;
          }
          break;
        }
        case Op.LMV:
        case Op.LLDI: {
          const bytes = elements[k]! * repeats[k]! * elementBytes;
          const took = (code === Op.LMV ? 2 : 1) * Math.ceil(bytes / localGbps);
          const early = stage[k] === Stage.MAIN;
          const from = early ? inputs[core]! : now[core]!;
          if (early) {
            inputs[core] = from + took;
            prepared[core]! += took;
          } else {
            now[core] = from + took;
            vectorNs[core]! += took;
          }
          if (startNs && endNs) {
            startNs[k] = from;
            endNs[k] = from + took;
          }
          break;
        }
        default: {
          const from = now[core]!;
          let took = 0;
          if (code === Op.ST) {
            const bytes = elements[k]! * elementBytes;
            took = memory[Math.floor(core / REFERENCE_CORES_PER_CHIP)]!.book(from, Math.ceil(bytes / globalGbps));
            memoryNs[core]! += took;
            times.storeBytes += bytes;
          } else if (isTimed(code, layer[k]!, options.loneActivations)) {
            took = Math.ceil((elements[k]! * elementBytes) / bytesPerStep) * stepNs;
            const where = stage[k]!;
            if (code === Op.VVADD) {
              if (where === Stage.MAIN_C) lastMeeting[core]! += took;
              else if (where !== Stage.POST && where !== Stage.MAIN_A && where !== Stage.MAIN_B) took = 0;
            }
            vectorNs[core]! += took;
          }
          now[core] = from + took;
          if (startNs && endNs) {
            startNs[k] = from;
            endNs[k] = from + took;
          }
        }
      }
    }
    at[core] = last;
    closeGroup(core);
    return -1;
  };

  for (let g = 0; g < program.groups; g++) {
    let any = false;
    for (let core = 0; core < cores; core++) {
      const stop = coreStart[core + 1]!;
      let k = end[core]!;
      while (k < stop && group[k]! <= g) k++;
      any ||= k > end[core]!;
      end[core] = k;
    }
    if (!any) continue;
    let visited = 1;
    let depth = 0;
    let core = 0;
    for (;;) {
      const partner = run(core);
      if (partner >= 0) {
        stack[depth++] = core;
        core = partner;
      } else if (visited < cores) core = visited++;
      else if (depth > 0) core = stack[--depth]!;
      else break;
    }
  }

  for (let core = 0; core < cores; core++) {
    if (at[core]! < coreStart[core + 1]!)
      throw new Error(`Core ${core} waits for ever for the partner of transfer ${pair[at[core]!]}.`);
    times.timeNs = Math.max(times.timeNs, now[core]!);
  }
  return times;
}

/** The vector instructions that have a case in the released evaluator. */
function isTimed(code: number, layer: number, lone: ReadonlySet<number> | undefined): boolean {
  switch (code) {
    case Op.VVADD:
    case Op.VRELU:
    case Op.VTANH:
    case Op.VVMAX:
      return true;
    case Op.VSIGM:
      return !lone?.has(layer);
    default:
      return false;
  }
}

function agCount(program: Program): number {
  let most = -1;
  for (let k = 0; k < program.count; k++) if (program.ag[k]! > most) most = program.ag[k]!;
  return most + 1;
}
