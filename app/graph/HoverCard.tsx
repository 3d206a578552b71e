import type { SchematicLayout } from '../../engines/synthesis/index.ts';
import type { Extent } from './camera.ts';
import type { Hit } from './hit.ts';
import { displayName, placeText } from './names.ts';
import { TEXTS } from './texts.ts';

/** Parameters that say nothing beside the words and the pins. */
const TOLD =
  /(?:WIDTH|_SIGNED|_POLARITY|ABITS|MEMID|SIZE|OFFSET|_PORTS|_WIDE_CONTINUATION|_MASK|_VALUE|INIT|_ENABLE|_OVER_ARST)$/;

/** What is under the pointer, in exact words. */
export function HoverCard({
  layout,
  hit,
  x,
  y,
  view,
}: {
  layout: SchematicLayout;
  hit: NonNullable<Hit>;
  x: number;
  y: number;
  view: Extent;
}) {
  const right = x > view.w - 280;
  const low = y > view.h - 120;
  return (
    <div
      className="graph-hover"
      style={{
        left: right ? undefined : x + 14,
        right: right ? view.w - x + 14 : undefined,
        top: low ? undefined : y + 14,
        bottom: low ? view.h - y + 14 : undefined,
      }}
    >
      {hit.kind === 'symbol' ? (
        <SymbolWords layout={layout} index={hit.index} />
      ) : (
        <WireWords layout={layout} index={hit.index} />
      )}
    </div>
  );
}

function SymbolWords({ layout, index }: { layout: SchematicLayout; index: number }) {
  const symbol = layout.symbols[index];
  if (!symbol) return null;
  const place = placeText(symbol);
  const parameters = symbol.parameters.filter(([name]) => !TOLD.test(name)).slice(0, 4);
  return (
    <>
      <strong>{displayName(layout, symbol)}</strong>
      <span>{symbol.title}</span>
      {symbol.type && (
        <span className="graph-hover-type mono">
          {symbol.type}, {symbol.width === 1 ? '1 bit' : `${symbol.width} bits`}
        </span>
      )}
      {parameters.map(([name, value]) => (
        <span key={name} className="mono">
          {name} = {value}
        </span>
      ))}
      {place && <span className="graph-hover-place mono">{place}</span>}
    </>
  );
}

function WireWords({ layout, index }: { layout: SchematicLayout; index: number }) {
  const wire = layout.wires[index];
  const net = wire && layout.nets[wire.net];
  if (!wire || !net) return null;
  return (
    <>
      <strong>{TEXTS.net(net.fullName.startsWith('$') ? '' : net.fullName, net.width)}</strong>
      {wire.width !== net.width && <span>{TEXTS.takes(wire.width, net.width)}</span>}
      <span>{TEXTS.readers(net.fanOut)}</span>
    </>
  );
}
