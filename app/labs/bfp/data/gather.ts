import { droppedFiles } from '../../../ui/dropped-files.ts';

/** A file with its path in the folder that was dropped or chosen: "birds/crow/1.png". */
export interface GatheredFile {
  path: string;
  file: Blob;
}

/** More images than any set of one's own has. */
const MOST_FILES = 1_000_000;

/** What was dropped, folders with all that is in them. To be called from the event: what hangs on it is gone afterwards. */
export async function filesOf(transfer: DataTransfer): Promise<GatheredFile[]> {
  return (await droppedFiles(transfer, { wanted: () => true, most: MOST_FILES })).found;
}

/** A file that was chosen, alone or in its folder. */
export function gathered(file: File): GatheredFile {
  return { path: file.webkitRelativePath || file.name, file };
}

/** What a zip file holds, as if its folders had been dropped. Throws where it is broken. */
export async function filesOfZip(zip: Blob): Promise<GatheredFile[]> {
  const { unzip } = await import('fflate');
  const bytes = new Uint8Array(await zip.arrayBuffer());
  const files = await new Promise<Record<string, Uint8Array>>((resolve, reject) =>
    unzip(bytes, (reason, unzipped) => (reason ? reject(reason) : resolve(unzipped))),
  );
  return Object.entries(files)
    .filter(([path]) => !path.endsWith('/'))
    .map(([path, content]) => ({ path, file: new Blob([content as Uint8Array<ArrayBuffer>]) }));
}
