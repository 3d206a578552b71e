import { useCallback, useEffect, useRef, useState } from 'react';
import { advance, durationsMs } from './play.ts';

export interface Play {
  playing: boolean;
  toggle(): void;
  stop(): void;
}

/**
 * Runs through the segments in the time that they take. `onStep`: another segment has begun; `onShare`: how much of it is
 * over, every frame.
 */
export function usePlay(
  cycles: readonly number[],
  segment: number,
  speed: number,
  onStep: (segment: number) => void,
  onShare: (share: number) => void,
): Play {
  const [playing, setPlaying] = useState(false);
  const latest = useRef({ segment, speed, onStep, onShare });
  latest.current = { segment, speed, onStep, onShare };
  useEffect(() => {
    if (!playing) return;
    const durations = durationsMs(cycles);
    let head = { segment: latest.current.segment, elapsedMs: 0 };
    let before = performance.now();
    let frame = requestAnimationFrame(function next(now) {
      const { segment: shown, speed: times, onStep: step, onShare: tell } = latest.current;
      // Somebody stepped by hand: on from there.
      if (shown !== head.segment) head = { segment: shown, elapsedMs: 0 };
      const moved = advance(durations, head, Math.max(0, now - before) * times);
      before = now;
      head = { segment: moved.segment, elapsedMs: moved.elapsedMs };
      if (moved.segment !== shown) step(moved.segment);
      // The step shows with the next drawing; it must not look like one by hand.
      latest.current = { ...latest.current, segment: moved.segment };
      tell(moved.elapsedMs / (durations[moved.segment] || 1));
      if (moved.ended) setPlaying(false);
      else frame = requestAnimationFrame(next);
    });
    return () => {
      cancelAnimationFrame(frame);
      latest.current.onShare(0);
    };
  }, [playing, cycles]);
  const toggle = useCallback(() => {
    setPlaying((was) => {
      // At the end it begins anew.
      if (!was && latest.current.segment >= cycles.length - 1) latest.current.onStep(0);
      return !was;
    });
  }, [cycles]);
  const stop = useCallback(() => setPlaying(false), []);
  return { playing, toggle, stop };
}
