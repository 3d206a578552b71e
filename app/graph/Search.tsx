import { Search as Glyph } from 'lucide-react';
import { useId, useMemo, useRef, useState } from 'react';

const SHOWN = 8;

export interface SearchProps {
  /** Indices of what matches a text, best first. Stays the same function while the things stay the same. */
  find(text: string): readonly number[];
  label(index: number): { name: string; detail: string };
  onGo(index: number): void;
  focusKey: string;
  texts: { find: string; nothingFound: string; found(count: number): string };
}

/** Finds a thing of a drawing by name, type or words. Arrow keys walk the matches, Enter goes to one. */
export function Search({ find, label, onGo, focusKey, texts }: SearchProps) {
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const found = useMemo(() => find(text), [find, text]);
  const shown = found.slice(0, SHOWN);
  const go = (index: number | undefined) => {
    if (index === undefined) return;
    onGo(index);
    setOpen(false);
  };
  const listed = open && text.trim() !== '';
  return (
    <div className="graph-search">
      <Glyph size={14} strokeWidth={1.75} aria-hidden />
      <input
        ref={field}
        type="search"
        className="graph-search-field"
        placeholder={texts.find}
        aria-label={texts.find}
        aria-keyshortcuts={focusKey}
        role="combobox"
        aria-expanded={listed}
        aria-controls={id}
        aria-activedescendant={listed && shown.length > 0 ? `${id}-${active}` : undefined}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            setOpen(true);
            const step = event.key === 'ArrowDown' ? 1 : -1;
            if (shown.length > 0) setActive((active + step + shown.length) % shown.length);
          } else if (event.key === 'Enter') {
            go(shown[active]);
          } else if (event.key === 'Escape') {
            if (text !== '') setText('');
            else field.current?.blur();
          }
        }}
      />
      {listed && (
        <div className="graph-search-list">
          <div id={id} role="listbox" aria-label={texts.find}>
            {shown.map((index, row) => {
              const { name, detail } = label(index);
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's.
                <div
                  key={index}
                  id={`${id}-${row}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={row === active}
                  className="graph-search-item"
                  onPointerDown={(event) => event.preventDefault()}
                  onPointerEnter={() => setActive(row)}
                  onClick={() => go(index)}
                >
                  <span className="mono">{name}</span>
                  <small>{detail}</small>
                </div>
              );
            })}
          </div>
          <p className="graph-search-count" role="status">
            {found.length === 0 ? texts.nothingFound : texts.found(found.length)}
          </p>
        </div>
      )}
    </div>
  );
}
