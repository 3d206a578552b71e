import { Copy, Download, Ellipsis, Pencil, Plus, Trash2, Upload } from 'lucide-react';
import { useState } from 'react';
import {
  type DesignSummary,
  deleteDesign,
  duplicateDesign,
  exportDesign,
  importFile,
  newDesign,
  renameDesign,
  useDesign,
  useDesigns,
} from '../../design/index.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { formatAge } from '../../ui/format.ts';
import { Menu } from '../../ui/Menu.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { go } from '../address.ts';
import { findLab, labs } from '../labs.ts';
import { texts } from '../texts.ts';
import './dialogs.css';

/** From this many designs on they can be searched. */
const SEARCH_FROM = 8;

/** The designs kept in this browser, newest first. */
export default function DesignsDialog({ onClose }: { onClose(): void }) {
  const designs = useDesigns();
  const openId = useDesign((state) => state.design?.id);
  const [search, setSearch] = useState('');
  const [renaming, setRenaming] = useState<string>();
  const found = designs?.filter(({ title }) => title.toLowerCase().includes(search.trim().toLowerCase()));
  const items = (each: DesignSummary) => [
    { label: texts.designs.rename, icon: Pencil, onSelect: () => setRenaming(each.id) },
    {
      label: texts.designs.duplicate,
      icon: Copy,
      onSelect: () => void duplicateDesign(each.id).then((id) => id !== undefined && onClose()),
    },
    { label: texts.designs.export, icon: Download, onSelect: () => void exportDesign(each.id) },
    { separator: true } as const,
    { label: texts.designs.delete, icon: Trash2, danger: true, onSelect: () => void deleteDesign(each.id) },
  ];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={texts.designs.title}
      width="wide"
      footer={
        <>
          <FileButton onFile={(file) => void importFile(file).then((result) => result.ok && onClose())} />
          {labs.map(({ id, short }) => (
            <Button
              key={id}
              variant={labs.length === 1 ? 'primary' : 'plain'}
              icon={Plus}
              label={texts.designs.new(short)}
              onClick={() => void newDesign(id).then((result) => result.ok && onClose())}
            />
          ))}
        </>
      }
    >
      {designs && designs.length >= SEARCH_FROM && (
        <div className="designs-search">
          <TextInput
            live
            type="search"
            label={texts.designs.search}
            placeholder={texts.designs.search}
            value={search}
            onChange={setSearch}
          />
        </div>
      )}
      {designs?.length === 0 && <p className="dialog-text">{texts.designs.none}</p>}
      {designs && designs.length > 0 && found?.length === 0 && <p className="dialog-text">{texts.designs.unmatched}</p>}
      <ul className="designs">
        {found?.map((each) => (
          <li key={each.id} className="design">
            {renaming === each.id ? (
              <RenameField design={each} onDone={() => setRenaming(undefined)} />
            ) : (
              <button
                type="button"
                className="design-open"
                onClick={() => {
                  go({ kind: 'lab', lab: each.lab, design: each.id });
                  onClose();
                }}
              >
                <span className="design-title">{each.title}</span>
                {each.id === openId && <Badge tone="accent">{texts.designs.open}</Badge>}
                <span className="design-facts">
                  {findLab(each.lab)?.short ?? each.lab}, {formatAge(each.savedAt, Date.now())}
                </span>
              </button>
            )}
            <Menu
              align="end"
              trigger={
                <button type="button" className="icon-btn" aria-label={texts.designs.more(each.title)}>
                  <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
                </button>
              }
              items={items(each)}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function RenameField({ design, onDone }: { design: DesignSummary; onDone(): void }) {
  const [title, setTitle] = useState(design.title);
  const save = () => {
    onDone();
    if (title.trim() !== '' && title !== design.title) void renameDesign(design.id, title);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape reaches the field inside; this takes it on its way up.
    <span
      className="design-rename field-wide"
      data-own-escape
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      <TextInput live autoFocus label={texts.designs.newTitle} value={title} onChange={setTitle} onEnter={save} />
    </span>
  );
}

function FileButton({ onFile }: { onFile(file: File): void }) {
  const [input, setInput] = useState<HTMLInputElement | null>(null);
  return (
    <>
      <input
        ref={setInput}
        type="file"
        accept=".zip,.json"
        hidden
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
      <Button icon={Upload} label={texts.designs.import} onClick={() => input?.click()} />
    </>
  );
}
