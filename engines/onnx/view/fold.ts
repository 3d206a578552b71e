import type { Layer, Network } from '../network.ts';
import { describeLayer } from './describe.ts';
import type { ViewGraph, ViewNode } from './types.ts';

/** A part of the structure: a block with the layers and blocks inside it, in the order of their first layers. */
interface Part {
  /** "stage1/block0". */
  path: string;
  title: string;
  layers: number[];
  parts: (Part | number)[];
}

/**
 * What to draw of a network when the blocks in `open` stand unfolded. Folded blocks are one node; neighbouring blocks of
 * equal structure are one node for the whole run until it is opened ("× 12").
 */
export function viewGraph(network: Network, open: ReadonlySet<string>): ViewGraph {
  const nodes: ViewNode[] = [];
  const opened: ViewGraph['open'] = [];
  const signatures = new Map<Part, string>();
  const add = (parts: readonly (Part | number)[]): void => {
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at]!;
      if (typeof part === 'number') {
        nodes.push(layerNode(network.layers[part]!));
        continue;
      }
      const run = runFrom(network, parts, at, signatures);
      const id = `r:${part.path}`;
      if (run.length > 1 && !open.has(id)) {
        const layers = run.flatMap((each) => each.layers);
        const detail = `${run.length} equal blocks of ${layerCount(part.layers.length)}`;
        nodes.push({
          id,
          kind: 'run',
          layers,
          title: `${part.title} – ${run.at(-1)!.title}`,
          detail,
          times: run.length,
        });
        at += run.length - 1;
        continue;
      }
      if (run.length > 1) opened.push({ id, title: `${part.title} – ${run.at(-1)!.title}` });
      for (const each of run) {
        const own = `b:${each.path}`;
        if (open.has(own)) {
          opened.push({ id: own, title: each.title });
          add(each.parts);
        } else {
          const detail = layerCount(each.layers.length);
          nodes.push({ id: own, kind: 'block', layers: each.layers, title: each.title, detail, times: 1 });
        }
      }
      at += run.length - 1;
    }
  };
  add(partsOf(network.layers));
  return { nodes, edges: edgesOf(network, nodes), open: opened };
}

/** The ids that must stand open for a layer to be seen. */
export function openingsFor(network: Network, layer: number): string[] {
  const { block } = network.layers[layer]!;
  const ids = block.map((_, depth) => `b:${block.slice(0, depth + 1).join('/')}`);
  for (;;) {
    const hiding = viewGraph(network, new Set(ids)).nodes.find(
      ({ layers, kind }) => kind !== 'layer' && layers.includes(layer),
    );
    if (!hiding) return ids;
    ids.push(hiding.id);
  }
}

/** Opens as much as fits into `most` nodes, outer blocks first: what a view starts with. */
export function openingsWithin(network: Network, most: number): string[] {
  let ids: string[] = [];
  for (;;) {
    const graph = viewGraph(network, new Set(ids));
    const next = graph.nodes.filter(({ kind }) => kind === 'block').map(({ id }) => id);
    if (next.length === 0) return ids;
    const tried = [...ids, ...next];
    if (viewGraph(network, new Set(tried)).nodes.length > most) return ids;
    ids = tried;
  }
}

/** Opens every block and every run of equal blocks. */
export function everyOpening({ layers }: Network): string[] {
  const paths = new Set(layers.flatMap(({ block }) => block.map((_, depth) => block.slice(0, depth + 1).join('/'))));
  return [...paths].flatMap((path) => [`b:${path}`, `r:${path}`]);
}

function layerCount(count: number): string {
  return count === 1 ? '1 layer' : `${count} layers`;
}

function layerNode(layer: Layer): ViewNode {
  const { title, detail } = describeLayer(layer);
  return { id: `l${layer.index}`, kind: 'layer', layers: [layer.index], title, detail, times: 1 };
}

/** Layers sorted into their blocks. A block whose layers stand apart in the order is still one. */
function partsOf(layers: readonly Layer[]): (Part | number)[] {
  const top: (Part | number)[] = [];
  const known = new Map<string, Part>();
  for (const { index, block } of layers) {
    let list = top;
    for (let depth = 0; depth < block.length; depth++) {
      const path = block.slice(0, depth + 1).join('/');
      let part = known.get(path);
      if (!part) {
        part = { path, title: block[depth]!, layers: [], parts: [] };
        known.set(path, part);
        list.push(part);
      }
      part.layers.push(index);
      list = part.parts;
    }
    list.push(index);
  }
  return top;
}

/** The block at `at` and the blocks right behind it that are equal to it. */
function runFrom(network: Network, parts: readonly (Part | number)[], at: number, kept: Map<Part, string>): Part[] {
  const first = parts[at] as Part;
  const signature = signatureOf(network, first, kept);
  const run = [first];
  for (let next = at + 1; next < parts.length; next++) {
    const part = parts[next]!;
    if (typeof part === 'number' || signatureOf(network, part, kept) !== signature) break;
    run.push(part);
  }
  return run;
}

/** Equal for blocks that do the same on the same shapes, wired alike inside. */
function signatureOf(network: Network, part: Part, kept: Map<Part, string>): string {
  const known = kept.get(part);
  if (known !== undefined) return known;
  const places = new Map(part.layers.map((layer, place) => [layer, place]));
  const signature = JSON.stringify(
    part.layers.map((index) => {
      const layer = network.layers[index]!;
      const inputs = layer.inputs.map((input) => places.get(input) ?? -1);
      return [layer.kind, layer.inputShapes, layer.outputShape, inputs, layer.activation, layer.block.length];
    }),
  );
  kept.set(part, signature);
  return signature;
}

function edgesOf(network: Network, nodes: readonly ViewNode[]): [number, number][] {
  const owner = new Int32Array(network.layers.length).fill(-1);
  for (const [node, { layers }] of nodes.entries()) for (const layer of layers) owner[layer] = node;
  const seen = new Set<number>();
  const edges: [number, number][] = [];
  for (const layer of network.layers) {
    for (const input of layer.inputs) {
      const [from, to] = [owner[input]!, owner[layer.index]!];
      const key = from * nodes.length + to;
      if (from === to || seen.has(key)) continue;
      seen.add(key);
      edges.push([from, to]);
    }
  }
  return edges;
}
