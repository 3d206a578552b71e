import { DEVICE, type Device, type Polarity } from './device.ts';

/**
 * Transistors between a stage's output and a rail. In a series the first is the nearest to the output.
 * A leaf is a transistor, by the node at its gate (its name, or its number in a circuit) and its width in um.
 */
export type Network<Node = string> =
  | { gate: Node; widthUm: number }
  | { series: Network<Node>[] }
  | { parallel: Network<Node>[] };

/** A node and the two networks that drive it. Where neither conducts the node keeps its value. */
export interface Stage<Node = string> {
  output: Node;
  pullDown: Network<Node>;
  pullUp: Network<Node>;
  /** The output pin to which its energy is counted, in cells of several. */
  owner?: string;
}

/** The structure of a pull-down network, of gates' names; its dual is the pull-up. */
export type Shape = string | { series: Shape[] } | { parallel: Shape[] };

export const series = (...parts: Shape[]): Shape => ({ series: parts });
export const parallel = (...parts: Shape[]): Shape => ({ parallel: parts });

export function dual(shape: Shape): Shape {
  if (typeof shape === 'string') return shape;
  return 'series' in shape ? { parallel: shape.series.map(dual) } : { series: shape.parallel.map(dual) };
}

export function sized(shape: Shape, widthUm: number): Network {
  if (typeof shape === 'string') return { gate: shape, widthUm };
  return 'series' in shape
    ? { series: shape.series.map((part) => sized(part, widthUm)) }
    : { parallel: shape.parallel.map((part) => sized(part, widthUm)) };
}

/** A static complementary gate of `size` fingers: its output is the inverse of the pull-down's function. */
export function gate(output: string, pullDown: Shape, size = 1, owner?: string): Stage {
  return {
    output,
    pullDown: sized(pullDown, size * DEVICE.fingerUm.n),
    pullUp: sized(dual(pullDown), size * DEVICE.fingerUm.p),
    ...(owner ? { owner } : {}),
  };
}

/** The same network, its nodes named otherwise. */
export function renamed<From, To>(network: Network<From>, name: (node: From) => To): Network<To> {
  if ('gate' in network) return { gate: name(network.gate), widthUm: network.widthUm };
  return 'series' in network
    ? { series: network.series.map((part) => renamed(part, name)) }
    : { parallel: network.parallel.map((part) => renamed(part, name)) };
}

export function leaves<Node>(network: Network<Node>): { gate: Node; widthUm: number }[] {
  if ('gate' in network) return [network];
  return ('series' in network ? network.series : network.parallel).flatMap(leaves);
}

/** Poly columns, n and p transistors one above the other. */
export function columnsOf<Node>(stage: Stage<Node>): number {
  const fingers = (network: Network<Node>, widest: number) =>
    leaves(network).reduce((sum, { widthUm }) => sum + Math.ceil(widthUm / widest - 1e-9), 0);
  return Math.max(fingers(stage.pullDown, DEVICE.fingerUm.n), fingers(stage.pullUp, DEVICE.fingerUm.p));
}

/** Width of diffusion that touches the network's end at the output (or, `bottom`, at the rail). */
export function endWidthUm<Node>(network: Network<Node>, bottom = false): number {
  if ('gate' in network) return network.widthUm;
  if ('parallel' in network) return network.parallel.reduce((sum, part) => sum + endWidthUm(part, bottom), 0);
  const end = network.series[bottom ? network.series.length - 1 : 0];
  return end ? endWidthUm(end, bottom) : 0;
}

/** Whether a gate at this node lets its transistor conduct. */
export type IsOn<Node> = (node: Node) => boolean;

export function conducts<Node>(network: Network<Node>, isOn: IsOn<Node>): boolean {
  if ('gate' in network) return isOn(network.gate);
  return 'series' in network
    ? network.series.every((part) => conducts(part, isOn))
    : network.parallel.some((part) => conducts(part, isOn));
}

export interface Path {
  resistanceKohm: number;
  /** Elmore's sum over the inner nodes that have to follow the output. */
  innerPs: number;
}

/**
 * What conducts, seen from the output. Inner nodes between the output and the transistor that switched last (`cause`) move
 * with the output; those beyond it already lie at the rail.
 */
export function conductingPath<Node>(
  network: Network<Node>,
  isOn: IsOn<Node>,
  cause: Node,
  kohmUm: number,
  belowKohm = 0,
): Path & { holdsCause: boolean } {
  if ('gate' in network) {
    return { resistanceKohm: kohmUm / network.widthUm, innerPs: 0, holdsCause: network.gate === cause };
  }
  if ('parallel' in network) {
    let conductance = 0;
    let innerPs = 0;
    let holdsCause = false;
    for (const part of network.parallel) {
      if (!conducts(part, isOn)) continue;
      const path = conductingPath(part, isOn, cause, kohmUm, belowKohm);
      conductance += 1 / path.resistanceKohm;
      innerPs += path.innerPs;
      holdsCause ||= path.holdsCause;
    }
    return { resistanceKohm: 1 / conductance, innerPs, holdsCause };
  }
  let resistanceKohm = 0;
  let innerPs = 0;
  let holdsCause = false;
  for (let at = network.series.length - 1; at >= 0; at--) {
    const part = network.series[at];
    if (!part) continue;
    const path = conductingPath(part, isOn, cause, kohmUm, belowKohm + resistanceKohm);
    resistanceKohm += path.resistanceKohm;
    innerPs += path.innerPs;
    holdsCause ||= path.holdsCause;
    const above = network.series[at - 1];
    if (above && holdsCause) {
      const nodeFf = 0.5 * DEVICE.diffusionFfPerUm * (endWidthUm(above, true) + endWidthUm(part));
      innerPs += nodeFf * (belowKohm + resistanceKohm);
    }
  }
  return { resistanceKohm, innerPs, holdsCause };
}

/** The weakest path from output to rail. */
export function weakestKohm<Node>(network: Network<Node>, kohmUm: number): number {
  if ('gate' in network) return kohmUm / network.widthUm;
  if ('series' in network) return network.series.reduce((sum, part) => sum + weakestKohm(part, kohmUm), 0);
  return Math.max(...network.parallel.map((part) => weakestKohm(part, kohmUm)));
}

/** Leakage of a network that does not conduct; transistors that are on count as wires. */
export function offCurrentNa<Node>(
  network: Network<Node>,
  isOn: IsOn<Node>,
  polarity: Polarity,
  device: Device,
): number {
  return device.offCurrentNa(polarity, [offWidthUm(network, isOn, polarity, device)]);
}

/** Width of the one off transistor that would leak as much; Infinity where the network conducts. */
function offWidthUm<Node>(network: Network<Node>, isOn: IsOn<Node>, polarity: Polarity, device: Device): number {
  if ('gate' in network) return isOn(network.gate) ? Number.POSITIVE_INFINITY : network.widthUm;
  if ('parallel' in network) {
    return network.parallel.reduce((sum, part) => sum + offWidthUm(part, isOn, polarity, device), 0);
  }
  const widths = network.series
    .map((part) => offWidthUm(part, isOn, polarity, device))
    .filter((width) => width < Number.POSITIVE_INFINITY);
  if (widths.length === 0) return Number.POSITIVE_INFINITY;
  if (widths.length === 1) return widths[0] ?? 0;
  return device.offCurrentNa(polarity, widths) / device.offCurrentNa(polarity, [1]);
}
