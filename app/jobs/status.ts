import { useSyncExternalStore } from 'react';
import type { HostStatus } from '../../workers/host-face.ts';
import { hostIfLoaded, loadHost, onHostLoaded } from './host-client.ts';

const ASLEEP: HostStatus = {
  engines: [],
  isolated: typeof crossOriginIsolated === 'boolean' && crossOriginIsolated,
};

function subscribe(listener: () => void): () => void {
  const host = hostIfLoaded();
  if (host) return host.subscribe(listener);
  let stop = onHostLoaded(() => {
    stop();
    stop = hostIfLoaded()?.subscribe(listener) ?? (() => {});
    listener();
  });
  return () => stop();
}

/** Engines, their workers and how much of them has loaded; empty until something runs. */
export function useHostStatus(): HostStatus {
  return useSyncExternalStore(subscribe, () => hostIfLoaded()?.status() ?? ASLEEP);
}

/** Loads an engine before it is needed. Failures show when it runs. */
export async function warmEngine(id: string): Promise<void> {
  await (await loadHost()).warm(id);
}
