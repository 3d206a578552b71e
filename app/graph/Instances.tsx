import { useMemo } from 'react';
import { displayName } from '../../engines/synthesis/netlist.ts';
import type { YosysNetlist } from '../../engines/synthesis/yosys-json.ts';
import { type Column, Table } from '../ui/Table.tsx';
import { TEXTS } from './texts.ts';

interface Row {
  name: string;
  module: string;
  cells: number;
}

const COLUMNS: Column<Row>[] = [
  { id: 'name', label: TEXTS.name, value: (row) => row.name, mono: true },
  { id: 'module', label: TEXTS.module, value: (row) => row.module, mono: true },
  { id: 'cells', label: TEXTS.cellCount, value: (row) => row.cells },
];

/** The instances of a module that is too large to draw: the way down to modules that are not. */
export function Instances({
  netlist,
  module,
  onEnter,
}: {
  netlist: YosysNetlist;
  module: string;
  onEnter(instance: string): void;
}) {
  const rows = useMemo(
    () =>
      Object.entries(netlist.modules[module]?.cells ?? {}).flatMap(([name, cell]): Row[] => {
        const inner = netlist.modules[cell.type];
        return inner ? [{ name, module: displayName(cell.type, inner), cells: Object.keys(inner.cells).length }] : [];
      }),
    [netlist, module],
  );
  if (rows.length === 0) return <p className="graph-hint">{TEXTS.noInstances}</p>;
  return (
    <div className="graph-instances">
      <Table
        columns={COLUMNS}
        rows={rows}
        rowKey={(row) => row.name}
        caption={TEXTS.instances}
        onRowClick={(row) => onEnter(row.name)}
      />
    </div>
  );
}
