import { useMemo } from 'react';
import { bytesOf, intensityOf } from '../../../engines/onnx/counts.ts';
import type { Layer, Network } from '../../../engines/onnx/network.ts';
import { describeLayer } from '../../../engines/onnx/view/describe.ts';
import { type Column, Table } from '../../ui/Table.tsx';
import { TEXTS } from './texts.ts';

export interface LayerTableProps {
  network: Network;
  /** Bits of weights and activations that bytes and intensity are counted at. */
  bits?: { weightBits: number; activationBits: number };
  /** Columns of the lab, behind the shared ones. */
  more?: readonly Column<Layer>[];
  selected?: number;
  onSelect(layer: number): void;
  onHover?(layer: number | undefined): void;
}

/** The layers of a network: shape, parameters, multiply-accumulates, bytes, and what the lab adds. */
export function LayerTable({ network, bits = SIXTEEN, more = [], selected, onSelect, onHover }: LayerTableProps) {
  const columns = useMemo(
    (): Column<Layer>[] => [
      { id: 'index', label: '#', value: ({ index }) => index },
      { id: 'name', label: TEXTS.table.layer, value: ({ name }) => name, mono: true },
      { id: 'kind', label: TEXTS.table.kind, value: (layer) => describeLayer(layer).detail },
      { id: 'shape', label: TEXTS.table.shape, value: ({ outputShape }) => outputShape.join('×'), mono: true },
      { id: 'parameters', label: TEXTS.table.parameters, value: ({ parameters }) => parameters },
      { id: 'macs', label: TEXTS.table.macs, value: ({ macs }) => macs },
      { id: 'intensity', label: TEXTS.table.intensity, value: (layer) => intensityOf(layer, bits) },
      {
        id: 'bytes',
        label: TEXTS.table.bytes,
        unit: 'B',
        value: (layer) => {
          const { weightBytes, inputBytes, outputBytes } = bytesOf(layer, bits);
          return weightBytes + inputBytes + outputBytes;
        },
      },
      ...more,
    ],
    [bits, more],
  );
  return (
    <Table
      columns={columns}
      rows={network.layers}
      rowKey={({ index }) => `${index}`}
      caption={TEXTS.table.caption(network.name)}
      selectedKey={selected === undefined ? undefined : `${selected}`}
      onRowClick={({ index }) => onSelect(index)}
      onRowHover={onHover && ((layer) => onHover(layer?.index))}
    />
  );
}

const SIXTEEN = { weightBits: 16, activationBits: 16 };
