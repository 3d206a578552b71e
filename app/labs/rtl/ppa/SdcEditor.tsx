import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { Problem } from '../../../../engines/core/result.ts';
import { registerFlush } from '../../../design/index.ts';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { texts } from './texts.ts';

const words = texts.constraints;
const GLYPHS = { error: CircleAlert, warning: TriangleAlert, note: Info };
/** What is typed goes into the document after this pause. */
const PAUSE_MS = 700;
const LINE = 20;

export interface SdcEditorProps {
  label: string;
  text: string;
  /** Shown pale while nothing is written. */
  placeholder: string;
  readOnly: boolean;
  problems: readonly Problem[];
  onChange(text: string): void;
}

/** A small editor of lines: numbers at the left, a mark on lines with problems, the problems below. */
export function SdcEditor({ label, text, placeholder, readOnly, problems, onChange }: SdcEditorProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState<string>();
  const typed = useRef<{ draft: string | undefined; commit(): void }>(undefined);
  const shown = draft ?? text;
  const commit = () => {
    if (draft === undefined) return;
    setDraft(undefined);
    if (draft !== text) onChange(draft);
  };
  typed.current = { draft, commit };
  useEffect(() => {
    if (draft === undefined) return;
    const timer = setTimeout(() => typed.current?.commit(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  useEffect(() => {
    const stop = registerFlush(() => typed.current?.commit());
    return () => {
      typed.current?.commit();
      stop();
    };
  }, []);
  const lines = (shown === '' ? placeholder : shown).split('\n');
  // Marks stand where the lines were when they were read: while typing they wait.
  const marks = new Map(draft === undefined ? problems.map((problem) => [problem.where?.line ?? 1, problem]) : []);
  const go = (line: number) => {
    const element = area.current;
    if (!element) return;
    const all = shown.split('\n');
    const start = all.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    element.focus();
    element.setSelectionRange(start, start + (all[line - 1]?.length ?? 0));
    element.scrollTop = Math.max(0, (line - 1) * LINE - element.clientHeight / 2);
  };
  return (
    <div className="ppa-sdc">
      <div className="ppa-sdc-text">
        <div ref={gutter} className="ppa-sdc-lines" aria-hidden>
          {lines.map((_, index) => {
            const problem = marks.get(index + 1);
            const Glyph = problem && GLYPHS[problem.severity];
            return (
              <div
                // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
                key={index}
                className={problem ? `ppa-sdc-line ppa-sdc-${problem.severity}` : 'ppa-sdc-line'}
                title={problem && words.line(index + 1, problem.what)}
              >
                {Glyph && <Glyph size={12} strokeWidth={2} />}
                {index + 1}
              </div>
            );
          })}
        </div>
        <textarea
          ref={area}
          className="mono"
          aria-label={label}
          aria-describedby={problems.length > 0 ? `${id}p` : undefined}
          aria-invalid={problems.some(({ severity }) => severity === 'error') || undefined}
          value={shown}
          placeholder={placeholder}
          readOnly={readOnly}
          spellCheck={false}
          autoComplete="off"
          wrap="off"
          onChange={({ target }) => setDraft(target.value)}
          onBlur={commit}
          onScroll={({ currentTarget }) => {
            if (gutter.current) gutter.current.style.transform = `translateY(${-currentTarget.scrollTop}px)`;
          }}
        />
      </div>
      {problems.length > 0 && (
        <div id={`${id}p`} className="ppa-sdc-problems">
          <ProblemList problems={problems} onOpen={({ where }) => go(where?.line ?? 1)} />
        </div>
      )}
    </div>
  );
}
