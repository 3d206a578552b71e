import { RotateCcw } from 'lucide-react';
import { useMemo } from 'react';
import type { BfpLayer, BfpSlice } from '../../../../../engines/bfp/types.ts';
import { sameJson } from '../../../../../engines/document/json.ts';
import { formatText } from '../../../../../engines/tensor/formats/text.ts';
import { isEditable, useDesign, useSlice } from '../../../../design/index.ts';
import { Badge } from '../../../../ui/Badge.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { View } from '../../../../ui/View.tsx';
import { choiceOf, setLayerFormat } from '../../actions.ts';
import { FormatField } from '../../setup/FormatField.tsx';
import { hoverLayer, markedLayer, selectLayer, useBfp } from '../../state.ts';
import { texts } from '../../texts.ts';
import { NoResult } from '../NoResult.tsx';
import { Sparkline } from './Sparkline.tsx';

const words = texts.layers;

interface LayerRow extends BfpLayer {
  place: number;
}

/** Every layer: its weights as a small histogram, its formats to be changed here, what they cost and how well they hold. */
export default function LayersView() {
  const slice = useSlice<BfpSlice>('bfp');
  const editable = useDesign(() => isEditable());
  const listing = useBfp((state) => state.listing);
  const result = useBfp((state) => state.result);
  const stale = useBfp((state) => state.stale);
  // Earlier figures stand until the layers have been read again, but never those of another network.
  const usable = result && (!stale || (!listing && sameJson(result.spec.model, slice.model)));
  const report = usable ? result.report : undefined;
  const marked = useBfp(markedLayer);
  const found = slice.search !== null && report?.search !== undefined;
  const rows = useMemo(() => rowsOf(listing?.layers, report?.layers), [listing, report]);
  const columns = useMemo(() => columnsOf(slice, editable, found), [slice, editable, found]);
  return (
    <View
      title={words.title}
      about={words.about}
      lesson="layers"
      aside={found && <Badge tone="accent">{words.found}</Badge>}
    >
      {rows.length === 0 ? (
        <NoResult />
      ) : (
        <div className="bfp-scroll bfp-layers">
          <Table
            caption={words.title}
            columns={columns}
            rows={rows}
            rowKey={({ name }) => name}
            selectedKey={marked}
            onRowClick={({ name }) => selectLayer(name)}
            onRowHover={(row) => hoverLayer(row?.name)}
          />
        </div>
      )}
    </View>
  );
}

/** The layers as they stand; what only a run says (noise of outputs) is added where there is a result of these choices. */
function rowsOf(listed: readonly BfpLayer[] | undefined, measured: readonly BfpLayer[] | undefined): LayerRow[] {
  const layers = measured ?? listed ?? [];
  return layers.map((layer, place) => ({ ...layer, place }));
}

function columnsOf(slice: BfpSlice, editable: boolean, found: boolean): Column<LayerRow>[] {
  const operand = (of: 'weights' | 'inputs', label: string): Column<LayerRow> => ({
    id: of,
    label,
    value: ({ formats }) => formatText(formats[of]),
    render: ({ name, formats }) => (
      <OperandCell
        layer={name}
        operand={of}
        label={words.formatOf(label, name)}
        text={found ? formatText(formats[of]) : (choiceOf(slice, name, of) ?? formatText(formats[of]))}
        own={!found && slice.plan[name]?.[of] !== undefined}
        editable={editable}
      />
    ),
  });
  const decibel = (id: string, label: string, value: (row: LayerRow) => number | undefined): Column<LayerRow> => ({
    id,
    label,
    align: 'right',
    value,
    render: (row) => (value(row) === undefined ? '–' : formatNumber(value(row), 'dB')),
  });
  // Always two decimals: bits are compared down the column.
  const bits = (id: string, label: string, value: (row: LayerRow) => number): Column<LayerRow> => ({
    id,
    label,
    value,
    render: (row) => value(row).toFixed(2),
  });
  return [
    { id: 'name', label: words.name, value: ({ name }) => name, mono: true },
    {
      id: 'histogram',
      label: words.histogram,
      value: ({ histogram }) => histogram.maxAbs,
      align: 'left',
      render: ({ name, histogram }) => (
        <Sparkline histogram={histogram} label={words.histogramOf(name, formatNumber(histogram.maxAbs))} />
      ),
    },
    operand('weights', words.weights),
    operand('inputs', words.inputs),
    bits('weightBits', words.weightBits, ({ weightBits }) => weightBits),
    bits('inputBits', words.inputBits, ({ inputBits }) => inputBits),
    decibel('weightNoise', words.weightNoise, ({ weightSignalToNoiseDb }) => weightSignalToNoiseDb),
    decibel('outputNoise', words.outputNoise, ({ outputSignalToNoiseDb }) => outputSignalToNoiseDb),
    { id: 'movement', label: words.movement, value: ({ movement }) => movement?.dramBits, unit: 'bit', align: 'right' },
    { id: 'macs', label: words.macs, value: ({ macs }) => macs, unit: 'MAC' },
    { id: 'parameters', label: words.parameters, value: ({ parameters }) => parameters },
    { id: 'op', label: words.op, value: ({ op }) => words.ops[op] },
    { id: 'shape', label: words.shape, value: ({ weightShape }) => weightShape.join(' × '), align: 'left' },
  ];
}

interface OperandCellProps {
  layer: string;
  operand: 'weights' | 'inputs';
  label: string;
  text: string;
  /** Departs from the format of all layers. */
  own: boolean;
  editable: boolean;
}

/** A format in its row; pressing keys in it must not press the row. */
function OperandCell({ layer, operand, label, text, own, editable }: OperandCellProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps presses on the field from the row.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field inside has the keys.
    <span className={own ? 'bfp-cell bfp-cell-own' : 'bfp-cell'} onClick={(event) => event.stopPropagation()}>
      <FormatField
        value={text}
        label={label}
        disabled={!editable}
        onEmpty={() => setLayerFormat(layer, operand, undefined)}
        onChange={(next) => setLayerFormat(layer, operand, next)}
      />
      {own && editable && (
        <IconButton
          size="small"
          icon={RotateCcw}
          label={words.reset(label)}
          onClick={() => setLayerFormat(layer, operand, undefined)}
        />
      )}
    </span>
  );
}
