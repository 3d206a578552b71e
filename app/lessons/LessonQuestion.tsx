import { Check, X } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { isRight } from './answer.ts';
import { Inline } from './LessonText.tsx';
import { texts } from './texts.ts';
import type { LessonContext, LessonStep } from './types.ts';

/** After this many wrong answers the engine's may be shown. */
const TRIES = 2;

type Verdict =
  | { kind: 'right' | 'told'; explanation: string; answer: string }
  | { kind: 'wrong' | 'waiting' | 'nothing' };

interface QuestionProps {
  question: NonNullable<LessonStep['question']>;
  context: LessonContext;
  onRight(): void;
}

/** A question, and the check of its answer against what the engine computed of the user's own design. */
export function LessonQuestion({ question, context, onRight }: QuestionProps) {
  const [given, setGiven] = useState('');
  // The explanation speaks of the design as it was when the answer was checked.
  const [verdict, setVerdict] = useState<Verdict>();
  const [wrong, setWrong] = useState(0);
  const id = useId();
  const settle = (kind: 'right' | 'told') => {
    const answer = question.answer(context);
    if (answer === undefined) setVerdict({ kind: 'waiting' });
    else setVerdict({ kind, explanation: question.explain(context), answer: String(answer) });
    return answer !== undefined;
  };
  const check = (event: FormEvent) => {
    event.preventDefault();
    if (given.trim() === '') {
      setVerdict({ kind: 'nothing' });
      return;
    }
    const answer = question.answer(context);
    if (answer === undefined) setVerdict({ kind: 'waiting' });
    else if (isRight(given, answer)) {
      if (settle('right')) onRight();
    } else {
      setVerdict({ kind: 'wrong' });
      setWrong((count) => count + 1);
    }
  };
  const change = (text: string) => {
    setGiven(text);
    setVerdict(undefined);
  };
  return (
    <form className="lesson-question" onSubmit={check}>
      <fieldset>
        <legend id={id}>
          <Inline text={question.text} />
        </legend>
        {question.choices ? (
          <div className="lesson-choices">
            {question.choices.map((choice) => (
              <label key={choice} className="lesson-choice">
                <input type="radio" name={id} checked={given === choice} onChange={() => change(choice)} />
                <span>
                  <Inline text={choice} />
                </span>
              </label>
            ))}
          </div>
        ) : (
          <input
            className="field lesson-field num"
            aria-labelledby={id}
            inputMode="decimal"
            autoComplete="off"
            value={given}
            onChange={(event) => change(event.target.value)}
          />
        )}
      </fieldset>
      <div className="lesson-ways">
        <button type="submit" className="btn btn-plain">
          {texts.check}
        </button>
        {wrong >= TRIES && verdict?.kind !== 'right' && (
          <Button variant="ghost" label={texts.tell} onClick={() => settle('told') && onRight()} />
        )}
      </div>
      <div role="status">{verdict && <Says verdict={verdict} choices={question.choices !== undefined} />}</div>
    </form>
  );
}

function Says({ verdict, choices }: { verdict: Verdict; choices: boolean }) {
  switch (verdict.kind) {
    case 'right':
    case 'told':
      return (
        <div className="lesson-explained">
          <p className={verdict.kind === 'right' ? 'lesson-note lesson-good' : 'lesson-note'}>
            {verdict.kind === 'right' && <Check size={14} strokeWidth={2} aria-hidden />}
            {verdict.kind === 'right' ? texts.right : texts.told(verdict.answer)}
          </p>
          <p>
            <Inline text={verdict.explanation} />
          </p>
        </div>
      );
    case 'wrong':
      return (
        <p className="lesson-note lesson-bad">
          <X size={14} strokeWidth={2} aria-hidden />
          {texts.wrong}
        </p>
      );
    case 'waiting':
      return <p className="lesson-note">{texts.waiting}</p>;
    case 'nothing':
      return <p className="lesson-note">{choices ? texts.choose : texts.type}</p>;
  }
}
