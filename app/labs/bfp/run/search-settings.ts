import { useEffect } from 'react';
import type { BfpSlice, SearchSettings } from '../../../../engines/bfp/types.ts';
import { sameJson } from '../../../../engines/document/json.ts';
import { useSlice, useView } from '../../../design/index.ts';
import { edit } from '../actions.ts';

type Settings = Partial<SearchSettings>;

const NONE: Settings = {};

/** What the next search goes by while the document holds none; kept with the view. */
let kept: Settings = NONE;

/** The settings that a search of this moment would have. */
export function searchSettings(slice: BfpSlice): Settings {
  return slice.search ?? kept;
}

/** Keeps the settings of the last search for the next. Called by the part of the lab that is always there. */
export function useKeptSearch(): void {
  const { search } = useSlice<BfpSlice>('bfp');
  const [value, set] = useView<Settings>('bfp.searchSettings', NONE);
  kept = value;
  useEffect(() => {
    if (search === null) return;
    const { stopAfter: _, ...settings } = search;
    if (!sameJson(settings, kept)) set(settings);
  }, [search, set]);
}

/** The settings of the search, and how they are changed: in the document while it asks for a search, else for the next. */
export function useSearchSettings(): [Settings, (label: string, change: Settings) => void] {
  const { search } = useSlice<BfpSlice>('bfp');
  const [value, set] = useView<Settings>('bfp.searchSettings', NONE);
  const change = (label: string, patch: Settings) => {
    if (search === null) set({ ...value, ...patch });
    else edit(label, (was) => ({ ...was, search: { ...was.search, ...patch } }), 'merge');
  };
  return [search ?? value, change];
}
