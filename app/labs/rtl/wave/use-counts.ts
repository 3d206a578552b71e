import { useEffect, useRef, useState } from 'react';
import type { WaveStage } from './stage.ts';

/** How much there is: read again some times a second while the database grows. */
export function useCounts(stage: WaveStage): { signals: number; changes: number } {
  const { database } = stage;
  const read = () => ({ signals: database.signals.length, changes: database.changes });
  const [counts, setCounts] = useState(read);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    setCounts(latest.current());
    const stop = database.onChange(() => {
      stage.tell();
      timer ??= setTimeout(() => {
        timer = undefined;
        setCounts(latest.current());
      }, 200);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [database, stage]);
  return counts;
}
