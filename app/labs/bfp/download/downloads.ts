import type { ExportSpec } from '../../../../engines/bfp/export/entry.ts';
import type { ExportedFile, ExportKind } from '../../../../engines/bfp/export/file.ts';
import { notify } from '../../../design/index.ts';
import { runOnce } from '../../../jobs/run-once.ts';
import { fileName, saveFile } from '../../../ui/save-file.ts';
import { useBfp } from '../state.ts';
import { texts } from '../texts.ts';

/** The title and the seed of the design on the screen; set by the lab. */
let design = { title: 'design', seed: 1 };
export function setDesign(title: string, seed: number): void {
  design = { title, seed };
}

export function nameOf(ending: string): string {
  return fileName(design.title, ending);
}

/** The plan of the result on the screen, or its network in the plan's formats, as a file; what the file lacks is told. */
export async function downloadExport(what: ExportKind): Promise<void> {
  const { result } = useBfp.getState();
  if (!result) return;
  const { report, spec } = result;
  const asked: ExportSpec = {
    slice: { model: spec.model, data: null },
    plan: report.plan,
    what,
    fineTune: spec.fineTune,
  };
  useBfp.setState({ busyDownload: what });
  try {
    const made = await runOnce<ExportedFile>('bfp/export', asked, design.seed);
    if (!made) return;
    saveFile(made.name, made.bytes, made.mime);
    if (made.notes.length > 0) {
      notify({
        code: 'export-notes',
        severity: 'note',
        what: `${texts.downloads.made(made.name)} ${made.notes.join(' ')}`,
      });
    }
  } finally {
    useBfp.setState({ busyDownload: undefined });
  }
}
