import { alignReading } from './align.ts';
import { texts } from './texts.ts';

const words = texts.lines;

/** A line as it was read, its errors marked: not by colour alone. */
export function Reading({ line, read }: { line: string; read: string }) {
  const pieces = alignReading(line, read);
  if (read === '' && pieces.length === 0) return <dd className="results-reading">{words.nothing}</dd>;
  return (
    <dd className="results-reading">
      {pieces.map((piece, at) => {
        const key = `${at}${piece.kind}`;
        if (piece.kind === 'same') return <span key={key}>{piece.text}</span>;
        if (piece.kind === 'missing') {
          return (
            <del key={key} title={words.missing}>
              {piece.text}
            </del>
          );
        }
        return (
          <mark
            key={key}
            className={piece.kind === 'extra' ? 'results-extra' : undefined}
            title={piece.is === undefined ? words.extra : words.wrongIs(piece.is)}
          >
            {piece.text}
          </mark>
        );
      })}
    </dd>
  );
}
