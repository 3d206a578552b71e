/** A node of the drawn network: one layer, a folded block of layers, or a run of equal blocks. */
export interface ViewNode {
  /** Stable while other nodes fold and unfold: "l12", "b:stage1/block0", "r:encoder.0". */
  id: string;
  kind: 'layer' | 'block' | 'run';
  /** Layers that it stands for, in order. */
  layers: number[];
  title: string;
  /** Second line: what the layer is, or how many layers are inside. */
  detail: string;
  /** Equal blocks in a run. */
  times: number;
}

/** What is drawn of a network: nodes in topological order, and each edge once. */
export interface ViewGraph {
  nodes: ViewNode[];
  /** Pairs of indices in `nodes`. */
  edges: [from: number, to: number][];
  /** Ids that can be folded again: the blocks and runs that stand open. */
  open: { id: string; title: string }[];
}

/** Spec of the entry `onnx/layout`: sizes and edges of a graph, whatever it shows. */
export interface LayoutSpec {
  nodes: { w: number; h: number }[];
  edges: [from: number, to: number][];
}

/** Places in drawing units, from top to bottom; `points` of an edge from its source to its target. */
export interface ViewLayout {
  width: number;
  height: number;
  nodes: { x: number; y: number }[];
  edges: { points: [x: number, y: number][] }[];
}
