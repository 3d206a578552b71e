import type { EntryName } from '../../../../engines/core/job.ts';
import { flushEditors, notify, readBlob } from '../../../design/index.ts';
import { runOnce } from '../../../jobs/run-once.ts';
import { fileName, saveFile } from '../../../ui/save-file.ts';
import { currentSlice } from '../actions.ts';
import { zipSources } from '../files/save.ts';
import { useRtl } from '../state.ts';

/** The title of the design on the screen, for names of files; set by the lab. */
let title = 'design';
export function setTitle(next: string): void {
  title = next;
}

export function nameOf(ending: string): string {
  return fileName(title, ending);
}

/** Runs an entry once, for a download; what goes wrong is told. */
export async function runForDownload<R>(entry: EntryName, spec: unknown): Promise<R | undefined> {
  useRtl.setState({ busyDownload: entry });
  const made = await runOnce<R>(entry, spec);
  useRtl.setState({ busyDownload: undefined });
  return made;
}

/** All sources, with what is being typed, as a zip. */
export async function downloadSources(): Promise<void> {
  flushEditors();
  const { zip, missing } = await zipSources(currentSlice().files, readBlob);
  saveFile(nameOf('-sources.zip'), zip, 'application/zip');
  if (missing.length === 0) return;
  notify({
    code: 'blob-missing',
    severity: 'warning',
    what: `The archive is without ${missing.join(', ')}: this browser does not have the contents.`,
    remedy: 'Drop the file here, and download again.',
  });
}
