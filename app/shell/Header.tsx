import { ChevronDown, Pin, Redo2, Search, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { redo, renameDesign, runCommand, undo, useCommands, useDesign } from '../design/index.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { Tooltip } from '../ui/Tooltip.tsx';
import { PIN_COMMAND } from './lab.ts';
import { Mark } from './Mark.tsx';
import { hideOverlay, showOverlay, useOverlay } from './overlay.ts';
import { texts } from './texts.ts';

/** Mark, title, undo and redo, and what can be done with the design as a whole. */
export function Header({ inLab }: { inLab: boolean }) {
  const open = useDesign((state) => state.design !== undefined);
  return (
    <header className="head">
      <a className="head-home" href="#/" aria-label={`${texts.name}: ${texts.nav.home}`}>
        <Mark />
        <span className="head-name">{texts.name}</span>
      </a>
      {inLab && open && <DesignControls />}
      <span className="head-space" />
      <button
        type="button"
        className="head-search"
        onClick={() => showOverlay('palette')}
        aria-keyshortcuts="Control+K"
      >
        <Search size={15} strokeWidth={1.75} aria-hidden />
        <span>{texts.header.search}</span>
        <kbd className="kbd">{/Mac/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      {inLab && open && <PinButton />}
      {inLab && open && <Button variant="primary" label={texts.header.share} onClick={() => showOverlay('share')} />}
    </header>
  );
}

function DesignControls() {
  const title = useDesign((state) => state.design?.document.title ?? '');
  const id = useDesign((state) => state.design?.id ?? '');
  const fixed = useDesign(({ design }) => design?.readOnly !== undefined || design?.pen !== 'mine');
  const undoLabel = useDesign((state) => state.undoLabel);
  const redoLabel = useDesign((state) => state.redoLabel);
  const naming = useOverlay((state) => state.open === 'rename');
  return (
    <>
      <div className="head-title">
        {naming && !fixed ? (
          <TitleField key={id} id={id} title={title} />
        ) : (
          <Tooltip text={texts.header.rename} shortcut="F2">
            <button type="button" className="head-rename" disabled={fixed} onClick={() => showOverlay('rename')}>
              {title}
            </button>
          </Tooltip>
        )}
        <IconButton
          icon={ChevronDown}
          label={texts.header.designs}
          size="small"
          onClick={() => showOverlay('designs')}
        />
      </div>
      <div className="head-undo">
        <Tooltip text={texts.header.undo(fixed ? undefined : undoLabel)} shortcut="Mod+Z">
          <Button
            variant="ghost"
            icon={Undo2}
            label="Undo"
            disabled={fixed || undoLabel === undefined}
            onClick={undo}
          />
        </Tooltip>
        <Tooltip text={texts.header.redo(fixed ? undefined : redoLabel)} shortcut="Mod+Shift+Z">
          <Button
            variant="ghost"
            icon={Redo2}
            label="Redo"
            disabled={fixed || redoLabel === undefined}
            onClick={redo}
          />
        </Tooltip>
      </div>
    </>
  );
}

function TitleField({ id, title }: { id: string; title: string }) {
  const [draft, setDraft] = useState(title);
  const done = () => {
    hideOverlay();
    if (draft.trim() !== '' && draft !== title) void renameDesign(id, draft);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape reaches the field inside; this takes it on its way up.
    <span onBlur={done} onKeyDown={(event) => event.key === 'Escape' && hideOverlay()}>
      <TextInput live autoFocus label={texts.header.title} value={draft} onChange={setDraft} onEnter={done} />
    </span>
  );
}

/** Pin result, for labs that have the command. */
function PinButton() {
  const pin = useCommands().find(({ id }) => id === PIN_COMMAND);
  if (!pin) return null;
  return (
    <Button
      label={pin.label}
      icon={Pin}
      disabled={pin.enabled?.() === false}
      onClick={() => {
        runCommand(PIN_COMMAND);
      }}
    />
  );
}
