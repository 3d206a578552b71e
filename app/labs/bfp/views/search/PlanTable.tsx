import { useMemo } from 'react';
import type { SearchPoint } from '../../../../../engines/bfp/types.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import type { PartProps } from './part.ts';
import { texts } from './texts.ts';

const words = texts.table;

/** The numbers behind the pictures. */
export function PlanTable({ trace, names, selected, onPick }: PartProps) {
  const columns = useMemo(
    (): Column<SearchPoint>[] => [
      { id: 'plan', label: words.plan, value: (row) => names.get(row.id) },
      {
        id: 'accuracy',
        label: words.accuracy,
        value: (row) => row.measured?.percent,
        render: (row) => (row.measured ? texts.percent(row.measured.percent) : '–'),
        align: 'right',
      },
      {
        id: 'low',
        label: words.low,
        value: (row) => row.measured?.lowPercent,
        render: (row) => (row.measured ? texts.percent(row.measured.lowPercent) : '–'),
        align: 'right',
      },
      {
        id: 'high',
        label: words.high,
        value: (row) => row.measured?.highPercent,
        render: (row) => (row.measured ? texts.percent(row.measured.highPercent) : '–'),
        align: 'right',
      },
      { id: 'weightBits', label: words.weightBits, value: (row) => row.averageWeightBits, unit: 'bits' },
      { id: 'activationBits', label: words.activationBits, value: (row) => row.averageActivationBits, unit: 'bits' },
      { id: 'movement', label: words.movement, value: (row) => row.dataMovementBits, unit: 'bit' },
      { id: 'energy', label: words.energy, value: (row) => row.energyPj, unit: 'pJ' },
      {
        id: 'estimated',
        label: words.estimated,
        value: (row) => row.estimatedDropPoints,
        render: (row) => texts.points(row.estimatedDropPoints),
        align: 'right',
      },
    ],
    [names],
  );
  return (
    <section className="search-part" aria-label={words.caption}>
      <Table
        caption={words.caption}
        columns={columns}
        rows={trace.points}
        rowKey={(row) => String(row.id)}
        onRowClick={(row) => onPick(row.id)}
        sort={{ column: 'accuracy', descending: true }}
        {...(selected !== undefined && { selectedKey: String(selected) })}
      />
    </section>
  );
}
