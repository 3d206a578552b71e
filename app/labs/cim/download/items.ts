import { FileJson, FileSpreadsheet } from 'lucide-react';
import type { CimReport } from '../../../../engines/cim/types.ts';
import type { DownloadItem } from '../../../ui/DownloadMenu.tsx';
import { fileName, saveFile } from '../../../ui/save-file.ts';
import { useCim } from '../state.ts';
import { texts } from '../texts.ts';
import { figuresCsv, segmentsCsv } from './csv.ts';

const words = texts.downloads;

/** The title of the design on the screen; set by the lab. */
let title = 'design';
export function setDesign(next: string): void {
  title = next;
}

function item(
  id: string,
  label: string,
  icon: DownloadItem['icon'],
  make: (report: CimReport) => string,
  ending: string,
  type: string,
): DownloadItem {
  return {
    id,
    label,
    icon,
    enabled: () => useCim.getState().result !== undefined,
    run() {
      const report = useCim.getState().result?.report;
      if (report) saveFile(fileName(title, ending), make(report), type);
    },
  };
}

/** The report and its tables, in the forms that others read. */
export const downloadItems: readonly DownloadItem[] = [
  item('report', words.report, FileJson, (it) => JSON.stringify(it, null, 2), '-report.json', 'application/json'),
  item('figures', words.figures, FileSpreadsheet, figuresCsv, '-figures.csv', 'text/csv'),
  item('segments', words.segments, FileSpreadsheet, segmentsCsv, '-segments.csv', 'text/csv'),
];
