import { useEffect, useState } from 'react';
import { Dialog } from '../../../ui/Dialog.tsx';
import { texts } from '../texts.ts';
import { cardRows, type ModelCardFile } from './card-rows.ts';
import type { ShippedModel } from './models.ts';

const words = texts.card;

/** What a network of the studio was made of: its data, its training, its accuracy, its limits. Read when it is opened. */
export function ModelCard({ model, open, onClose }: { model: ShippedModel; open: boolean; onClose(): void }) {
  const [card, setCard] = useState<{ model: string; file?: ModelCardFile }>();
  useEffect(() => {
    if (!open) return;
    let wanted = true;
    void read(model).then((file) => wanted && setCard({ model, file }));
    return () => {
      wanted = false;
    };
  }, [open, model]);
  const file = card?.model === model ? card.file : undefined;
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={words.title(texts.model.names[model])}>
      {file ? (
        <dl className="bfp-card">
          {cardRows(file).map(({ label, text }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="hint">{card ? words.missing : words.reading}</p>
      )}
    </Dialog>
  );
}

async function read(model: ShippedModel): Promise<ModelCardFile | undefined> {
  try {
    const answer = await fetch(`models/${model}.json`);
    return answer.ok ? ((await answer.json()) as ModelCardFile) : undefined;
  } catch {
    return undefined;
  }
}
