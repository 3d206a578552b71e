import { useMemo } from 'react';
import type { CimReport } from '../../../../../engines/cim/types.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { hover, select, useCim } from '../../state.ts';
import type { RoleMaps, Roles } from './role-maps.ts';
import { texts } from './texts.ts';

const words = texts.table;

interface Row {
  array: number;
  row: number;
  column: number;
  mode: string;
  role: string;
  operator?: number;
  name?: string;
  feeds?: string;
  switched: string;
  last?: number;
}

const columns: Column<Row>[] = [
  { id: 'array', label: words.array, value: (row) => row.array },
  { id: 'row', label: words.row, value: (row) => row.row },
  { id: 'column', label: words.column, value: (row) => row.column },
  { id: 'mode', label: words.mode, value: (row) => row.mode },
  { id: 'role', label: words.role, value: (row) => row.role },
  { id: 'operator', label: words.operator, value: (row) => row.name },
  { id: 'feeds', label: words.feeds, value: (row) => row.feeds },
  { id: 'switched', label: words.switched, value: (row) => row.switched },
  { id: 'last', label: words.last, value: (row) => row.last, align: 'right' },
];

/** The numbers behind the drawing of the chip: a line for each array. */
export function ArrayTable({
  report,
  segment,
  maps,
  roles,
}: {
  report: CimReport;
  segment: number;
  maps: RoleMaps;
  roles: Roles;
}) {
  const selected = useCim((state) => state.selected.operator);
  const rows = useMemo(() => rowsOf(report, segment, maps, roles), [report, segment, maps, roles]);
  return (
    <Table
      caption={words.caption}
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.array)}
      selectedKey={
        selected === undefined ? undefined : String(rows.find(({ operator }) => operator === selected)?.array)
      }
      onRowClick={({ operator }) => select(operator === undefined ? { segment } : { segment, operator })}
      onRowHover={(row) => hover(row?.operator === undefined ? undefined : { segment, operator: row.operator })}
    />
  );
}

function rowsOf({ hardware, problem }: CimReport, segment: number, maps: RoleMaps, roles: Roles): Row[] {
  const columnsOfGrid = Math.max(1, hardware.grid.columns);
  return Array.from({ length: roles.count }, (_, array) => {
    const operator = roles.operator(array);
    const other = roles.other(array);
    const last = maps.lastSwitch(array, segment);
    return {
      array,
      row: Math.floor(array / columnsOfGrid) + 1,
      column: (array % columnsOfGrid) + 1,
      mode: roles.remembers(array) ? texts.facts.modes.memory : texts.facts.modes.compute,
      role: texts.roles[roles.role(array)],
      operator,
      name: operator === undefined ? undefined : problem.operators[operator]?.name,
      feeds: other === undefined ? undefined : problem.operators[other]?.name,
      switched: roles.switched(array) ? (roles.remembers(array) ? 'C>M' : 'M>C') : '',
      last: last === undefined ? undefined : last + 1,
    };
  });
}
