import { ArrowRight } from 'lucide-react';
import { runCommand, useDesigns } from '../design/index.ts';
import { lessonProgress } from '../lessons/progress.ts';
import type { Lesson } from '../lessons/types.ts';
import { Button } from '../ui/Button.tsx';
import { formatAge } from '../ui/format.ts';
import { findLab, labs } from './labs.ts';
import { showOverlay } from './overlay.ts';
import { texts } from './texts.ts';
import { useOffers } from './useOffers.ts';

const MOST_RECENT = 6;

/** What the studio is, its labs, and the ways in: recent designs, lessons, examples. */
export function Home() {
  const offers = useOffers();
  return (
    <div className="home">
      <div className="home-in">
        <h1 className="home-title">{texts.name}</h1>
        <p className="home-intro">{texts.intro}</p>
        <div className="home-columns">
          <section aria-labelledby="home-labs">
            <h2 id="home-labs" className="home-head">
              {texts.home.labs}
            </h2>
            <ul className="cards">
              {labs.map(({ id, title, about, icon: Icon }) => (
                <li key={id}>
                  <a className="card card-lab" href={`#/${id}`}>
                    <Icon size={20} strokeWidth={1.6} />
                    <span className="card-body">
                      <span className="card-title">{title}</span>
                      <span className="card-about">{about}</span>
                    </span>
                    <ArrowRight size={16} strokeWidth={1.75} aria-hidden className="card-go" />
                  </a>
                </li>
              ))}
            </ul>
            {offers.some(({ lessons }) => lessons.length > 0) && (
              <>
                <h2 className="home-head">{texts.home.lessons}</h2>
                <ul className="cards">
                  {offers.flatMap(({ lessons }) =>
                    lessons.map((lesson) => <LessonCard key={lesson.id} lesson={lesson} />),
                  )}
                </ul>
              </>
            )}
          </section>
          <Recent />
        </div>
        {offers.map(
          ({ lab, examples }) =>
            examples.length > 0 && (
              <section key={lab}>
                <h2 className="home-head">
                  {texts.home.examples} <span className="home-of">{findLab(lab)?.title}</span>
                </h2>
                <ul className="cards cards-grid">
                  {examples.map(({ id, title, about }) => (
                    <li key={id}>
                      <a className="card" href={`#/e/${id}`}>
                        <span className="card-body">
                          <span className="card-title">{title}</span>
                          <span className="card-about">{about}</span>
                        </span>
                      </a>
                    </li>
                  ))}
                </ul>
              </section>
            ),
        )}
        <p className="home-note">
          {texts.home.drop}
          <Button size="small" label={texts.home.import} onClick={() => void runCommand('design.import')} />
        </p>
      </div>
    </div>
  );
}

function Recent() {
  const designs = useDesigns();
  const recent = designs?.slice(0, MOST_RECENT);
  return (
    <section aria-labelledby="home-recent">
      <h2 id="home-recent" className="home-head">
        {texts.home.recent}
        {designs !== undefined && designs.length > 0 && (
          <Button variant="ghost" size="small" label={texts.home.all} onClick={() => showOverlay('designs')} />
        )}
      </h2>
      {recent?.length === 0 && <p className="home-none">{texts.home.none}</p>}
      {recent && recent.length > 0 && (
        <ul className="recent">
          {recent.map(({ id, title, lab, savedAt }) => (
            <li key={id}>
              <a className="recent-link" href={`#/${lab}?id=${id}`}>
                <span className="recent-title">{title}</span>
                <span className="recent-lab">{findLab(lab)?.short ?? lab}</span>
                <span className="recent-age">{formatAge(savedAt, Date.now())}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function LessonCard({ lesson }: { lesson: Lesson }) {
  const done = lessonProgress(lesson.id).done.length;
  return (
    <li>
      <a className="card" href={`#/l/${lesson.id}`}>
        <span className="card-body">
          <span className="card-title">{lesson.title}</span>
          <span className="card-about">{lesson.about}</span>
          <span className="card-facts">
            {texts.home.minutes(lesson.minutes)}, {texts.home.steps(done, lesson.steps.length)}
          </span>
        </span>
        <ArrowRight size={16} strokeWidth={1.75} aria-hidden className="card-go" />
      </a>
    </li>
  );
}
