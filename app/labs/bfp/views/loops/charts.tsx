import { useMemo } from 'react';
import type { LayerMovement, LevelMovement } from '../../../../../engines/bfp/movement/types.ts';
import { type Stack, StackedBars } from '../../../../charts/StackedBars.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { nameOf } from '../../download/downloads.ts';
import { memoryText, OPERANDS, tileText, total } from './nest.ts';
import { texts } from './texts.ts';

const KINDS = [
  { id: 'inputs', name: texts.bitsOf.inputs, colour: 'c1' as const },
  { id: 'weights', name: texts.bitsOf.weights, colour: 'c2' as const },
  { id: 'outputs', name: texts.bitsOf.outputs, colour: 'c3' as const },
];

const columns: Column<LevelMovement>[] = [
  { id: 'level', label: texts.columns.level, value: ({ level }) => texts.levels[level] },
  { id: 'tile', label: texts.columns.tile, value: ({ tile }) => tileText(tile), mono: true },
  { id: 'order', label: texts.columns.order, value: ({ order }) => order.join(' '), mono: true },
  {
    id: 'footprint',
    label: texts.columns.footprint,
    value: ({ footprintBits }) => total(footprintBits),
    render: ({ footprintBits }) => memoryText(total(footprintBits)),
  },
  {
    id: 'capacity',
    label: texts.columns.capacity,
    value: ({ capacityBits }) => capacityBits,
    render: ({ capacityBits }) => memoryText(capacityBits),
  },
  { id: 'volume', label: texts.columns.volume, value: ({ volumeBits }) => total(volumeBits), unit: 'bit' },
  {
    id: 'cost',
    label: texts.columns.cost,
    value: ({ cost }) => cost,
    render: ({ cost }) => formatNumber(Math.round(cost)),
  },
  { id: 'binds', label: texts.columns.binds, value: ({ binds }) => (binds ? texts.yes : texts.no) },
];

/** What crosses the borders of the four levels, by tensor. */
export function ByLevel({ layer, before, stale }: { layer: LayerMovement; before?: LayerMovement; stale: boolean }) {
  const stacks = useMemo(
    () =>
      layer.levels.map(({ level, volumeBits }, at): Stack => {
        const was = before?.levels[at];
        return {
          id: level,
          label: texts.borders[level],
          parts: OPERANDS.map((operand) => volumeBits[operand]),
          ...(was && { detail: texts.inPlan(formatNumber(total(was.volumeBits), 'bit')) }),
        };
      }),
    [layer, before],
  );
  return (
    <section aria-label={texts.byLevel}>
      <h3>{texts.byLevel}</h3>
      <StackedBars
        title={texts.byLevel}
        quantity={texts.moved}
        unit="bit"
        subject={texts.border}
        kinds={KINDS}
        stacks={stacks}
        fileName={nameOf('-movement-by-level')}
        stale={stale}
      />
    </section>
  );
}

/** Everything that is known of the four levels. */
export function LevelTable({ layer }: { layer: LayerMovement }) {
  return (
    <section aria-label={texts.tableTitle}>
      <h3>{texts.tableTitle}</h3>
      <div className="loops-table">
        <Table
          caption={texts.tableTitle}
          columns={columns}
          rows={layer.levels}
          rowKey={({ level }) => level}
          selectedKey={layer.bottleneck}
        />
      </div>
    </section>
  );
}

interface ByLayerProps {
  layers: readonly LayerMovement[];
  planned: readonly LayerMovement[] | undefined;
  selected: string;
  onChoose(name: string): void;
  stale: boolean;
}

/** What every layer brings from the large memory and back: the figure that searches weigh. Press one to see its nest. */
export function ByLayer({ layers, planned, selected, onChoose, stale }: ByLayerProps) {
  const stacks = useMemo(() => {
    const before = new Map(planned?.map(({ name, dramBits }) => [name, dramBits]));
    return layers.map(({ name, levels }): Stack => {
      const { volumeBits } = levels[3]!;
      const was = before.get(name);
      return {
        id: name,
        label: name,
        parts: OPERANDS.map((operand) => volumeBits[operand]),
        ...(was !== undefined && { detail: texts.inPlan(formatNumber(was, 'bit')) }),
      };
    });
  }, [layers, planned]);
  return (
    <section aria-label={texts.byLayer}>
      <h3>{texts.byLayer}</h3>
      <StackedBars
        title={texts.byLayer}
        quantity={texts.moved}
        unit="bit"
        subject={texts.layerName}
        kinds={KINDS}
        stacks={stacks}
        fileName={nameOf('-movement-by-layer')}
        selected={selected}
        onPress={onChoose}
        stale={stale}
      />
    </section>
  );
}
