import { useEffect } from 'react';
import { type Command, isEditable, registerCommands, usePinned, useView } from '../design/index.ts';
import type { LabActions } from './lab-commands.ts';

/**
 * Registers the commands of a lab, and anew whenever one becomes possible: `commands` must be the same function until they
 * are others.
 */
export function useLabCommands<View extends string>(
  lab: string,
  commands: (actions: LabActions<View>) => readonly Command[],
  setView: (view: View) => void,
  hasResult: boolean,
): void {
  const { pinned, pin, clear } = usePinned(lab);
  const [live, setLive] = useView(`${lab}.live`, true);
  const isPinned = pinned !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is enabled is drawn anew when there is a result.
  useEffect(
    () =>
      registerCommands(
        commands({
          editable: isEditable,
          isPinned: () => isPinned,
          pin: () => pin(),
          unpin: clear,
          setView,
          toggleLive: () => setLive(!live),
        }),
      ),
    [commands, isPinned, pin, clear, setView, live, setLive, hasResult],
  );
}
