import { type Node, type NodeProps, ReactFlow, ReactFlowProvider, useReactFlow, ViewportPortal } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { memo, useImperativeHandle, useMemo } from 'react';
import type { ViewNode } from '../../../engines/onnx/view/types.ts';
import { classes } from '../../ui/classes.ts';
import { STILL_FLOW } from '../still-flow.ts';
import { GLIDE_MS, wantsStillness } from '../surface.ts';
import { NODE, type NodeLook, type Placed } from './shape.ts';
import type { ModelSurfaceProps } from './surface.ts';

interface Data extends Record<string, unknown> {
  node: ViewNode;
  look: NodeLook;
  selected: boolean;
  lit: boolean;
}

type LayerNode = Node<Data, 'layer'>;

const LayerBox = memo(function LayerBox({ data: { node, look, selected, lit } }: NodeProps<LayerNode>) {
  return (
    <div
      className={classes('model-node', `model-${node.kind}`, selected && 'model-selected', lit && 'model-lit')}
      style={{ inlineSize: NODE.w, blockSize: NODE.h }}
    >
      <span className="model-colour" style={look.colour ? { background: look.colour } : undefined} />
      <span className="model-title mono">{node.title}</span>
      <span className="model-detail">{node.detail}</span>
      {(look.note || node.times > 1) && <span className="model-note">{look.note ?? `× ${node.times}`}</span>}
    </div>
  );
});

const nodeTypes = { layer: LayerBox };

/** Shows a network with React Flow: real elements, sharp at any zoom. For up to about 300 nodes. */
export function ModelFlow(props: ModelSurfaceProps) {
  return (
    <ReactFlowProvider>
      <Inner {...props} />
    </ReactFlowProvider>
  );
}

function Inner({ placed, looks, marks, start, ref, onMove }: ModelSurfaceProps) {
  const flow = useReactFlow();
  useImperativeHandle(
    ref,
    () => ({
      camera: flow.getViewport,
      look: (camera, glide) => void flow.setViewport(camera, { duration: glide && !wantsStillness() ? GLIDE_MS : 0 }),
    }),
    [flow],
  );
  const nodes = useMemo(
    () =>
      placed.graph.nodes.map(
        (node, index): LayerNode => ({
          id: node.id,
          type: 'layer',
          position: placed.layout.nodes[index]!,
          width: NODE.w,
          height: NODE.h,
          data: {
            node,
            look: looks[index] ?? {},
            selected: marks.selected === index,
            lit: marks.highlight.has(index),
          },
        }),
      ),
    [placed, looks, marks],
  );
  return (
    <ReactFlow
      nodes={nodes}
      {...STILL_FLOW}
      nodeTypes={nodeTypes}
      defaultViewport={start}
      onMove={(event, camera) => {
        if (event) onMove(camera);
      }}
    >
      <ViewportPortal>
        <Edges placed={placed} />
      </ViewportPortal>
    </ReactFlow>
  );
}

const Edges = memo(function Edges({ placed: { layout } }: { placed: Placed }) {
  return (
    <svg className="graph-wires" width={layout.width} height={layout.height} aria-hidden>
      {layout.edges.map(({ points }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an edge has no name but its place.
        <polyline key={index} className="model-edge" points={points.map((point) => point.join(',')).join(' ')} />
      ))}
    </svg>
  );
});
