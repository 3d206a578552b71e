import { type ElkEdge, type ElkNode, type Point, runElk } from '../core/elk.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Result } from '../core/result.ts';
import { size } from './layout-size.ts';
import { schematic } from './schematic.ts';
import type {
  PlacedSymbol,
  SchematicEdge,
  SchematicGraph,
  SchematicLayout,
  SchematicSpec,
  Wire,
} from './schematic-types.ts';

const MARGIN = 16;
/** Above this many symbols the straightest placement would take many seconds; a quicker one follows. */
const QUICK_ABOVE = 160;

/**
 * Draws a module: symbols of fixed sizes placed in layers from inputs to outputs, wires routed at right angles (ELK
 * layered, Schulze, Spönemann, von Hanxleden: "Drawing layered graphs with port constraints", 2014).
 * Fails with `no-such-module`, `too-large`, or `layout-failed`.
 */
export async function layout(spec: SchematicSpec, job: Job): Promise<Result<SchematicLayout>> {
  job.progress(0, 'reading the netlist');
  const drawn = schematic(spec);
  if (!drawn.ok) return drawn;
  const graph = drawn.value;
  if (job.signal.aborted) throw job.signal.reason;
  const symbols = graph.symbols.map(size);
  job.progress(0.1, `placing ${symbols.length} symbols`);
  let placed: ElkNode;
  try {
    placed = await runElk(elkGraph(graph, symbols));
  } catch (thrown) {
    const what = thrown instanceof Error ? thrown.message : String(thrown);
    return fail(
      error(
        'layout-failed',
        `Module ${spec.module} could not be laid out: ${what}`,
        'Please report this with the design.',
      ),
    );
  }
  if (job.signal.aborted) throw job.signal.reason;
  return ok(collect(graph, symbols, placed));
}

const portId = ([symbol, pin]: readonly [number, number]): string => `${symbol}.${pin}`;

function elkGraph(graph: SchematicGraph, symbols: readonly PlacedSymbol[]): ElkNode {
  const large = symbols.length > QUICK_ABOVE;
  const constraints = layers(graph, symbols);
  return {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.randomSeed': '1',
      'elk.separateConnectedComponents': 'false',
      'elk.layered.cycleBreaking.strategy': 'GREEDY',
      'elk.layered.nodePlacement.strategy': large ? 'BRANDES_KOEPF' : 'NETWORK_SIMPLEX',
      'elk.layered.nodePlacement.favorStraightEdges': 'true',
      'elk.layered.thoroughness': large ? '4' : '10',
      'elk.spacing.nodeNode': '16',
      'elk.spacing.edgeNode': '10',
      'elk.spacing.edgeEdge': '10',
      'elk.layered.spacing.nodeNodeBetweenLayers': '24',
      'elk.layered.spacing.edgeNodeBetweenLayers': '10',
      'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
      'elk.padding': `[top=${MARGIN},left=${MARGIN},bottom=${MARGIN},right=${MARGIN}]`,
    },
    children: symbols.map((symbol, s) => ({
      id: `${s}`,
      width: symbol.w,
      height: symbol.h,
      layoutOptions: {
        'elk.portConstraints': 'FIXED_POS',
        ...(constraints[s] && { 'elk.layered.layering.layerConstraint': constraints[s] }),
      },
      ports: symbol.pins.map((pin, p) => ({
        id: portId([s, p]),
        x: pin.x,
        y: pin.y,
        width: 0,
        height: 0,
        layoutOptions: { 'elk.port.side': { west: 'WEST', east: 'EAST', south: 'SOUTH' }[pin.side] },
      })),
    })),
    edges: graph.edges.map((edge, e) => ({
      id: `e${e}`,
      sources: [portId(edge.from)],
      targets: [portId(edge.to)],
      layoutOptions: { 'elk.layered.priority.direction': leavesRegister(edge, symbols) ? '0' : '10' },
    })),
  };
}

/** Inputs stand at the left, outputs at the right, and what only joins labels for an output stands beside it. */
function layers(graph: SchematicGraph, symbols: readonly PlacedSymbol[]): (string | undefined)[] {
  const fed = new Set(graph.edges.map((edge) => edge.to[0]));
  const inner = new Set<number>();
  const outer = new Set<number>();
  for (const { from, to } of graph.edges) (symbols[to[0]]!.shape === 'output' ? outer : inner).add(from[0]);
  return symbols.map(({ shape }, s) => {
    if (shape === 'input') return 'FIRST';
    if (shape === 'output') return 'LAST_SEPARATE';
    return outer.has(s) && !inner.has(s) && !fed.has(s) ? 'LAST' : undefined;
  });
}

/** Loops are opened where a register's output turns back, so that logic reads from left to right into the register. */
function leavesRegister(edge: SchematicEdge, symbols: readonly PlacedSymbol[]): boolean {
  const { shape } = symbols[edge.from[0]]!;
  return shape === 'register' || shape === 'latch' || shape === 'memory';
}

function collect(graph: SchematicGraph, symbols: readonly PlacedSymbol[], placed: ElkNode): SchematicLayout {
  const at = new Map((placed.children ?? []).map((node) => [node.id, node]));
  const edges = new Map((placed.edges ?? []).map((edge) => [edge.id, edge]));
  const round = (value: number | undefined): number => Math.round((value ?? 0) * 2) / 2;
  return {
    module: graph.module,
    width: Math.ceil(placed.width ?? 0),
    height: Math.ceil(placed.height ?? 0),
    symbols: symbols.map((symbol, s) => {
      const node = at.get(`${s}`);
      return { ...symbol, x: round(node?.x), y: round(node?.y) };
    }),
    nets: graph.nets,
    wires: graph.edges.map((edge, e) => wire(edge, edges.get(`e${e}`), round)),
  };
}

function wire(edge: SchematicEdge, routed: ElkEdge | undefined, round: (value: number) => number): Wire {
  const points: Point[] = [];
  for (const { startPoint, bendPoints, endPoint } of routed?.sections ?? []) {
    points.push(startPoint, ...(bendPoints ?? []), endPoint);
  }
  return {
    ...edge,
    points: points.flatMap(({ x, y }) => [round(x), round(y)]),
    junctions: (routed?.junctionPoints ?? []).flatMap(({ x, y }) => [round(x), round(y)]),
  };
}
