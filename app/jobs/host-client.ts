import type { Host } from '../../workers/host-face.ts';

let host: Promise<Host> | undefined;
let loaded: Host | undefined;
const waiting = new Set<() => void>();

/** The host of the engines, loaded on first use: a page that runs nothing does not carry it. The app's one way to it. */
export function loadHost(): Promise<Host> {
  host ??= import('../../workers/host.ts').then(
    (module) => {
      loaded = module.host;
      for (const tell of [...waiting]) tell();
      return module.host;
    },
    (reason) => {
      // A script that did not arrive is asked for again the next time.
      host = undefined;
      throw reason;
    },
  );
  return host;
}

/** The host, when something has asked for it already. */
export function hostIfLoaded(): Host | undefined {
  return loaded;
}

/** Calls the listener once the host is there. */
export function onHostLoaded(listener: () => void): () => void {
  waiting.add(listener);
  return () => waiting.delete(listener);
}
