import { pieces } from './answer.ts';

/** Paragraphs of a lesson, with code set in the mono font. */
export function LessonText({ paragraphs }: { paragraphs: readonly string[] }) {
  return paragraphs.map((paragraph) => (
    <p key={paragraph}>
      <Inline text={paragraph} />
    </p>
  ));
}

export function Inline({ text }: { text: string }) {
  return pieces(text).map((piece, index) =>
    piece.code ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places.
      <code key={index} className="lesson-code">
        {piece.text}
      </code>
    ) : (
      piece.text
    ),
  );
}
