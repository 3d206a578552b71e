import { ArrowLeft, ArrowRight, Check, Crosshair, X } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { parseAddress } from '../../engines/document/address.ts';
import type { DesignDocument } from '../../engines/document/types.ts';
import { createDesign, editDocument, useDesign } from '../design/index.ts';
import { go, replaceAddress, useHash } from '../shell/address.ts';
import { Button } from '../ui/Button.tsx';
import { type BenchPart, toggleBenchPart } from '../ui/bench-store.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { LessonQuestion } from './LessonQuestion.tsx';
import { LessonText } from './LessonText.tsx';
import { type LessonProgress, lessonProgress, saveProgress } from './progress.ts';
import { useReport } from './report-store.ts';
import { texts } from './texts.ts';
import type { Lesson, LessonContext, LessonStep } from './types.ts';
import './lesson.css';

/** A lesson beside the bench it is about: one step at a time, done on the user's own design. */
export default function LessonFrame({ lesson, children }: { lesson: Lesson; children: ReactNode }) {
  const hash = useHash();
  const document = useDesign((state) => state.design?.document);
  const [progress, setProgress] = useState(() => lessonProgress(lesson.id));
  const address = parseAddress(hash);
  const at = address.kind === 'lesson' && address.step ? Math.min(address.step, lesson.steps.length) : 1;
  const step = lesson.steps[at - 1];
  const [finished, setFinished] = useState(false);
  const body = useRef<HTMLDivElement>(null);

  const keep = useCallback(
    (change: (was: LessonProgress) => LessonProgress) => {
      setProgress((was) => {
        const next = change(was);
        if (next !== was) saveProgress(lesson.id, next);
        return next;
      });
    },
    [lesson.id],
  );
  const markDone = useCallback(
    (which: number) => keep((was) => (was.done.includes(which) ? was : { ...was, done: [...was.done, which] })),
    [keep],
  );
  useEffect(() => {
    keep((was) => (was.step === at ? was : { ...was, step: at }));
  }, [at, keep]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step starts at the top.
  useEffect(() => {
    body.current?.scrollTo(0, 0);
  }, [at, finished]);

  if (!document || !step) return children;
  const leave = () => {
    if (progress.design !== undefined) go({ kind: 'lab', lab: lesson.lab, design: progress.design });
    else go({ kind: 'home' });
  };
  const move = (to: number) => {
    setFinished(false);
    replaceAddress({ kind: 'lesson', id: lesson.id, step: to });
  };
  const onward = () => {
    // A step that asks for nothing is done by reading it.
    if (!step.question && !step.done) markDone(at);
    if (at < lesson.steps.length) move(at + 1);
    else setFinished(true);
  };
  const restart = async () => {
    const design = await createDesign(await lesson.start());
    saveProgress(lesson.id, { design, step: 1, done: [] });
    setProgress({ design, step: 1, done: [] });
    setFinished(false);
    go({ kind: 'lesson', id: lesson.id, step: 1 });
  };
  return (
    <div className="lesson-frame">
      <aside className="lesson" aria-label={`${texts.lesson}: ${lesson.title}`}>
        <header className="lesson-head">
          <div>
            <p className="lesson-kind">{texts.lesson}</p>
            <h2 className="lesson-title">{lesson.title}</h2>
          </div>
          <IconButton icon={X} label={texts.leave} onClick={leave} />
        </header>
        <Steps lesson={lesson} at={finished ? 0 : at} done={progress.done} onStep={move} />
        <div className="lesson-body" ref={body}>
          {finished ? (
            <div className="lesson-step">
              <h3 className="lesson-step-title">{texts.finished}</h3>
              <p>
                {progress.done.length === lesson.steps.length
                  ? texts.finishedAll(lesson.steps.length)
                  : texts.finishedSome(progress.done.length, lesson.steps.length)}
              </p>
              <p>{texts.finishedAbout}</p>
              <div className="lesson-ways">
                <Button variant="primary" label={texts.stay} onClick={leave} />
                <Button label={texts.home} onClick={() => go({ kind: 'home' })} />
                <Button label={texts.again} onClick={() => void restart()} />
              </div>
            </div>
          ) : (
            <Step
              key={at}
              lesson={lesson}
              step={step}
              at={at}
              document={document}
              onDone={markDone}
              done={progress.done.includes(at)}
            />
          )}
        </div>
        {!finished && (
          <footer className="lesson-foot">
            <span className="lesson-count">{texts.step(at, lesson.steps.length)}</span>
            <Button icon={ArrowLeft} label={texts.back} disabled={at === 1} onClick={() => move(at - 1)} />
            <Button
              icon={at === lesson.steps.length ? Check : ArrowRight}
              variant="primary"
              label={at === lesson.steps.length ? texts.finish : texts.next}
              onClick={onward}
            />
          </footer>
        )}
      </aside>
      <div className="lesson-bench">{children}</div>
      {!finished && step.look && <Ring name={step.look} />}
    </div>
  );
}

function Steps({
  lesson,
  at,
  done,
  onStep,
}: {
  lesson: Lesson;
  at: number;
  done: readonly number[];
  onStep(step: number): void;
}) {
  return (
    <ol className="lesson-steps">
      {lesson.steps.map((step, index) => {
        const number = index + 1;
        const isDone = done.includes(number);
        return (
          <li key={step.title}>
            <button
              type="button"
              className="lesson-dot"
              data-done={isDone || undefined}
              aria-current={number === at ? 'step' : undefined}
              aria-label={texts.goTo(number, step.title, isDone)}
              title={step.title}
              onClick={() => onStep(number)}
            />
          </li>
        );
      })}
    </ol>
  );
}

interface StepProps {
  lesson: Lesson;
  step: LessonStep;
  at: number;
  document: DesignDocument;
  done: boolean;
  onDone(step: number): void;
}

function Step({ lesson, step, at, document, done, onDone }: StepProps) {
  const report = useReport(lesson.lab);
  const context = useMemo<LessonContext>(() => ({ document, report }), [document, report]);
  const [changed, setChanged] = useState<'done' | 'refused'>();
  const holds = step.done?.(context) ?? false;
  useEffect(() => {
    if (holds && !step.question) onDone(at);
  }, [holds, step.question, onDone, at]);
  const { change } = step;
  return (
    <div className="lesson-step">
      <h3 className="lesson-step-title">{step.title}</h3>
      <LessonText paragraphs={step.text} />
      {(change || step.look) && (
        <div className="lesson-ways">
          {change && (
            <Button
              label={change.label}
              onClick={() => setChanged(editDocument(change.label, change.apply) ? 'done' : 'refused')}
            />
          )}
          {step.look && (
            <Button variant="ghost" icon={Crosshair} label={texts.show} onClick={() => lookAt(step.look ?? '')} />
          )}
        </div>
      )}
      {changed && (
        <p className="lesson-note" role="status">
          {changed === 'done' ? texts.changed : texts.locked}
        </p>
      )}
      {step.done && !step.question && (
        <p className={done ? 'lesson-note lesson-good' : 'lesson-note'} role="status">
          {done && <Check size={14} strokeWidth={2} aria-hidden />}
          {done ? texts.byHandDone : texts.byHand}
        </p>
      )}
      {step.question && <LessonQuestion question={step.question} context={context} onRight={() => onDone(at)} />}
    </div>
  );
}

const find = (name: string) => document.querySelector<HTMLElement>(`[data-lesson=${JSON.stringify(name)}]`);

/** The folded part of the bench that the place is in; undefined when it is not in one, or in an open one. */
function foldedPart(target: HTMLElement): BenchPart | undefined {
  const body = target.closest<HTMLElement>('.bench-body[hidden]');
  return (['left', 'right', 'bottom'] as const).find((part) =>
    body?.parentElement?.classList.contains(`bench-${part}`),
  );
}

/** Unfolds what hides the place, brings it into view and moves the eye there. */
function lookAt(name: string): void {
  const target = find(name);
  if (!target) return;
  const part = foldedPart(target);
  if (part) toggleBenchPart(part, true);
  requestAnimationFrame(() => {
    target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    target.animate([{ outlineOffset: '6px' }, { outlineOffset: '-2px' }], { duration: 400, easing: 'ease-out' });
  });
}

/** The ring around the place that a step is about, wherever the lab draws it; what hides it is unfolded for the step. */
function Ring({ name }: { name: string }) {
  useEffect(() => {
    let opened: BenchPart | undefined;
    let tries = 0;
    // The lab may still be loading.
    const timer = setInterval(() => {
      const target = find(name);
      tries += 1;
      if (target) {
        opened = foldedPart(target);
        if (opened) toggleBenchPart(opened, true);
      }
      if (target || tries > 40) clearInterval(timer);
    }, 250);
    return () => {
      clearInterval(timer);
      if (opened) toggleBenchPart(opened, false);
    };
  }, [name]);
  return (
    <style>{`[data-lesson=${JSON.stringify(name)}]{outline:2px solid var(--accent);outline-offset:-2px;border-radius:var(--radius-small)}`}</style>
  );
}
