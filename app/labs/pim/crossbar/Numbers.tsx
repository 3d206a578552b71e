import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CrossbarPlane, CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { toCsv } from '../../../charts/csv.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { type Column, Table } from '../../../ui/Table.tsx';
import { soFar } from './readout.ts';
import { texts } from './texts.ts';

type Kind = keyof typeof texts.tables;
type Line = Record<string, number>;

/** The table behind the drawing: outputs, columns at the plane that is shown, or cells. */
export function Numbers({ report, plane, spec }: { report: CrossbarReport; plane: CrossbarPlane; spec: CrossbarSpec }) {
  const [kind, setKind] = useState<Kind>('outputs');
  const rows = useMemo(() => linesOf(kind, report, plane, spec), [kind, report, plane, spec]);
  const columns = useMemo<Column<Line>[]>(
    () =>
      Object.keys(rows[0] ?? {}).map((id) => ({
        id,
        label: id,
        value: (row) => row[id],
        align: 'right',
        mono: true,
        render: (row) => exact(row[id]!),
      })),
    [rows],
  );
  const save = () => {
    const head = columns.map(({ label }) => label);
    saveFile(`crossbar-${kind}.csv`, toCsv([head, ...rows.map((row) => head.map((name) => row[name]))]), 'text/csv');
  };
  return (
    <Section
      title={texts.sections.table}
      foldable
      folded
      aside={
        <>
          <Segmented<Kind>
            label={texts.sections.table}
            value={kind}
            onChange={setKind}
            options={(Object.keys(texts.tables) as Kind[]).map((value) => ({ value, label: texts.tables[value] }))}
          />
          <IconButton size="small" icon={Download} label={texts.csv} onClick={save} />
        </>
      }
    >
      <div className="xbar-table">
        <Table
          caption={texts.tables[kind]}
          columns={columns}
          rows={rows}
          rowKey={(row) => Object.values(row).slice(0, 2).join()}
        />
      </div>
    </Section>
  );
}

function exact(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function linesOf(kind: Kind, report: CrossbarReport, plane: CrossbarPlane, { cellBits }: CrossbarSpec): Line[] {
  switch (kind) {
    case 'outputs': {
      const sums = soFar(report, plane.plane);
      return report.outputs.map((output, at) => ({
        Output: at,
        Ideal: report.ideal[at]!,
        Digital: output,
        Error: output - report.ideal[at]!,
        'This plane': plane.partial[at]!,
        'So far': sums[at]!,
      }));
    }
    case 'columns': {
      const pair = report.physicalColumns.length === 2 * plane.codes.length;
      return plane.codes.map((code, q) => {
        const k = pair ? 2 * q : q;
        const { weight, slice } = report.physicalColumns[k]!;
        return {
          Weight: weight,
          Slice: slice,
          Counts: 2 ** (cellBits * slice),
          'Current, µA': plane.microamps[k]!,
          'Ideal, µA': plane.idealMicroamps[k]!,
          ...(pair && { 'Negative, µA': plane.microamps[k + 1]!, 'Ideal negative, µA': plane.idealMicroamps[k + 1]! }),
          'Sum, units': plane.sums[q]!,
          'Ideal sum': plane.idealSums[q]!,
          Code: code,
          Clipped: Number(plane.clipped[q]),
        };
      });
    }
    case 'cells': {
      const count = report.physicalColumns.length;
      return report.levels.map((level, at) => {
        const row = Math.floor(at / count);
        return {
          Row: row,
          Column: at % count,
          Weight: report.physicalColumns[at % count]!.weight,
          Level: level,
          'Meant, µS': report.targetMicrosiemens[at]!,
          'Is, µS': report.microsiemens[at]!,
          'Voltage, V':
            plane.wordVolts && plane.bitVolts ? plane.wordVolts[at]! - plane.bitVolts[at]! : plane.volts[row]!,
        };
      });
    }
  }
}
