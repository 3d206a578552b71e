import type { Library, WireLoad } from '../liberty/types.ts';
import type { TimingGraph } from './graph.ts';
import type { Constraints, TimingOptions } from './types.ts';

export interface Loads {
  /** pF by net and edge: pins, ports and wire. */
  rise: Float64Array;
  fall: Float64Array;
  /** kOhm and pF of the wire by net; absent: no net has a resistance. */
  wire?: { resistanceKohm: Float64Array; capacitancePf: Float64Array };
  fanout: Int32Array;
}

/** What each net loads its drivers with. The wire counts what the net feeds, pins and ports. */
export function netLoads(
  graph: TimingGraph,
  library: Library,
  constraints: Constraints,
  options: TimingOptions,
): Loads {
  const { design, loadStart, loads, drivers, driverStart, instanceOf, pinBase } = graph;
  const nets = design.nets.length;
  const rise = new Float64Array(nets);
  const fall = new Float64Array(nets);
  const fanout = new Int32Array(nets);
  const portBase = pinBase[design.instances.length] as number;
  const model = wireModel(library, constraints);
  const resistanceKohm = model && model.resistanceKohmPerUnit > 0 ? new Float64Array(nets) : undefined;
  const capacitancePf = resistanceKohm && new Float64Array(nets);
  for (let net = 0; net < nets; net++) {
    const first = loadStart[net] as number;
    const end = loadStart[net + 1] as number;
    const fed = end - first;
    fanout[net] = fed;
    let up = 0;
    let down = 0;
    for (let k = first; k < end; k++) {
      const v = loads[k] as number;
      const instance = instanceOf[v] as number;
      if (instance < 0) {
        const name = design.ports[v - portBase]?.name ?? '';
        const load = constraints.loadsPf[name] ?? options.outputLoadPf;
        up += load;
        down += load;
        continue;
      }
      const pin = design.instances[instance]?.cell.pins[v - (pinBase[instance] as number)];
      up += pin?.riseCapacitancePf ?? 0;
      down += pin?.fallCapacitancePf ?? 0;
    }
    // A driver of a shared net loads the others.
    const firstDriver = driverStart[net] as number;
    const endDriver = driverStart[net + 1] as number;
    if (endDriver - firstDriver > 1) {
      for (let k = firstDriver + 1; k < endDriver; k++) {
        const v = drivers[k] as number;
        const instance = instanceOf[v] as number;
        const pin = design.instances[instance]?.cell.pins[v - (pinBase[instance] as number)];
        up += pin?.riseCapacitancePf ?? 0;
        down += pin?.fallCapacitancePf ?? 0;
      }
    }
    let wire = options.wire.basePf + options.wire.perFanoutPf * fed;
    if (model) {
      const length = wireLength(model, fed);
      wire = length * model.capacitancePfPerUnit;
      if (resistanceKohm && capacitancePf) {
        resistanceKohm[net] = length * model.resistanceKohmPerUnit;
        capacitancePf[net] = wire;
      }
    } else if (fed === 0) wire = 0;
    rise[net] = up + wire;
    fall[net] = down + wire;
  }
  return { rise, fall, fanout, wire: resistanceKohm && capacitancePf && { resistanceKohm, capacitancePf } };
}

export function wireModel(library: Library, constraints: Constraints): WireLoad | undefined {
  return library.wireLoads.find(({ name }) => name === constraints.wireLoad);
}

/** Length of a net by its fanout: as the table has it, straight between its entries, by the slope past the last. */
export function wireLength({ lengths, slope }: WireLoad, fanout: number): number {
  const [first] = lengths;
  if (fanout === 0) return 0;
  if (!first) return slope * fanout;
  if (fanout <= first.fanout) return first.length - (first.fanout - fanout) * slope;
  for (let i = 1; i < lengths.length; i++) {
    const low = lengths[i - 1] as { fanout: number; length: number };
    const high = lengths[i] as { fanout: number; length: number };
    if (fanout > high.fanout) continue;
    const part = (fanout - low.fanout) / (high.fanout - low.fanout);
    return low.length + part * (high.length - low.length);
  }
  const last = lengths[lengths.length - 1] as { fanout: number; length: number };
  return last.length + (fanout - last.fanout) * slope;
}

/**
 * From the driver to each pin it feeds, in ns, as of a balanced tree: every pin has its share of the wire's resistance and
 * capacitance to itself, and the Elmore delay of that (kOhm times pF is ns).
 */
export function wireDelay(loads: Loads, net: number, pinPf: number): number {
  if (!loads.wire || net < 0) return 0;
  const fed = Math.max(1, loads.fanout[net] as number);
  const r = (loads.wire.resistanceKohm[net] as number) / fed;
  const c = (loads.wire.capacitancePf[net] as number) / fed;
  return r * (c + pinPf);
}
