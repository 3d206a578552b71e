import { Download, FileJson, FileSpreadsheet, Image } from 'lucide-react';
import type { BundleFile, NetlistFile, NetlistFormat, NetlistSpec, RtlReport } from '../../../../engines/rtl/types.ts';
import type { MenuItem } from '../../../ui/Menu.tsx';
import { currentSlice } from '../actions.ts';
import { saveFile } from '../files/save.ts';
import { typing } from '../session.ts';
import { useRtl } from '../state.ts';
import { texts } from '../texts.ts';
import { linesCsv } from './csv.ts';
import { downloadSources, nameOf, runForDownload } from './downloads.ts';
import { downloadSchematic } from './schematic.ts';

const words = texts.downloads;
/** What can be taken away: netlists, schematic, the bundle that repeats the run natively, the figures. */
export function useDownloads(): MenuItem[] {
  const report = useRtl((state) => state.result?.report);
  const busy = useRtl((state) => state.busyDownload !== undefined);
  const none = report === undefined;
  const netlist = (format: NetlistFormat, label: string): MenuItem => ({
    label,
    icon: Download,
    disabled: busy || none,
    onSelect: () => void downloadNetlist(format),
  });
  return [
    netlist('verilog', words.verilog),
    netlist('json', words.json),
    netlist('blif', words.blif),
    {
      label: words.svg,
      icon: Image,
      disabled: busy || none,
      onSelect: () => void downloadSchematic(),
    },
    { separator: true },
    { label: words.bundle, icon: Download, disabled: busy, onSelect: () => void downloadBundle() },
    { label: words.sources, icon: Download, onSelect: () => void downloadSources() },
    { separator: true },
    { label: words.report, icon: FileJson, disabled: none, onSelect: () => report && downloadReport(report) },
    {
      label: words.csv,
      icon: FileSpreadsheet,
      disabled: none,
      onSelect: () => report && saveFile(nameOf('-cells.csv'), linesCsv(report), 'text/csv'),
    },
  ];
}

async function downloadNetlist(format: NetlistFormat): Promise<void> {
  typing.flush();
  const spec: NetlistSpec = { ...currentSlice(), format };
  const made = await runForDownload<NetlistFile>('rtl/netlist', spec);
  if (made) saveFile(made.name, made.text, format === 'json' ? 'application/json' : 'text/plain');
}

async function downloadBundle(): Promise<void> {
  typing.flush();
  const made = await runForDownload<BundleFile>('rtl/bundle', currentSlice());
  if (made) saveFile(made.name, made.bytes, 'application/zip');
}

function downloadReport(report: RtlReport): void {
  saveFile(nameOf('-report.json'), JSON.stringify(report, null, 2), 'application/json');
}
