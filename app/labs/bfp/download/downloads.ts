import { fileName } from '../../../ui/save-file.ts';

/** The title and the seed of the design on the screen; set by the lab. */
let design = { title: 'design', seed: 1 };
export function setDesign(title: string, seed: number): void {
  design = { title, seed };
}

export function seedOf(): number {
  return design.seed;
}

export function nameOf(ending: string): string {
  return fileName(design.title, ending);
}
