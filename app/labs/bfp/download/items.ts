import { Download, FileJson, FileSpreadsheet } from 'lucide-react';
import type { ExportKind } from '../../../../engines/bfp/export/file.ts';
import type { BfpReport } from '../../../../engines/bfp/types.ts';
import type { Icon } from '../../../ui/Button.tsx';
import type { DownloadItem } from '../../../ui/DownloadMenu.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { useBfp } from '../state.ts';
import { texts } from '../texts.ts';
import { figuresCsv, layersCsv } from './csv.ts';
import { downloadExport, nameOf } from './downloads.ts';

const words = texts.downloads;

const reportNow = () => useBfp.getState().result?.report;
const some = () => reportNow() !== undefined;
const ready = () => some() && useBfp.getState().busyDownload === undefined;

function file(id: string, label: string, icon: Icon, ending: string, type: string, of: (report: BfpReport) => string) {
  return {
    id,
    label,
    icon,
    enabled: some,
    run: () => {
      const report = reportNow();
      if (report) saveFile(nameOf(ending), of(report), type);
    },
  } satisfies DownloadItem;
}

function made(what: ExportKind, label: string, icon: Icon = Download, starts = false): DownloadItem {
  return { id: what, label, icon, starts, enabled: ready, run: () => void downloadExport(what) };
}

/** Report, figures, plan and network, in the forms that others read. */
export const downloadItems: readonly DownloadItem[] = [
  file('report', words.report, FileJson, '-report.json', 'application/json', (report) =>
    JSON.stringify(report, null, 2),
  ),
  file('figures', words.figures, FileSpreadsheet, '-figures.csv', 'text/csv', figuresCsv),
  file('figures-json', words.figuresJson, FileJson, '-figures.json', 'application/json', ({ figures }) =>
    JSON.stringify(figures, null, 2),
  ),
  file('layers', words.layers, FileSpreadsheet, '-layers.csv', 'text/csv', layersCsv),
  made('json', words.planJson, FileJson, true),
  made('csv', words.planCsv, FileSpreadsheet),
  made('onnx', words.onnx, Download, true),
  made('onnx-qdq', words.onnxQdq),
  made('onnx-nbits', words.onnxNbits),
  made('gguf', words.gguf),
];
