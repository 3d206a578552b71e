import { error, fail, ok, type Result } from '../../../../engines/core/result.ts';
import type { GatheredFile } from './gather.ts';
import { texts } from './texts.ts';

export interface LabelledImages {
  /** By class. */
  names: string[];
  images: { path: string; file: Blob; label: number }[];
}

const IMAGE = /\.(png|jpe?g|gif|webp|bmp|avif)$/i;
/** What a system leaves in folders beside the user's files. */
const HIDDEN = /(^|\/)(\.|__MACOSX)/;
/** Labels are kept as bytes. */
const MOST_CLASSES = 256;

export function isImage(path: string): boolean {
  return IMAGE.test(path) && !HIDDEN.test(path);
}

/**
 * Images by the folder that each lies in, which is its class. Folders are sorted by name and numbered from 0, as
 * torchvision's ImageFolder does; where all names are whole numbers ("0", "1", "10") the names are the classes.
 * Problems: no images, images in no folder, too many classes.
 */
export function imagesByClass(files: readonly GatheredFile[]): Result<LabelledImages> {
  const images = files.filter(({ path }) => isImage(path));
  if (images.length === 0) return fail(error('images-none', texts.noImages, texts.foldersRemedy));
  const folderOf = (path: string) => path.split('/').at(-2);
  const loose = images.find(({ path }) => folderOf(path) === undefined);
  if (loose) return fail(error('images-loose', texts.looseImage(loose.path), texts.foldersRemedy));
  const folders = [...new Set(images.map(({ path }) => folderOf(path)!))].sort(byCode);
  const numbered = folders.every((name) => /^\d{1,3}$/.test(name));
  const count = numbered ? Math.max(...folders.map(Number)) + 1 : folders.length;
  if (count > MOST_CLASSES) return fail(error('images-classes', texts.tooManyClasses(count, MOST_CLASSES)));
  const labels = new Map(folders.map((name, index) => [name, numbered ? Number(name) : index]));
  const names = numbered ? Array.from({ length: count }, (_, index) => `${index}`) : folders;
  const labelled = images
    .map(({ path, file }) => ({ path, file, label: labels.get(folderOf(path)!)! }))
    .sort((a, b) => a.label - b.label || byCode(a.path, b.path));
  return ok({ names, images: labelled });
}

/** The same order in every language. */
function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
