import { error, type Problem } from '../../engines/core/result.ts';
import { type Address, formatAddress } from '../../engines/document/address.ts';
import {
  createDesign,
  dismiss,
  lastDesign,
  newDesign,
  notify,
  openDesign,
  openExample,
  openLink,
} from '../design/index.ts';
import { type LessonProgress, lessonProgress, saveProgress } from '../lessons/progress.ts';
import type { Lesson } from '../lessons/types.ts';
import { chunkProblem, isChunkError } from './chunk-error.ts';
import type { LabModule } from './lab.ts';
import { labs, loadLab } from './labs.ts';
import { noticesNow, openNow } from './open-design.ts';

/** What stands on the screen, once what the address names has been loaded and opened. */
export type Place =
  | { kind: 'home' }
  | { kind: 'opening' }
  | { kind: 'lab'; lab: string; module: LabModule; lesson?: Lesson }
  | { kind: 'unknown'; text: string }
  | { kind: 'missing'; lab: string }
  | { kind: 'bad-link'; lab: string; problems: Problem[] }
  | { kind: 'failed'; problem: Problem };

/** A place, and the address that names it from now on (never again the link or the example it was made from). */
export interface Arrival {
  place: Place;
  address?: Address;
}

/** Loads and opens what an address names. Never rejects: what fails is a place too. */
export async function arrive(address: Address): Promise<Arrival> {
  try {
    return await find(address);
  } catch (reason) {
    if (isChunkError(reason)) return { place: { kind: 'failed', problem: chunkProblem() } };
    throw reason;
  }
}

async function find(address: Address): Promise<Arrival> {
  switch (address.kind) {
    case 'home':
      return { place: { kind: 'home' } };
    case 'unknown':
      return unknown(address);
    case 'lab': {
      const module = await loadLab(address.lab);
      if (!module) return unknown(address);
      if (address.design !== undefined) return named(address.lab, address.design, module);
      const last = await lastDesign(address.lab);
      if (last !== undefined && (await openDesign(last))) return inLab(last, address.lab, module);
      return fresh(address.lab, module);
    }
    case 'link': {
      const module = await loadLab(address.lab);
      if (!module) return unknown({ kind: 'unknown', text: `#/${address.lab}` });
      const opened = await openLink(address.lab, address.payload);
      if (opened.ok) return inLab(opened.value, address.lab, module);
      // They stand on the page itself, with more room.
      for (const problem of opened.problems) dismiss(problem);
      return { place: { kind: 'bad-link', lab: address.lab, problems: opened.problems } };
    }
    case 'example': {
      const home = await labOfExample(address.id, address.lab);
      if (!home) return unknown(address);
      const opened = await openExample(home.lab, address.id);
      return opened.ok ? inLab(opened.value, home.lab, home.module) : unknown(address);
    }
    case 'lesson':
      return lesson(address.id, address.step);
  }
}

function unknown(address: Address): Arrival {
  return { place: { kind: 'unknown', text: formatAddress(address) } };
}

/** The lab of the open design, which may be another than the address said. */
async function inLab(id: string, lab: string, module: LabModule): Promise<Arrival> {
  const own = openNow()?.document.lab ?? lab;
  const loaded = own === lab ? module : await loadLab(own);
  if (!loaded) {
    const problem = error('lab-missing', `This design is of the lab “${own}”, which this studio does not have.`);
    return { place: { kind: 'failed', problem } };
  }
  return { place: { kind: 'lab', lab: own, module: loaded }, address: { kind: 'lab', lab: own, design: id } };
}

async function named(lab: string, id: string, module: LabModule): Promise<Arrival> {
  if (await openDesign(id)) return inLab(id, lab, module);
  // The page says the same with more room.
  for (const notice of noticesNow()) if (notice.code === 'design-missing') dismiss(notice);
  return { place: { kind: 'missing', lab } };
}

/** A lab that was never used here opens on its default design, of which the build has brought the report along. */
async function fresh(lab: string, module: LabModule): Promise<Arrival> {
  const opened = await newDesign(lab);
  if (opened.ok) return inLab(opened.value, lab, module);
  return {
    place: { kind: 'failed', problem: opened.problems[0] ?? error('not-opened', 'The lab could not be opened.') },
  };
}

async function labOfExample(
  id: string,
  lab: string | undefined,
): Promise<{ lab: string; module: LabModule } | undefined> {
  for (const each of labs) {
    if (lab !== undefined && each.id !== lab) continue;
    const module = await loadLab(each.id);
    if (module && (await module.slice.examples()).some((example) => example.id === id)) return { lab: each.id, module };
  }
  return undefined;
}

async function lesson(id: string, step: number | undefined): Promise<Arrival> {
  for (const each of labs) {
    const module = await loadLab(each.id);
    const found = module?.lessons.find((one) => one.id === id);
    if (!module || !found) continue;
    const progress = lessonProgress(id);
    await openLessonDesign(found, progress);
    const place: Place = { kind: 'lab', lab: found.lab, module, lesson: found };
    return { place, address: { kind: 'lesson', id, step: clampStep(step ?? progress.step, found) } };
  }
  return unknown({ kind: 'lesson', id });
}

function clampStep(step: number, { steps }: Lesson): number {
  return Math.min(Math.max(step, 1), steps.length);
}

/** The design that this lesson was last worked on with, or a new one. */
async function openLessonDesign(found: Lesson, progress: LessonProgress): Promise<void> {
  if (progress.design !== undefined) {
    if (await openDesign(progress.design)) return;
    notify({
      code: 'lesson-restarted',
      severity: 'note',
      what: `The design of “${found.title}” was deleted: a new one was made.`,
    });
  }
  const design = await createDesign(await found.start());
  saveProgress(found.id, { ...progress, design });
}
