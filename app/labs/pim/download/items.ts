import { Download, FileJson, FileSpreadsheet } from 'lucide-react';
import type { PimReport } from '../../../../engines/pim/types.ts';
import type { DownloadItem } from '../../../ui/DownloadMenu.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { currentSlice } from '../actions.ts';
import { usePim } from '../state.ts';
import { texts } from '../texts.ts';
import { figuresCsv, layersCsv } from './csv.ts';
import { downloadModel, downloadProgram, nameOf, type ProgramForm } from './downloads.ts';

const words = texts.downloads;

const reportNow = () => usePim.getState().result?.report;
const idle = () => usePim.getState().busyDownload === undefined;
const ready = () => idle() && reportNow() !== undefined;
/** A PIMCOMP network has no ONNX graph. */
const hasGraph = () => {
  const { model } = currentSlice();
  return idle() && !(typeof model === 'object' && 'pimcompJson' in model);
};

function program(form: ProgramForm, label: string, starts = false): DownloadItem {
  return { id: form, label, icon: Download, starts, enabled: ready, run: () => void downloadProgram(form) };
}

function withReport(use: (report: PimReport) => void): void {
  const report = reportNow();
  if (report) use(report);
}

/** Report, figures, program and model, in the forms that others read. */
export const downloadItems: readonly DownloadItem[] = [
  {
    id: 'report',
    label: words.report,
    icon: FileJson,
    enabled: () => reportNow() !== undefined,
    run: () =>
      withReport((report) => saveFile(nameOf('-report.json'), JSON.stringify(report, null, 2), 'application/json')),
  },
  {
    id: 'figures',
    label: words.figures,
    icon: FileSpreadsheet,
    enabled: () => reportNow() !== undefined,
    run: () => withReport((report) => saveFile(nameOf('-figures.csv'), figuresCsv(report), 'text/csv')),
  },
  {
    id: 'layers',
    label: words.layers,
    icon: FileSpreadsheet,
    enabled: () => reportNow() !== undefined,
    run: () => withReport((report) => saveFile(nameOf('-layers.csv'), layersCsv(report), 'text/csv')),
  },
  program('listing', words.listing, true),
  program('json', words.program),
  program('released', words.released),
  {
    id: 'onnx',
    label: words.onnx,
    icon: Download,
    starts: true,
    enabled: hasGraph,
    run: () => void downloadModel('onnx'),
  },
  {
    id: 'pimcomp-json',
    label: words.pimcompJson,
    icon: Download,
    enabled: idle,
    run: () => void downloadModel('pimcomp-json'),
  },
];
