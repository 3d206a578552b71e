import { writeNpz } from '../../../../engines/bfp/data/npy.ts';
import { error, fail, ok, type Result } from '../../../../engines/core/result.ts';
import { imagesByClass } from './classes.ts';
import type { GatheredFile } from './gather.ts';
import { texts } from './texts.ts';

const MOST_BYTES = 512 * 1024 * 1024;
/** Of red, green and blue in a grey, as television had it (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114] as const;

/**
 * An NPZ of images in folders by class, for a model that takes `inputShape` (1, C, H, W): every image is stretched to H x W
 * on white, in bytes, grey for one channel and red, green, blue planes for three. Problems: as of `imagesByClass`; a model that takes
 * no pictures; a file that is no image.
 */
export async function packImages(
  files: readonly GatheredFile[],
  inputShape: readonly number[],
  progress: (done: number, all: number) => void,
): Promise<Result<Uint8Array>> {
  const [channels = 0, height = 0, width = 0] = inputShape.slice(-3);
  if (inputShape.length !== 4 || (channels !== 1 && channels !== 3)) {
    return fail(error('images-shape', texts.noPictures(inputShape.slice(1).join(' x ')), texts.noPicturesRemedy));
  }
  const labelled = imagesByClass(files);
  if (!labelled.ok) return labelled;
  const { names, images } = labelled.value;
  const each = channels * height * width;
  if (images.length * each > MOST_BYTES) {
    const megabytes = Math.round((images.length * each) / 1e6);
    return fail(error('images-size', texts.tooLarge(images.length, megabytes), texts.tooLargeRemedy));
  }
  const x = new Uint8Array(images.length * each);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  for (const [index, { path, file }] of images.entries()) {
    if (index % 16 === 0) progress(index, images.length);
    const bitmap = await createImageBitmap(file).catch(() => undefined);
    if (!bitmap) return fail(error('images-broken', texts.notAnImage(path), texts.notAnImageRemedy));
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    x.set(planesOf(context.getImageData(0, 0, width, height).data, channels), index * each);
  }
  const classes = new TextEncoder().encode(names.join('\n'));
  return ok(
    writeNpz({
      x: { shape: [images.length, channels, height, width], bytes: x },
      y: { shape: [images.length], bytes: Uint8Array.from(images, ({ label }) => label) },
      classes: { shape: [classes.length], bytes: classes },
    }),
  );
}

/** Red, green, blue, alpha by pixel to a plane for each channel; the alpha is left out. */
export function planesOf(rgba: Uint8ClampedArray, channels: 1 | 3): Uint8Array {
  const pixels = rgba.length / 4;
  const planes = new Uint8Array(channels * pixels);
  for (let at = 0; at < pixels; at++) {
    if (channels === 1) {
      planes[at] = Math.round(LUMA.reduce((sum, weight, colour) => sum + weight * rgba[at * 4 + colour]!, 0));
    } else {
      for (let colour = 0; colour < 3; colour++) planes[colour * pixels + at] = rgba[at * 4 + colour]!;
    }
  }
  return planes;
}

/** Samples and classes of two NPY files as one NPZ. Problems: which is which cannot be told by the names. */
export async function packPair(files: readonly GatheredFile[]): Promise<Result<Uint8Array>> {
  const labels = files.filter(({ path }) => /(^|[^a-z])(y|labels?|targets?|classes)\.npy$/i.test(path));
  const samples = files.filter((file) => !labels.includes(file));
  if (labels.length !== 1 || samples.length !== 1) {
    return fail(error('npy-pair', texts.npyPair, texts.npyPairRemedy));
  }
  const { zip } = await import('fflate');
  const [x, y] = await Promise.all(
    [samples[0]!, labels[0]!].map(async ({ file }) => new Uint8Array(await file.arrayBuffer())),
  );
  return new Promise((resolve, reject) =>
    zip({ 'x.npy': x!, 'y.npy': y! }, { level: 1, mtime: new Date(1980, 0, 1, 12) }, (reason, bytes) =>
      reason ? reject(reason) : resolve(ok(bytes)),
    ),
  );
}
