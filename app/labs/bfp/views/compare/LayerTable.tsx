import { useMemo } from 'react';
import type { CompareReport } from '../../../../../engines/bfp/compare.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { hoverLayer, markedLayer, selectLayer, useBfp } from '../../state.ts';
import { texts } from './texts.ts';

interface LayerRow {
  name: string;
  parameters: number;
  /** By format; undefined: nothing is lost. */
  noise: (number | undefined)[];
  /** The best of the formats of equal size. */
  best: number;
}

/** Layers by formats: signal to noise of the weights. */
export function LayerTable({ report }: { report: CompareReport }) {
  const marked = useBfp(markedLayer);
  const rows = useMemo(() => rowsOf(report), [report]);
  const columns = useMemo(() => columnsOf(report), [report]);
  return (
    <section className="compare-layers" aria-label={texts.byLayer}>
      <h3>{texts.byLayer}</h3>
      <p className="hint">{texts.byLayerAbout}</p>
      <div className="compare-wide">
        <Table
          caption={texts.byLayer}
          columns={columns}
          rows={rows}
          rowKey={({ name }) => name}
          selectedKey={marked}
          onRowClick={({ name }) => selectLayer(name)}
          onRowHover={(row) => hoverLayer(row?.name)}
        />
      </div>
    </section>
  );
}

function rowsOf({ layers, formats }: CompareReport): LayerRow[] {
  return layers.map(({ name, parameters }, place) => {
    const noise = formats.map((format) => format.layers[place]?.signalToNoiseDb);
    const equal = noise.filter((each, index) => formats[index]!.equal && each !== undefined) as number[];
    return { name, parameters, noise, best: Math.max(...equal) };
  });
}

function columnsOf({ formats }: CompareReport): Column<LayerRow>[] {
  return [
    { id: 'layer', label: texts.layer, value: ({ name }) => name, mono: true },
    { id: 'parameters', label: texts.parameters, value: ({ parameters }) => parameters },
    ...formats.map(
      ({ text, equal }, index): Column<LayerRow> => ({
        id: text,
        label: equal ? text : `≠ ${text}`,
        align: 'right',
        value: ({ noise }) => noise[index],
        render: ({ noise, best }) => {
          const value = noise[index];
          if (value === undefined) return texts.exact;
          const isBest = equal && value === best;
          return (
            <span className={isBest ? 'compare-best' : equal ? undefined : 'compare-unequal'}>
              {formatNumber(value)}
              {isBest && <i aria-hidden> ●</i>}
            </span>
          );
        },
      }),
    ),
  ];
}
