import type { LayoutSpec, ViewGraph, ViewLayout, ViewNode } from '../../../engines/onnx/view/types.ts';

/** All nodes have one size: two lines of text. */
export const NODE = { w: 208, h: 46 };

export function layoutSpec({ nodes, edges }: ViewGraph): LayoutSpec {
  return { nodes: nodes.map(() => NODE), edges };
}

/** A graph with its places: what both surfaces draw. */
export interface Placed {
  graph: ViewGraph;
  layout: ViewLayout;
}

/** How a node looks beyond its text. */
export interface NodeLook {
  colour?: string;
  note?: string;
}

export interface ModelMarks {
  selected?: number;
  highlight: ReadonlySet<number>;
}

/** The node under a point of the drawing. */
export function nodeAt({ graph, layout }: Placed, x: number, y: number): number | undefined {
  for (let index = graph.nodes.length - 1; index >= 0; index--) {
    const place = layout.nodes[index]!;
    if (x >= place.x && x <= place.x + NODE.w && y >= place.y && y <= place.y + NODE.h) return index;
  }
  return undefined;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The node to go to from one: along its edges up and down, else the nearest in that direction. */
export function neighbourOf({ graph, layout }: Placed, from: number, direction: Direction): number | undefined {
  const middle = (index: number) => {
    const { x, y } = layout.nodes[index]!;
    return { x: x + NODE.w / 2, y: y + NODE.h / 2 };
  };
  const here = middle(from);
  const along = graph.edges.flatMap(([a, b]) =>
    direction === 'down' && a === from ? [b] : direction === 'up' && b === from ? [a] : [],
  );
  const sideways = direction === 'left' || direction === 'right';
  const candidates = sideways ? graph.nodes.map((_, index) => index) : along;
  const away = (index: number) => {
    const there = middle(index);
    return Math.abs(there.x - here.x) + (sideways ? 4 : 1) * Math.abs(there.y - here.y);
  };
  const ahead = candidates.filter((index) => {
    const there = middle(index);
    if (direction === 'left') return there.x < here.x - 1 && Math.abs(there.y - here.y) < 400;
    if (direction === 'right') return there.x > here.x + 1 && Math.abs(there.y - here.y) < 400;
    return index !== from;
  });
  return ahead.length === 0 ? undefined : ahead.reduce((best, index) => (away(index) < away(best) ? index : best));
}

/** Layers whose name has all the words, in order. */
export function findLayers(names: readonly string[], text: string): number[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return names.flatMap((name, index) => (words.every((word) => name.toLowerCase().includes(word)) ? [index] : []));
}

export function isFolded(node: ViewNode): boolean {
  return node.kind !== 'layer';
}
