import { type Node, type NodeProps, ReactFlow, ReactFlowProvider, useReactFlow, ViewportPortal } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { memo, useImperativeHandle, useMemo } from 'react';
import type { PlacedSymbol, SchematicLayout } from '../../engines/synthesis/index.ts';
import { dotsPath, wholeWire, wirePath } from './drawing.ts';
import { SymbolMarks } from './marks.tsx';
import type { Marked } from './painter.ts';
import { STILL_FLOW } from './still-flow.ts';
import { GLIDE_MS, type SurfaceProps, wantsStillness } from './surface.ts';

type SymbolNode = Node<{ symbol: PlacedSymbol }, 'symbol'>;

const SymbolBox = memo(function SymbolBox({ data: { symbol } }: NodeProps<SymbolNode>) {
  return (
    <svg className="graph-symbol" width={symbol.w} height={symbol.h} aria-hidden>
      <SymbolMarks symbol={symbol} />
    </svg>
  );
});

const nodeTypes = { symbol: SymbolBox };

/** Shows a layout with React Flow: real elements, sharp at any zoom. For up to about 300 symbols. */
export function FlowSurface(props: SurfaceProps) {
  return (
    <ReactFlowProvider>
      <Inner {...props} />
    </ReactFlowProvider>
  );
}

function Inner({ layout, marked, start, ref, onMove }: SurfaceProps) {
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
      layout.symbols.map(
        (symbol, index): SymbolNode => ({
          id: `${index}`,
          type: 'symbol',
          position: { x: symbol.x, y: symbol.y },
          width: symbol.w,
          height: symbol.h,
          data: { symbol },
        }),
      ),
    [layout],
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
        <Wires layout={layout} />
        <Marks layout={layout} marked={marked} />
      </ViewportPortal>
    </ReactFlow>
  );
}

const Wires = memo(function Wires({ layout }: { layout: SchematicLayout }) {
  return (
    <svg className="graph-wires" width={layout.width} height={layout.height} aria-hidden>
      {layout.wires.map((wire) => (
        <path
          key={`${wire.from}-${wire.to}`}
          className={wire.width > 1 ? 'graph-bus' : 'graph-line'}
          d={wirePath(wire.points)}
        />
      ))}
      <path className="graph-dot" d={dotsPath(layout.wires)} />
    </svg>
  );
});

function Marks({ layout, marked }: { layout: SchematicLayout; marked: Marked }) {
  const framed = [...marked.highlight].filter((index) => index !== marked.selected);
  const frame = (index: number, name: string) => {
    const symbol = layout.symbols[index];
    if (!symbol) return null;
    const { x, y, body } = symbol;
    return (
      <rect
        key={index}
        className={name}
        x={x + body.x - 5}
        y={y + body.y - 5}
        width={body.w + 10}
        height={body.h + 10}
        rx={6}
      />
    );
  };
  return (
    <svg className="graph-frames" width={layout.width} height={layout.height} aria-hidden>
      {marked.wires.map((index) => {
        const wire = layout.wires[index]!;
        return (
          <path
            key={index}
            className={wire.width > 1 ? 'graph-bus graph-marked-wire' : 'graph-line graph-marked-wire'}
            d={wirePath(wholeWire(layout, wire))}
          />
        );
      })}
      {framed.map((index) => frame(index, 'graph-frame'))}
      {marked.selected !== undefined && frame(marked.selected, 'graph-frame graph-frame-selected')}
    </svg>
  );
}
