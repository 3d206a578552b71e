import { useMemo } from 'react';
import type { CimOperator } from '../../../../../engines/cim/types.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { hover } from '../../state.ts';
import type { RooflinePoint } from './roofline-model.ts';
import { texts } from './texts.ts';

const words = texts.table;

interface Row {
  operator: number;
  name: string;
  at: RooflinePoint;
  plan?: RooflinePoint;
}

const columns: Column<Row>[] = [
  { id: 'operator', label: words.operator, value: (row) => row.name },
  { id: 'compute', label: words.compute, value: (row) => row.at.compute },
  { id: 'planCompute', label: words.planCompute, value: (row) => row.plan?.compute, align: 'right' },
  { id: 'memory', label: words.memory, value: (row) => row.at.memory },
  { id: 'planMemory', label: words.planMemory, value: (row) => row.plan?.memory, align: 'right' },
  { id: 'intensity', label: words.intensity, value: (row) => row.at.intensity },
  { id: 'rate', label: words.rate, value: (row) => row.at.rate },
  { id: 'computeBound', label: words.computeBound, value: (row) => row.at.computeBoundCycles },
  { id: 'feedBound', label: words.feedBound, value: (row) => row.at.feedBoundCycles },
  { id: 'cycles', label: words.cycles, value: (row) => row.at.cycles },
];

interface Props {
  operators: readonly CimOperator[];
  segment: number;
  points: readonly RooflinePoint[];
  inPlan: readonly RooflinePoint[];
  operator: number;
  onPick(link: { segment: number; operator: number }): void;
}

/** The numbers behind the roofline: a line for each operator of the segment. */
export function PointTable({ operators, segment, points, inPlan, operator, onPick }: Props) {
  const rows = useMemo(
    () =>
      points.map((at) => ({
        operator: at.operator,
        name: operators[at.operator]?.name ?? '',
        at,
        plan: inPlan.find((each) => each.operator === at.operator),
      })),
    [operators, points, inPlan],
  );
  return (
    <div className="cim-roof-table">
      <Table
        caption={words.caption}
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.operator)}
        selectedKey={String(operator)}
        onRowClick={(row) => onPick({ segment, operator: row.operator })}
        onRowHover={(row) => hover(row && { segment, operator: row.operator })}
      />
    </div>
  );
}
