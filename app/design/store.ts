import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DesignState, Notice } from './types.ts';

export type DesignStore = StoreApi<DesignState>;

export function createDesignStore(): DesignStore {
  return createStore<DesignState>(() => ({ design: undefined, save: 'saved', notices: [] }));
}

/** Notices that say the same thing are one notice; the newest wording and action win. */
export function addNotice(store: DesignStore, notice: Notice): void {
  const others = store.getState().notices.filter((each) => !sameNotice(each, notice));
  store.setState({ notices: [...others, notice] });
}

export function removeNotice(store: DesignStore, notice: Notice): void {
  store.setState({ notices: store.getState().notices.filter((each) => !sameNotice(each, notice)) });
}

function sameNotice(a: Notice, b: Notice): boolean {
  return a.code === b.code && a.what === b.what;
}
