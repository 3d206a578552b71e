import { useSyncExternalStore } from 'react';
import { type Address, formatAddress, parseAddress } from '../../engines/document/address.ts';

const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('hashchange', listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('hashchange', listener);
    removeEventListener('popstate', listener);
  };
}

export function currentAddress(): Address {
  return parseAddress(location.hash);
}

/** The text of the address, which changes when the address does. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => location.hash);
}

/** Goes to an address; back returns to the one before. */
export function go(address: Address): void {
  const hash = formatAddress(address);
  if (hash !== location.hash) location.hash = hash;
}

/** Writes the address of what is already on the screen in place of the one it came by (a link, an example). */
export function replaceAddress(address: Address): void {
  const hash = formatAddress(address);
  if (hash === location.hash) return;
  history.replaceState(history.state, '', hash);
  tell();
}
