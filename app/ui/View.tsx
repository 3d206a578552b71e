import type { ReactNode } from 'react';

/** A framed view inside the main part of a bench: a title, a line about what is seen, and the thing itself. */
export function View({
  title,
  about,
  aside,
  lesson,
  children,
}: {
  title: string;
  about?: ReactNode;
  aside?: ReactNode;
  lesson?: string;
  children: ReactNode;
}) {
  return (
    <section className="view" aria-label={title} data-lesson={lesson}>
      <header className="view-head">
        <h2>{title}</h2>
        {about && <small>{about}</small>}
        {aside && <span className="view-aside">{aside}</span>}
      </header>
      <div className="view-body">{children}</div>
    </section>
  );
}
