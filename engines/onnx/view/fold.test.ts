import { describe, expect, it } from 'vitest';
import { zooNetwork } from '../load.ts';
import type { Network } from '../network.ts';
import { everyOpening, openingsFor, openingsWithin, viewGraph } from './fold.ts';

function zoo(id: string): Network {
  const network = zooNetwork(id);
  if (!network.ok) throw new Error(network.problems[0]!.what);
  return network.value;
}

const networks = ['resnet18', 'googlenet', 'mobilenet-v2'].map(zoo);

describe.each(networks)('the graph of $name', (network) => {
  it('shows every layer once, folded or not', () => {
    for (const open of [[], openingsWithin(network, 40), openingsWithin(network, Number.POSITIVE_INFINITY)]) {
      const { nodes, edges } = viewGraph(network, new Set(open));
      const shown = nodes.flatMap(({ layers }) => layers).sort((a, b) => a - b);
      expect(shown).toEqual(network.layers.map(({ index }) => index));
      expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
      // No edge from a node to itself, none twice, and every node but the inputs is reached.
      expect(edges.every(([from, to]) => from !== to)).toBe(true);
      expect(new Set(edges.map(String)).size).toBe(edges.length);
      const reached = new Set(edges.map(([, to]) => to));
      expect(
        nodes
          .filter((_, index) => !reached.has(index))
          .every(({ layers }) => layers.some((layer) => network.layers[layer]!.kind.op === 'input')),
      ).toBe(true);
    }
  });

  it('keeps to the number of nodes that is wanted', () => {
    expect(viewGraph(network, new Set(openingsWithin(network, 40))).nodes.length).toBeLessThanOrEqual(
      Math.max(40, viewGraph(network, new Set()).nodes.length),
    );
  });

  it('unfolds down to every layer', () => {
    const { nodes } = viewGraph(network, new Set(everyOpening(network)));
    expect(nodes.map(({ layers }) => layers)).toHaveLength(network.layers.length);
    expect(nodes.every(({ kind }) => kind === 'layer')).toBe(true);
  });

  it('unfolds what hides a layer', () => {
    for (const { index } of network.layers) {
      const { nodes } = viewGraph(network, new Set(openingsFor(network, index)));
      expect(nodes.some(({ kind, layers }) => kind === 'layer' && layers[0] === index)).toBe(true);
    }
  });
});
