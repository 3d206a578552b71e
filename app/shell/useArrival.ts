import { useEffect, useRef, useState } from 'react';
import { error } from '../../engines/core/result.ts';
import { formatAddress, parseAddress } from '../../engines/document/address.ts';
import { closeDesign, useDesign } from '../design/index.ts';
import { currentAddress, go, replaceAddress, useHash } from './address.ts';
import { openNow } from './open-design.ts';
import { arrive, type Place } from './place.ts';
import { report } from './reporter.ts';

/** Places are reached one after the other: two links opened in a row would otherwise open each other's designs. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * The place that the address names. The place before stays on the screen until the next is ready. When another design
 * comes onto the desk by any other way (a copy, an import), the address follows it.
 */
export function useArrival(): Place {
  const hash = useHash();
  const [place, setPlace] = useState<Place>(() => ({ kind: currentAddress().kind === 'home' ? 'home' : 'opening' }));
  const here = useRef<{ hash?: string; design?: string; lesson?: string; busy: number }>({ busy: 0 });

  useEffect(() => {
    const { current } = here;
    if (current.hash === hash) return;
    const address = parseAddress(hash);
    if (address.kind === 'home') {
      current.hash = hash;
      current.lesson = undefined;
      setPlace({ kind: 'home' });
      return;
    }
    // Another step of the lesson on the screen.
    if (address.kind === 'lesson' && address.id === current.lesson && openNow()?.id === current.design) {
      current.hash = hash;
      return;
    }
    let live = true;
    current.busy += 1;
    // Until it is reached the desk may hold either design: whoever turns back meanwhile has to be brought back.
    current.hash = undefined;
    const arrival = queue.then(() => (live ? arrive(address) : undefined));
    queue = arrival
      .then(
        (found) => {
          if (!live || !found) return;
          current.hash = found.address ? formatAddress(found.address) : hash;
          current.design = openNow()?.id;
          current.lesson = found.place.kind === 'lab' ? found.place.lesson?.id : undefined;
          if (found.address) replaceAddress(found.address);
          setPlace(found.place);
        },
        (reason) => {
          report(reason, `opening ${address.kind}`);
          const problem = error('not-opened', 'This could not be opened.', 'Go back, or reload the page.');
          if (live) setPlace({ kind: 'failed', problem });
        },
      )
      .finally(() => {
        current.busy -= 1;
      });
    return () => {
      live = false;
    };
  }, [hash]);

  // On the start page nothing lies on the desk, and another tab may have the pen.
  useEffect(() => {
    if (place.kind !== 'lab' && place.kind !== 'opening') void closeDesign();
  }, [place]);

  const id = useDesign((state) => state.design?.id);
  const lab = useDesign((state) => state.design?.document.lab);
  useEffect(() => {
    const { current } = here;
    if (current.busy > 0 || id === current.design) return;
    current.design = id;
    if (id !== undefined && lab !== undefined) go({ kind: 'lab', lab, design: id });
    else if (place.kind === 'lab') replaceAddress({ kind: 'home' });
  }, [id, lab, place]);

  return place;
}
