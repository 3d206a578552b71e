import { useMemo } from 'react';
import type { TensorReport } from '../../../../../engines/bfp/tensor-entry.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { numberText } from './readout.ts';
import { texts } from './texts.ts';

interface CellRow {
  row: number;
  column: number;
  value: number;
  quantized: number;
  error: number;
}

const number = (id: 'value' | 'quantized' | 'error', label: string): Column<CellRow> => ({
  id,
  label,
  align: 'right',
  value: (cell) => (Number.isFinite(cell[id]) ? cell[id] : undefined),
  render: (cell) => numberText(cell[id]),
});

const COLUMNS: readonly Column<CellRow>[] = [
  { id: 'row', label: texts.row, value: ({ row }) => row },
  { id: 'column', label: texts.column, value: ({ column }) => column },
  number('value', texts.columns.value),
  number('quantized', texts.columns.quantized),
  number('error', texts.columns.error),
];

/** The cells of the map as numbers. */
export function MapTable({
  report,
  onPick,
}: {
  report: TensorReport;
  onPick(place: { row: number; column: number }): void;
}) {
  const { map } = report;
  const rows = useMemo(
    () =>
      Array.from(
        map.values,
        (value, at): CellRow => ({
          row: map.region.row + Math.floor(at / map.cellColumns) * map.rowsPerCell,
          column: map.region.column + (at % map.cellColumns) * map.columnsPerCell,
          value,
          quantized: map.quantized[at]!,
          error: map.errors[at]!,
        }),
      ),
    [map],
  );
  return (
    <div className="bfp-scroll">
      {map.rowsPerCell * map.columnsPerCell > 1 && (
        <p className="hint">{texts.perCell(map.rowsPerCell, map.columnsPerCell)}</p>
      )}
      <Table
        caption={texts.title}
        columns={COLUMNS}
        rows={rows}
        rowKey={({ row, column }) => `${row} ${column}`}
        onRowClick={onPick}
      />
    </div>
  );
}
