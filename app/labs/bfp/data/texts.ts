/** The words of reading data of one's own. */
export const texts = {
  noImages: 'There are no images in what was opened.',
  looseImage: (path: string) => `The image ${path} lies in no folder, so its class is not known.`,
  foldersRemedy: 'Open a folder that has one folder of images (PNG, JPEG, WebP ...) for each class, named by it.',
  tooManyClasses: (count: number, most: number) => `There are ${count} classes; the lab takes at most ${most}.`,
  notAnImage: (path: string) => `The image ${path} cannot be read.`,
  notAnImageRemedy: 'Take it out of the folder, or save it again as PNG.',
  noPictures: (shape: string) => `The model takes ${shape}, which is no picture of one or three channels.`,
  noPicturesRemedy: 'Give it an NPZ with samples x and classes y.',
  tooLarge: (count: number, megabytes: number) => `${count} images come to ${megabytes} MB, more than a page can hold.`,
  tooLargeRemedy: 'Take fewer images of each class.',
  reading: (done: number, all: number) => `Reading the images: ${done} of ${all}`,
  brokenZip: (name: string) => `The file ${name} is no zip file, or a part of it is missing.`,
  npyPair: 'Of two NPY files one must be the samples and the other the classes.',
  npyPairRemedy: 'Name them x.npy and y.npy, and open both together.',
};
