import { useEffect, useState } from 'react';
import type { Example } from '../../engines/document/types.ts';
import { newestExamples } from '../design/newest-examples.ts';
import type { Lesson } from '../lessons/types.ts';
import { labs, loadLab } from './labs.ts';

/** What a lab offers to start from. */
export interface Offer {
  lab: string;
  lessons: Lesson[];
  examples: Example[];
}

/** Lessons and examples of all labs, once the page stands and the browser has time. A lab that fails to load offers nothing here. */
export function useOffers(): Offer[] {
  const [offers, setOffers] = useState<Offer[]>(known);
  useEffect(() => {
    let live = true;
    const read = () => {
      void Promise.all(labs.map(({ id }) => offerOf(id).catch(() => undefined))).then((found) => {
        known = found.filter((offer) => offer !== undefined);
        if (live) setOffers(known);
      });
    };
    const idle =
      typeof requestIdleCallback === 'function' ? requestIdleCallback(read, { timeout: 1500 }) : setTimeout(read, 200);
    return () => {
      live = false;
      if (typeof cancelIdleCallback === 'function') cancelIdleCallback(idle as number);
      else clearTimeout(idle);
    };
  }, []);
  return offers;
}

/** Who asks again has them at once. */
let known: Offer[] = [];

async function offerOf(lab: string): Promise<Offer> {
  const module = await loadLab(lab);
  return { lab, lessons: module?.lessons ?? [], examples: newestExamples((await module?.slice.examples()) ?? []) };
}
