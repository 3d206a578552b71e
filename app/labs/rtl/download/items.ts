import { Download, FileJson, FileSpreadsheet, Image } from 'lucide-react';
import type { BundleFile, NetlistFile, NetlistFormat, NetlistSpec, RtlReport } from '../../../../engines/rtl/types.ts';
import type { DownloadItem } from '../../../ui/DownloadMenu.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { currentSlice } from '../actions.ts';
import { typing } from '../session.ts';
import { useRtl } from '../state.ts';
import { texts } from '../texts.ts';
import { linesCsv } from './csv.ts';
import { downloadSources, nameOf, runForDownload } from './downloads.ts';
import { downloadSchematic } from './schematic.ts';

const words = texts.downloads;

const reportNow = () => useRtl.getState().result?.report;
const idle = () => useRtl.getState().busyDownload === undefined;
const ready = () => idle() && reportNow() !== undefined;

/** What can be taken away: netlists, schematic, the bundle that repeats the run natively, the figures. */
export const downloadItems: readonly DownloadItem[] = [
  netlistItem('verilog', words.verilog),
  netlistItem('json', words.json),
  netlistItem('blif', words.blif),
  { id: 'svg', label: words.svg, icon: Image, enabled: ready, run: () => void downloadSchematic() },
  { id: 'native', label: words.native, icon: Download, starts: true, enabled: idle, run: () => void downloadNative() },
  { id: 'saif', label: words.saif, icon: Download, enabled: idle, run: () => void downloadSaif() },
  { id: 'bundle', label: words.bundle, icon: Download, starts: true, enabled: idle, run: () => void downloadBundle() },
  {
    id: 'sources',
    label: words.sources,
    icon: Download,
    enabled: () => currentSlice().files.length > 0,
    run: () => void downloadSources(),
  },
  {
    id: 'report',
    label: words.report,
    icon: FileJson,
    starts: true,
    enabled: () => reportNow() !== undefined,
    run: () =>
      withReport((report) => saveFile(nameOf('-report.json'), JSON.stringify(report, null, 2), 'application/json')),
  },
  {
    id: 'csv',
    label: words.csv,
    icon: FileSpreadsheet,
    enabled: () => reportNow() !== undefined,
    run: () => withReport((report) => saveFile(nameOf('-cells.csv'), linesCsv(report), 'text/csv')),
  },
];

function netlistItem(format: NetlistFormat, label: string): DownloadItem {
  return { id: format, label, icon: Download, enabled: ready, run: () => void downloadNetlist(format) };
}

async function downloadNetlist(format: NetlistFormat): Promise<void> {
  typing.flush();
  const spec: NetlistSpec = { ...currentSlice(), format };
  const made = await runForDownload<NetlistFile>('rtl/netlist', spec);
  if (made)
    saveFile(
      made.name.replace(/(\.\w+)$/, '-netlist$1'),
      made.text,
      format === 'json' ? 'application/json' : 'text/plain',
    );
}

/** Everything to repeat mapping, timing and simulation with native tools. */
async function downloadNative(): Promise<void> {
  typing.flush();
  const made = await runForDownload<BundleFile>('rtl/native', currentSlice());
  if (made) saveFile(made.name, made.bytes, 'application/zip');
}

async function downloadSaif(): Promise<void> {
  typing.flush();
  const made = await runForDownload<NetlistFile>('rtl/saif', currentSlice());
  if (made) saveFile(made.name, made.text, 'text/plain');
}

async function downloadBundle(): Promise<void> {
  typing.flush();
  const made = await runForDownload<BundleFile>('rtl/bundle', currentSlice());
  if (made) saveFile(made.name, made.bytes, 'application/zip');
}

function withReport(use: (report: RtlReport) => void): void {
  const report = reportNow();
  if (report) use(report);
}
