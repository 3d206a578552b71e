import { useMemo } from 'react';
import type { ComparedFormat, CompareReport } from '../../../../../engines/bfp/compare.ts';
import type { BfpSlice } from '../../../../../engines/bfp/types.ts';
import { isEditable, useDesign } from '../../../../design/index.ts';
import { Button } from '../../../../ui/Button.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { edit, textOf } from '../../actions.ts';
import { texts } from './texts.ts';

/** The formats with their sizes, what they lose, and, where measured, what the network still gets right. */
export function FormatTable({ report, slice }: { report: CompareReport; slice: BfpSlice }) {
  const editable = useDesign(() => isEditable());
  const columns = useMemo(() => columnsOf(slice, editable, report), [slice, editable, report]);
  return (
    <div className="compare-wide">
      <Table
        caption={texts.title}
        columns={columns}
        rows={report.formats}
        rowKey={({ text }) => text}
        sort={{ column: 'noise', descending: true }}
      />
    </div>
  );
}

function columnsOf(slice: BfpSlice, editable: boolean, report: CompareReport): Column<ComparedFormat>[] {
  const noise = (id: string, label: string, value: (format: ComparedFormat) => number | undefined) => ({
    id,
    label,
    align: 'right' as const,
    value,
    render: (format: ComparedFormat) => (value(format) === undefined ? texts.exact : formatNumber(value(format), 'dB')),
  });
  const measured: Column<ComparedFormat> = {
    id: 'accuracy',
    label: texts.accuracy,
    align: 'right',
    value: ({ accuracy }) => accuracy?.percent,
    render: ({ accuracy }) =>
      accuracy ? texts.accuracyOf(accuracy.percent, accuracy.lowPercent, accuracy.highPercent) : '–',
  };
  return [
    { id: 'format', label: texts.columns.format, value: ({ text }) => text, mono: true },
    {
      id: 'bits',
      label: texts.columns.bits,
      value: ({ bits }) => bits,
      render: ({ bits, equal }) => (
        <span className={equal ? undefined : 'compare-unequal'} title={equal ? undefined : texts.unequal}>
          {equal ? '' : '≠ '}
          {bits.toFixed(2)}
        </span>
      ),
    },
    noise('noise', texts.noise, ({ averageSignalToNoiseDb }) => averageSignalToNoiseDb),
    ...(report.accuracyFloat ? [measured] : []),
    {
      id: 'use',
      label: texts.use,
      value: () => undefined,
      render: ({ text, family }) => {
        const used = textOf(slice.format.weights) === text;
        return (
          <Button
            size="small"
            variant="ghost"
            label={used ? texts.used : texts.use}
            title={texts.useAbout(text)}
            disabled={!editable || used}
            onClick={() =>
              edit(texts.edit(text), (was) => ({
                ...was,
                // llama.cpp's types are for weights.
                format: { weights: text, activations: family === 'gguf' ? was.format.activations : text },
              }))
            }
          />
        );
      },
    },
    noise('all', texts.noiseAll, ({ totalSignalToNoiseDb }) => totalSignalToNoiseDb),
    { id: 'family', label: texts.columns.family, value: ({ family }) => texts.families[family] },
  ];
}
