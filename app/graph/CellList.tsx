import { useMemo } from 'react';
import type { SchematicLayout } from '../../engines/synthesis/index.ts';
import { type Column, Table } from '../ui/Table.tsx';
import { displayName, placeText } from './names.ts';
import { TEXTS } from './texts.ts';

interface Row {
  index: number;
  name: string;
  title: string;
  width: number;
  line: string;
}

const COLUMNS: Column<Row>[] = [
  { id: 'name', label: TEXTS.name, value: (row) => row.name, mono: true },
  { id: 'what', label: TEXTS.what, value: (row) => row.title },
  { id: 'width', label: TEXTS.width, value: (row) => row.width },
  { id: 'line', label: TEXTS.line, value: (row) => row.line, mono: true },
];

/** The table behind the drawing: every cell with what it is, its width and its line. */
export function CellList({
  layout,
  selected,
  onGo,
}: {
  layout: SchematicLayout;
  selected: number | undefined;
  onGo(index: number): void;
}) {
  const rows = useMemo(
    () =>
      layout.symbols.flatMap((symbol, index): Row[] =>
        symbol.type === undefined
          ? []
          : [
              {
                index,
                name: displayName(layout, symbol),
                title: symbol.title,
                width: symbol.width,
                line: placeText(symbol),
              },
            ],
      ),
    [layout],
  );
  return (
    <Table
      columns={COLUMNS}
      rows={rows}
      rowKey={(row) => `${row.index}`}
      caption={TEXTS.cells}
      selectedKey={selected === undefined ? undefined : `${selected}`}
      onRowClick={(row) => onGo(row.index)}
    />
  );
}
