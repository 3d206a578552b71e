import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { describePlace } from '../../engines/core/result.ts';
import { dismiss, type Notice, useDesign } from '../design/index.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { texts } from './texts.ts';

const GLYPHS = { error: CircleAlert, warning: TriangleAlert, note: Info };
/** Notes go by themselves, warnings and errors stay until they are dismissed. Longer where there is something to press. */
const NOTE_MS = 6000;
const NOTE_ACTION_MS = 12000;
const MOST_SHOWN = 4;

/** Problems and news, at the lower right: what, where, remedy. Read out by screen readers as they come. */
export function Notices() {
  const notices = useDesign((state) => state.notices);
  return (
    <section className="notices" aria-label={texts.notices.label} aria-live="polite" aria-relevant="additions">
      {notices.slice(-MOST_SHOWN).map((notice) => (
        <NoticeCard key={`${notice.code} ${notice.what}`} notice={notice} />
      ))}
    </section>
  );
}

function NoticeCard({ notice }: { notice: Notice }) {
  const Glyph = GLYPHS[notice.severity];
  const [held, setHeld] = useState(false);
  const latest = useRef(notice);
  latest.current = notice;
  const note = notice.severity === 'note';
  const wait = notice.action ? NOTE_ACTION_MS : NOTE_MS;
  useEffect(() => {
    if (!note || held) return;
    const timer = setTimeout(() => dismiss(latest.current), wait);
    return () => clearTimeout(timer);
  }, [note, held, wait]);
  const place = describePlace(notice.where);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: being pointed at or focused only keeps the notice.
    <div
      className={`notice notice-${notice.severity}`}
      role={notice.severity === 'error' ? 'alert' : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Glyph size={16} strokeWidth={1.75} aria-hidden className="notice-glyph" />
      <div className="notice-body">
        <p className="notice-what">{notice.what}</p>
        {place && <p className="notice-place mono">{place}</p>}
        {notice.remedy && <p className="notice-remedy">{notice.remedy}</p>}
        {notice.action && <Button size="small" label={notice.action.label} onClick={notice.action.run} />}
      </div>
      <IconButton icon={X} size="small" label={texts.notices.dismiss} onClick={() => dismiss(notice)} />
    </div>
  );
}
