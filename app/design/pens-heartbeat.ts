import type { Pen, Pens } from './pens.ts';

export type PenMessage = { kind: 'who' | 'here' | 'free'; id: string; tab: string };

/** What the tabs of one origin share. */
export interface PenMedium {
  read(key: string): string | null;
  write(key: string, value: string): void;
  remove(key: string): void;
  post(message: PenMessage): void;
  onMessage(listener: (message: PenMessage) => void): void;
}

export const BEAT_MS = 2000;
/** A tab in the background may beat only once a minute, so one that is silent is asked before its pen is taken. */
const SILENT_MS = 5000;
const ANSWER_MS = 400;
const SETTLE_MS = 50;

interface Held {
  tab: string;
  at: number;
}

interface Holder {
  mine: boolean;
  released: boolean;
  onTurn(mine: boolean): void;
}

/**
 * Pens where Web Locks are missing (plain http): the holder signs in shared storage and keeps renewing its signature. A
 * holder that fell silent and does not answer is taken for gone; should it wake after all, it sees the other signature
 * before it writes and knows that it has lost the pen.
 */
export function heartbeatPens(medium: PenMedium, tab: string, now: () => number): Pens {
  const holders = new Map<string, Holder>();
  const answers = new Map<string, () => void>();
  let asleep = false;

  const key = (id: string) => `crossbar-pen:${id}`;

  function read(id: string): Held | undefined {
    try {
      const held = JSON.parse(medium.read(key(id)) ?? 'null') as Held | null;
      return held && typeof held.tab === 'string' && typeof held.at === 'number' ? held : undefined;
    } catch {
      return undefined;
    }
  }

  /** Designs whose signature shared storage took: it may be full. */
  const signed = new Set<string>();

  function sign(id: string): void {
    medium.write(key(id), JSON.stringify({ tab, at: now() } satisfies Held));
    if (read(id)?.tab === tab) signed.add(id);
    else signed.delete(id);
  }

  /** A signature that is gone was removed by a tab that took the pen meanwhile and gave it back. */
  const isMine = (id: string) => (read(id)?.tab ?? (signed.has(id) ? undefined : tab)) === tab;
  const silent = (held: Held) => Math.abs(now() - held.at) > SILENT_MS;

  medium.onMessage((message) => {
    if (message.tab === tab) return;
    const holder = holders.get(message.id);
    if (message.kind === 'who' && holder?.mine && isMine(message.id)) {
      medium.post({ kind: 'here', id: message.id, tab });
    }
    if (message.kind === 'here') answers.get(message.id)?.();
    if (message.kind === 'free' && holder && !holder.mine) void wait(message.id, holder);
  });
  function turn(holder: Holder, mine: boolean): void {
    if (holder.released) return;
    holder.mine = mine;
    holder.onTurn(mine);
  }

  function giveBack(id: string, holder: Holder): void {
    const had = holder.mine && isMine(id);
    holder.mine = false;
    signed.delete(id);
    if (!had) return;
    medium.remove(key(id));
    medium.post({ kind: 'free', id, tab });
  }

  async function answered(id: string): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ANSWER_MS);
      answers.set(id, () => {
        clearTimeout(timer);
        resolve(true);
      });
      medium.post({ kind: 'who', id, tab });
    });
  }

  async function attempt(id: string): Promise<boolean> {
    const held = read(id);
    if (held && held.tab !== tab) {
      if (!silent(held) || (await answered(id))) return false;
      const later = read(id);
      if (later && later.tab !== held.tab && !silent(later)) return false;
    }
    sign(id);
    // Two tabs may have signed at once: the later signature counts, for both.
    await pause(SETTLE_MS);
    return isMine(id);
  }

  async function wait(id: string, holder: Holder): Promise<void> {
    if (holder.released || holder.mine || asleep) return;
    const got = await attempt(id);
    if (got && holder.released) medium.remove(key(id));
    else if (got && !holder.mine) turn(holder, true);
  }

  return {
    async take(id, onTurn): Promise<Pen> {
      const holder: Holder = { mine: false, released: false, onTurn };
      holders.set(id, holder);
      holder.mine = await attempt(id);
      const timer = setInterval(() => {
        if (asleep) return;
        if (!holder.mine) void wait(id, holder);
        else if (isMine(id)) sign(id);
        else turn(holder, false);
      }, BEAT_MS);
      return {
        mine: () => holder.mine && isMine(id),
        release() {
          clearInterval(timer);
          holder.released = true;
          if (holders.get(id) === holder) holders.delete(id);
          giveBack(id, holder);
        },
      };
    },
    async taken(id) {
      const held = read(id);
      if (!held) return false;
      return held.tab === tab || !silent(held) || answered(id);
    },
    sleep() {
      asleep = true;
      for (const [id, holder] of holders) giveBack(id, holder);
    },
    wake() {
      asleep = false;
      for (const [id, holder] of holders) void attempt(id).then((got) => turn(holder, got));
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
