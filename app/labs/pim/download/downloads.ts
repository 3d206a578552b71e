import type { ExportedFile, ExportSpec } from '../../../../engines/onnx/entries.ts';
import type { CompiledProgram, ProgramSpec } from '../../../../engines/pim/program/compiled.ts';
import { notify } from '../../../design/index.ts';
import { runOnce } from '../../../jobs/run-once.ts';
import { fileName, saveFile } from '../../../ui/save-file.ts';
import { currentSlice } from '../actions.ts';
import { usePim } from '../state.ts';
import { texts } from '../texts.ts';

/** The title and the seed of the design on the screen; set by the lab. */
let design = { title: 'design', seed: 1 };
export function setDesign(title: string, seed: number): void {
  design = { title, seed };
}

export function nameOf(ending: string): string {
  return fileName(design.title, ending);
}

/** The model as a file of another form. */
export async function downloadModel(format: ExportSpec['format']): Promise<void> {
  const spec: ExportSpec = { model: currentSlice().model, format };
  const made = await busy('model', () => runOnce<ExportedFile>('onnx/export', spec));
  if (made) saveFile(made.name, made.bytes, format === 'onnx' ? 'application/octet-stream' : 'application/json');
}

export type ProgramForm = 'listing' | 'released' | 'json';

/** The whole program as text; the one on the screen when it is there, else compiled again. */
export async function downloadProgram(form: ProgramForm): Promise<void> {
  await busy('program', async () => {
    const shown = await programNow();
    if (!shown) return;
    const { program, trace, network, mapping } = shown;
    const names = network.layers.map(({ name }) => name);
    if (form === 'listing') {
      const { listingText } = await import('../../../../engines/pim/listing.ts');
      await saveParts('-listing.txt', listingText(program, { names, trace }), 'text/plain');
    } else if (form === 'released') {
      const { beyondReleased, releasedListing } = await import('../../../../engines/pim/program/export-released.ts');
      const beyond = Object.entries(beyondReleased(program));
      if (beyond.length > 0) notify(texts.downloads.beyond(beyond.map(([name, count]) => `${name} (${count})`)));
      await saveParts('-pimcomp-listing.txt', releasedListing(program, mapping.ags, trace), 'text/plain');
    } else {
      const { programJson } = await import('../../../../engines/pim/program/export-json.ts');
      await saveParts('-program.json', programJson(program, names, trace), 'application/json');
    }
  });
}

async function programNow(): Promise<CompiledProgram | undefined> {
  const { program, result } = usePim.getState();
  if (!result) return undefined;
  if (program?.report === result.report) return program;
  const spec: ProgramSpec = { slice: result.spec, mapping: result.report.artefacts[0].data };
  return runOnce<CompiledProgram>('pim/program', spec, design.seed);
}

/** Milliseconds of writing text before the page is let breathe. */
const PIECE_MS = 30;

async function saveParts(ending: string, parts: Iterable<string>, type: string): Promise<void> {
  const texts: string[] = [];
  let since = performance.now();
  for (const part of parts) {
    texts.push(part);
    if (performance.now() - since < PIECE_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  }
  saveFile(nameOf(ending), texts, type);
}

async function busy<T>(what: string, work: () => Promise<T>): Promise<T> {
  usePim.setState({ busyDownload: what });
  try {
    return await work();
  } finally {
    usePim.setState({ busyDownload: undefined });
  }
}
