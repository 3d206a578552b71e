import type { Report } from '../../engines/core/report.ts';
import type { DesignDocument } from '../../engines/document/types.ts';

/** What a question is checked against: the design as it stands and the lab's latest finished report. */
export interface LessonContext {
  document: DesignDocument;
  report?: Report<object>;
}

export interface LessonStep {
  title: string;
  /** One to four short paragraphs; `code` in backticks is set in the mono font. */
  text: string[];
  /** A change to the design, made when the user presses the step's button (one undoable edit). */
  change?: { label: string; apply(document: DesignDocument): DesignDocument };
  /** A CSS-free name of the place to look at: the lab marks it with `data-lesson="name"`. */
  look?: string;
  question?: {
    text: string;
    /** Shown as choices when given; otherwise a number or short text is asked for. */
    choices?: string[];
    /**
     * The answer computed from the engine's report of the user's own design, never a constant.
     * Undefined: the report is not there yet.
     */
    answer(context: LessonContext): string | number | undefined;
    explain(context: LessonContext): string;
  };
  /** The step counts as done when this holds (an edit the user is asked to make by hand). */
  done?(context: LessonContext): boolean;
}

export interface Lesson {
  /** Short address: `#/l/<id>`. */
  id: string;
  title: string;
  about: string;
  lab: string;
  /** Minutes, for the list. */
  minutes: number;
  /** The design the lesson starts from (a new named design). */
  start(): Promise<DesignDocument>;
  steps: LessonStep[];
}
