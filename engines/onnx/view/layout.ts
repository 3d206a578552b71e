import { type ElkNode, runElk } from '../../core/elk.ts';
import type { Job } from '../../core/job.ts';
import { error, fail, ok, type Result } from '../../core/result.ts';
import type { LayoutSpec, ViewLayout } from './types.ts';

const MARGIN = 16;
/** Above this many nodes the straightest placement takes seconds; a quicker one follows. */
const QUICK_ABOVE = 150;

/**
 * Places a graph in layers from top to bottom (ELK layered, Schulze, Spönemann, von Hanxleden: "Drawing layered graphs with
 * port constraints", 2014). Fails with `layout-failed`.
 */
export async function layout(spec: LayoutSpec, job: Job): Promise<Result<ViewLayout>> {
  job.progress(0, `Placing ${spec.nodes.length} nodes`);
  try {
    return ok(collect(spec, await runElk(elkGraph(spec))));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return fail(
      error(
        'layout-failed',
        `The graph could not be laid out: ${why}`,
        'Use the table of layers, and report the model.',
      ),
    );
  }
}

function elkGraph({ nodes, edges }: LayoutSpec): ElkNode {
  const large = nodes.length > QUICK_ABOVE;
  return {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'DOWN',
      'elk.edgeRouting': 'POLYLINE',
      'elk.randomSeed': '1',
      'elk.separateConnectedComponents': 'false',
      'elk.layered.nodePlacement.strategy': large ? 'BRANDES_KOEPF' : 'NETWORK_SIMPLEX',
      'elk.layered.thoroughness': large ? '2' : '7',
      'elk.spacing.nodeNode': '24',
      'elk.spacing.edgeNode': '12',
      'elk.layered.spacing.nodeNodeBetweenLayers': '28',
      'elk.layered.spacing.edgeNodeBetweenLayers': '12',
      'elk.padding': `[top=${MARGIN},left=${MARGIN},bottom=${MARGIN},right=${MARGIN}]`,
    },
    children: nodes.map(({ w, h }, index) => ({ id: `${index}`, width: w, height: h })),
    edges: edges.map(([from, to], index) => ({ id: `e${index}`, sources: [`${from}`], targets: [`${to}`] })),
  };
}

function collect({ edges }: LayoutSpec, placed: ElkNode): ViewLayout {
  const found = new Map((placed.edges ?? []).map((edge) => [edge.id, edge.sections ?? []]));
  return {
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    nodes: (placed.children ?? []).map(({ x = 0, y = 0 }) => ({ x, y })),
    edges: edges.map((_, index) => ({
      points: (found.get(`e${index}`) ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) =>
        [startPoint, ...bendPoints, endPoint].map(({ x, y }): [number, number] => [x, y]),
      ),
    })),
  };
}
