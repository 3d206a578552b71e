import { FileCode2, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import type { RtlSlice, SourceFile } from '../../../../engines/rtl/types.ts';
import { isEditable, readBlob, useDesign, useSlice, useView } from '../../../design/index.ts';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { recentText } from '../files/recent.ts';
import { useRtl } from '../state.ts';
import { texts } from '../texts.ts';
import { useAllProblems } from '../views/all-problems.ts';

const CodeEditor = lazy(() => import('./CodeEditor.tsx'));

/** The source view: a strip of open files, and the editor. */
export function EditorPane() {
  const { files } = useSlice<RtlSlice>('rtl');
  const design = useDesign((state) => state.design?.id) ?? '';
  const editable = useDesign(() => isEditable());
  const [wanted, setFile] = useView<string>('rtl.file', '');
  const [tabs, setTabs] = useView<readonly string[] | null>('rtl.tabs', null);
  const [unlocked, setUnlocked] = useState<ReadonlySet<string>>(new Set());
  const problems = useAllProblems();
  const result = useRtl((state) => state.result);
  const paths = useMemo(() => files.map((file) => file.path), [files]);
  const open = useMemo(() => openTabs(paths, tabs), [paths, tabs]);
  const path = open.includes(wanted) ? wanted : (open[0] ?? '');
  const file = files.find((each) => each.path === path);

  const goal = useRtl((state) => state.goal);
  const goalFile = goal?.place.file;
  useEffect(() => {
    if (goalFile === undefined) return;
    if (!paths.includes(goalFile)) {
      useRtl.setState({ goal: undefined });
      return;
    }
    if (!open.includes(goalFile)) setTabs([...open, goalFile]);
    if (goalFile !== path) setFile(goalFile);
  }, [goalFile, paths, open, path, setTabs, setFile]);
  useEffect(() => useRtl.setState({ openFile: path || undefined }), [path]);

  const contents = useContents(file);
  if (!file) {
    return (
      <section className="view" aria-label={texts.source.title}>
        <EmptyState icon={FileCode2} title={texts.noFile.title} text={texts.noFile.text} />
      </section>
    );
  }
  const large = 'blob' in file && !unlocked.has(path);
  const close = (closed: string) => {
    const at = open.indexOf(closed);
    const left = open.filter((each) => each !== closed);
    setTabs(left);
    if (closed === path) setFile(left[Math.min(at, left.length - 1)] ?? '');
  };
  return (
    <section className="view source" aria-label={texts.source.title} data-lesson="source">
      <header className="view-head source-head">
        <span className="source-costs" title={texts.source.gutterAbout}>
          {texts.source.costs}
        </span>
        <FileTabs open={open} path={path} onOpen={setFile} onClose={open.length > 1 ? close : undefined} />
      </header>
      {'blob' in file && large && contents.text !== undefined && (
        <div className="source-bar">
          <span>{texts.editor.large(file.blob.bytes)}</span>
          {editable && (
            <Button
              size="small"
              label={texts.editor.editAnyway}
              onClick={() => setUnlocked((were) => new Set(were).add(path))}
            />
          )}
        </div>
      )}
      {contents.text === undefined ? (
        <p className="source-note" role="status">
          {contents.missing ? texts.editor.missing(path) : texts.editor.loading}
        </p>
      ) : (
        <Suspense fallback={<Preview text={contents.text} />}>
          <CodeEditor
            design={design}
            path={path}
            text={contents.text}
            readOnly={!editable || large}
            paths={paths}
            problems={problems}
            result={result}
          />
        </Suspense>
      )}
    </section>
  );
}

/** Open files: those the user has opened and not closed; at first all of a small design. */
function openTabs(paths: readonly string[], tabs: readonly string[] | null): readonly string[] {
  const open = (tabs ?? paths.slice(0, 8)).filter((path) => paths.includes(path));
  return open.length > 0 ? open : paths.slice(0, 1);
}

/** A file's text; that of a blob is read from the browser's storage, save when it was typed here a moment ago. */
function useContents(file: SourceFile | undefined): { text?: string; missing?: boolean } {
  const sha256 = file && 'blob' in file ? file.blob.sha256 : undefined;
  const typed = sha256 === undefined ? undefined : recentText(sha256);
  const [blob, setBlob] = useState<{ sha256: string; text?: string }>();
  useEffect(() => {
    if (sha256 === undefined || typed !== undefined) return;
    let wanted = true;
    void readBlob(sha256).then((bytes) => {
      if (wanted) setBlob({ sha256, text: bytes && new TextDecoder().decode(bytes) });
    });
    return () => {
      wanted = false;
    };
  }, [sha256, typed]);
  if (file && 'text' in file) return { text: file.text };
  if (typed !== undefined) return { text: typed };
  if (!blob || blob.sha256 !== sha256) return {};
  return { text: blob.text, missing: blob.text === undefined };
}

/** The text without colours, until the editor has loaded. */
function Preview({ text }: { text: string }) {
  return (
    <pre className="source-preview" aria-busy>
      {text.slice(0, 20_000)}
    </pre>
  );
}

interface FileTabsProps {
  open: readonly string[];
  path: string;
  onOpen(path: string): void;
  /** Left out while only one file is open. */
  onClose?(path: string): void;
}

function FileTabs({ open, path, onOpen, onClose }: FileTabsProps) {
  const strip = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another file has another tab.
  useEffect(() => {
    strip.current?.querySelector('.filetab-on')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [path]);
  const dirty = useRtl((state) => state.dirty);
  const problems = useAllProblems();
  const errors = new Set(problems.filter(({ severity }) => severity === 'error').map(({ where }) => where?.file));
  return (
    <div
      ref={strip}
      className="filetabs"
      role="tablist"
      aria-label={texts.files.title}
      onWheel={(event) => {
        event.currentTarget.scrollLeft += event.deltaY;
      }}
    >
      {open.map((each) => {
        const name = each.slice(each.lastIndexOf('/') + 1);
        const twin = open.some((other) => other !== each && other.endsWith(`/${name}`)) || open.includes(name);
        return (
          <span
            key={each}
            className={classes('filetab', each === path && 'filetab-on', errors.has(each) && 'filetab-bad')}
          >
            <button
              type="button"
              className="filetab-name"
              role="tab"
              aria-selected={each === path}
              aria-keyshortcuts={onClose && 'Delete'}
              title={each}
              onClick={() => onOpen(each)}
              onKeyDown={(event) => event.key === 'Delete' && onClose?.(each)}
              onAuxClick={(event) => event.button === 1 && onClose?.(each)}
            >
              {twin ? each : name}
              {dirty.has(each) && <span className="filetab-dirty" role="img" aria-label={texts.editor.dirty} />}
            </button>
            {onClose && (
              // A list of tabs holds nothing but tabs for those who hear it; they have the key.
              <button
                type="button"
                className="filetab-close"
                aria-hidden
                tabIndex={-1}
                title={texts.editor.closeTab(each)}
                onClick={() => onClose(each)}
              >
                <X size={13} aria-hidden />
              </button>
            )}
          </span>
        );
      })}
    </div>
  );
}
