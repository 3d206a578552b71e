import { useMemo } from 'react';
import type { Against, RtlSlice } from '../../../../engines/rtl/types.ts';
import { usePinned, useSlice, useView } from '../../../design/index.ts';
import { useRtl } from '../state.ts';
import { texts } from './texts.ts';

/** "pinned", "kept", or "module:NAME". */
export type Choice = 'pinned' | 'kept' | `module:${string}`;

/** What a design can be compared with, and what is chosen. */
export function useAgainst(): {
  choices: { value: Choice; label: string }[];
  chosen: Choice | undefined;
  choose(choice: Choice): void;
  against: Against | undefined;
} {
  const slice = useSlice<RtlSlice>('rtl');
  const { pinned } = usePinned<RtlSlice>('rtl');
  const [wanted, choose] = useView<Choice>('rtl.proof.with', 'pinned');
  const modules = useRtl((state) => (state.check?.modules.length ? state.check.modules : state.result?.report.modules));
  const top = useRtl((state) => (slice.top !== '' ? slice.top : (state.check?.top ?? state.result?.report.top ?? '')));
  return useMemo(() => {
    const others = [...new Set((modules ?? []).map(({ sourceName }) => sourceName))]
      .filter((name) => name !== top)
      .sort();
    const choices: { value: Choice; label: string }[] = [
      ...(pinned ? [{ value: 'pinned' as const, label: texts.choices.pinned(pinned.label) }] : []),
      ...(slice.against ? [{ value: 'kept' as const, label: texts.choices.kept }] : []),
      ...others.map((name) => ({ value: `module:${name}` as const, label: texts.choices.module(name) })),
    ];
    const isThere = choices.some(({ value }) => value === wanted);
    // A module is compared with only when it is chosen.
    const first = choices.find(({ value }) => !value.startsWith('module:'))?.value;
    const chosen = isThere ? wanted : first;
    const against =
      chosen === undefined
        ? undefined
        : chosen === 'pinned'
          ? pinned && versionOf(pinned.slice)
          : chosen === 'kept'
            ? slice.against
            : { files: designFiles(slice), top: chosen.slice('module:'.length), parameters: {} };
    return { choices, chosen, choose, against };
  }, [modules, top, pinned, slice, wanted, choose]);
}

/** A state of the design as another is compared with it. */
export function versionOf(slice: RtlSlice): Against {
  return { files: designFiles(slice), top: slice.top, parameters: slice.parameters };
}

function designFiles({ files }: RtlSlice) {
  return files.filter(({ role }) => role !== 'bench');
}
