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
        id: 'interval',
        label: words.interval,
        value: (row) => row.measured?.lowPercent,
        render: (row) =>
          row.measured ? `${row.measured.lowPercent.toFixed(2)} – ${texts.percent(row.measured.highPercent)}` : '–',
        align: 'right',
      },
      {
        id: 'weightBits',
        label: words.weightBits,
        value: (row) => row.averageWeightBits,
        render: (row) => row.averageWeightBits.toFixed(2),
        align: 'right',
      },
      {
        id: 'activationBits',
        label: words.activationBits,
        value: (row) => row.averageActivationBits,
        render: (row) => row.averageActivationBits.toFixed(2),
        align: 'right',
      },
      { id: 'movement', label: words.movement, value: (row) => row.dataMovementBits, unit: 'bit' },
      { id: 'energy', label: words.energy, value: (row) => row.energyPj, unit: 'pJ' },
      {
        id: 'estimated',
        label: words.estimated,
        value: (row) => row.estimatedDropPoints,
        render: (row) => row.estimatedDropPoints.toFixed(2),
        align: 'right',
      },
    ],
    [names],
  );
  return (
    <section className="search-part search-table" aria-label={words.caption}>
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
