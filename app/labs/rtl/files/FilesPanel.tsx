import {
  ChevronRight,
  Download,
  Ellipsis,
  FilePlus2,
  FileUp,
  FolderOpen,
  FolderSync,
  FolderUp,
  LibraryBig,
  Pencil,
  Plus,
  Trash2,
  Unplug,
} from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { Severity } from '../../../../engines/core/result.ts';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import { isEditable, useDesign, useSlice } from '../../../design/index.ts';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Menu, type MenuItem } from '../../../ui/Menu.tsx';
import { Section } from '../../../ui/Section.tsx';
import { TextInput } from '../../../ui/TextInput.tsx';
import { addFile, removeFile, renameFile, takeFiles } from '../actions.ts';
import { downloadSources } from '../download/downloads.ts';
import { openPlace, useRtl } from '../state.ts';
import { texts } from '../texts.ts';
import { useAllProblems } from '../views/all-problems.ts';
import { readList } from './drop.ts';
import { canOpenFolders } from './folder.ts';
import { cleanPath, pathFault, type TreeNode, treeOf } from './paths.ts';
import { closeFolder, openFolder, readFolder, textsOf, useFolder, writeFolder } from './useFolder.ts';

const words = texts.files;

/** The sources as a tree, and all ways in and out. */
export function FilesPanel() {
  const slice = useSlice<RtlSlice>('rtl');
  const design = useDesign((state) => state.design?.id) ?? '';
  const editable = useDesign(() => isEditable());
  const naming = useRtl((state) => state.naming);
  const folder = useFolder(design);
  const upload = useRef<HTMLInputElement>(null);
  const uploadFolder = useRef<HTMLInputElement>(null);
  const paths = useMemo(() => slice.files.map((file) => file.path), [slice.files]);
  const tree = useMemo(() => treeOf(paths), [paths]);
  const unsaved = folder?.changed(textsOf(slice)).length ?? 0;

  const items: MenuItem[] = [
    {
      label: words.newFile,
      icon: FilePlus2,
      disabled: !editable,
      onSelect: () => useRtl.setState({ naming: { kind: 'new' } }),
    },
    { label: words.upload, icon: FileUp, disabled: !editable, onSelect: () => upload.current?.click() },
    { label: words.uploadFolder, icon: FolderUp, disabled: !editable, onSelect: () => uploadFolder.current?.click() },
    ...(canOpenFolders()
      ? [{ label: words.openFolder, icon: FolderOpen, disabled: !editable, onSelect: () => void openFolder(design) }]
      : []),
    { separator: true },
    { label: `${words.examples}…`, icon: LibraryBig, onSelect: () => useRtl.setState({ examplesOpen: true }) },
    { label: words.zip, icon: Download, disabled: paths.length === 0, onSelect: () => void downloadSources() },
  ];
  return (
    <Section
      title={words.title}
      lesson="files"
      aside={
        <>
          <IconButton
            size="small"
            icon={LibraryBig}
            label={words.examples}
            onClick={() => useRtl.setState({ examplesOpen: true })}
          />
          <Menu align="end" trigger={<MenuButton label={words.add} />} items={items} />
        </>
      }
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls of a form. */}
      <div className="tree" role="group" aria-label={words.title} onKeyDown={moveInTree}>
        {tree.map((node) => (
          <Node
            key={node.path}
            node={node}
            depth={0}
            editable={editable}
            naming={naming?.kind === 'rename' ? naming.path : undefined}
          />
        ))}
        {naming?.kind === 'new' && (
          <div role="none" className="tree-naming">
            <NameInput
              label={words.newName}
              start={paths.length === 0 ? 'top.v' : 'new.v'}
              taken={paths}
              onName={addFile}
            />
          </div>
        )}
      </div>
      {folder && (
        <div className="folder">
          <p>
            {words.folder(folder.name)}
            {unsaved > 0 && <span className="folder-unsaved">{words.unsaved(unsaved)}</span>}
          </p>
          <div className="folder-buttons">
            <Button size="small" label={words.saveFolder} icon={FolderSync} onClick={() => void writeFolder(design)} />
            <Menu
              trigger={<MenuButton label={words.more(folder.name)} icon={Ellipsis} />}
              items={[
                { label: words.reloadFolder, icon: FolderOpen, onSelect: () => void readFolder(folder) },
                { label: words.closeFolder, icon: Unplug, onSelect: () => closeFolder(design) },
              ]}
            />
          </div>
        </div>
      )}
      <input
        ref={upload}
        type="file"
        multiple
        hidden
        data-testid="upload"
        onChange={(event) => void takeInput(event.currentTarget)}
      />
      <input
        ref={(element) => {
          uploadFolder.current = element;
          element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        hidden
        onChange={(event) => void takeInput(event.currentTarget)}
      />
    </Section>
  );
}

async function takeInput(input: HTMLInputElement): Promise<void> {
  if (!input.files) return;
  const incoming = await readList(input.files);
  // The same file chosen again is to be heard again.
  input.value = '';
  await takeFiles(incoming);
}

/** A menu's trigger hands its props and ref on to the button it draws. */
function MenuButton({
  label,
  icon: Icon = Plus,
  ...rest
}: { label: string; icon?: typeof Plus } & React.ComponentProps<'button'>) {
  return (
    <button type="button" className="icon-btn icon-btn-small" aria-label={label} title={label} {...rest}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
    </button>
  );
}

interface NodeProps {
  node: TreeNode;
  depth: number;
  editable: boolean;
  /** The path that is being named anew. */
  naming: string | undefined;
}

function Node({ node, depth, editable, naming }: NodeProps) {
  const [open, setOpen] = useState(true);
  const openFile = useRtl((state) => state.openFile);
  const dirty = useRtl((state) => state.dirty.has(node.path));
  const found = useAllProblems().filter(({ where }) => where?.file === node.path);
  const has = (wanted: Severity) => found.some(({ severity }) => severity === wanted);
  const worst = has('error') ? 'bad' : has('warning') ? 'warn' : undefined;
  const count = found.length;
  const isTop = useRtl((state) => {
    const known = state.check?.modules.length ? state.check : state.result?.report;
    return known?.modules.some((info) => info.name === known.top && info.where?.file === node.path) ?? false;
  });
  const { children } = node;
  const selected = openFile === node.path;
  const rename = () => useRtl.setState({ naming: { kind: 'rename', path: node.path } });
  const press = () => (children ? setOpen(!open) : openPlace({ file: node.path }));
  if (naming === node.path) {
    return (
      <div role="none" className="tree-naming" style={{ paddingLeft: 8 + depth * 14 }}>
        <NameInput
          label={words.renameName(node.path)}
          start={node.path}
          taken={[]}
          onName={(path) => renameFile(node.path, path)}
        />
      </div>
    );
  }
  return (
    <div role="none">
      <div
        className={classes('tree-row', selected && 'tree-on', worst && `tree-${worst}`)}
        style={{ paddingLeft: 6 + depth * 14 }}
      >
        <button
          type="button"
          aria-current={selected ? 'true' : undefined}
          aria-expanded={children ? open : undefined}
          className="tree-name"
          title={node.path}
          onClick={press}
          onDoubleClick={() => editable && !children && rename()}
          onKeyDown={(event) => {
            if (event.key === 'Delete' && editable) removeFile(node.path);
            if (children && event.key === (open ? 'ArrowLeft' : 'ArrowRight')) setOpen(!open);
          }}
        >
          {children && (
            <ChevronRight size={14} aria-hidden className={classes('tree-chevron', open && 'tree-chevron-open')} />
          )}
          <span className="tree-text">{node.name}</span>
          {dirty && <span className="filetab-dirty" aria-hidden />}
          {isTop && <span className="tree-top">{words.top}</span>}
          {count > 0 && <span className="tree-count num">{count}</span>}
        </button>
        {editable && (
          <Menu
            align="end"
            trigger={<MenuButton label={words.more(node.path)} icon={Ellipsis} />}
            items={[
              { label: words.rename, icon: Pencil, onSelect: rename },
              { label: words.remove, icon: Trash2, danger: true, onSelect: () => removeFile(node.path) },
            ]}
          />
        )}
      </div>
      {children && open && (
        // biome-ignore lint/a11y/useSemanticElements: a branch of a tree; a fieldset is no part of one.
        <div role="group" className="tree-branch">
          {children.map((child) => (
            <Node key={child.path} node={child} depth={depth + 1} editable={editable} naming={naming} />
          ))}
        </div>
      )}
    </div>
  );
}

interface NameInputProps {
  label: string;
  start: string;
  taken: readonly string[];
  /** Answers what is wrong with the name, or nothing when it was taken. */
  onName(path: string): string | undefined;
}

/** The field in which a file is named; Enter takes it, Escape and leaving the field do not. */
function NameInput({ label, start, taken, onName }: NameInputProps) {
  const [value, setValue] = useState(start);
  const [fault, setFault] = useState<string>();
  const done = () => useRtl.setState({ naming: undefined });
  const check = (text: string) => pathFault(cleanPath(text), new Set(taken));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys of the field inside.
    <div
      className="naming"
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') done();
      }}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && done()}
    >
      <TextInput
        live
        mono
        autoFocus
        label={label}
        value={value}
        invalid={fault}
        onChange={(text) => {
          setValue(text);
          setFault(undefined);
        }}
        onEnter={() => {
          const wrong = check(value) ?? onName(value);
          if (wrong === undefined) done();
          else setFault(wrong);
        }}
      />
    </div>
  );
}

/** Arrow keys move along the visible rows of the tree. */
function moveInTree(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.tree-name')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[at + step];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
