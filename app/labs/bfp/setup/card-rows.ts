import { formatBytes, formatNumber } from '../../../ui/format.ts';
import { texts } from '../texts.ts';

interface Counted {
  right: number;
  of: number;
  percent: number;
  wilson95Percent: [number, number];
}

/** The part of `public/models/*.json` that is shown. */
export interface ModelCardFile {
  task: string;
  bytes: number;
  date: string;
  architecture: { parameters: number; convolutions: number; fullyConnected: number };
  data: { source: string; split: { train: number; search: number; test: number }; use: string };
  training: { seed: number; optimiser: string; epochs: number };
  accuracy: { precision: string; test: Counted; search: Counted };
  limits: string;
  reproduce: string;
  licence: string;
}

const words = texts.card;

/** A model card as lines of a name and a text. */
export function cardRows(card: ModelCardFile): { label: string; text: string }[] {
  const { architecture: own, data, training, accuracy } = card;
  const counted = ({ right, of, percent, wilson95Percent: [low, high] }: Counted) =>
    words.counted(percent, low, high, formatNumber(right), formatNumber(of));
  return [
    { label: words.task, text: card.task },
    {
      label: words.made,
      text: words.layers(own.convolutions, own.fullyConnected, formatNumber(own.parameters), formatBytes(card.bytes)),
    },
    { label: words.data, text: `${data.source}. ${words.split(data.split)} ${data.use}` },
    {
      label: words.training,
      text: words.trained(training.optimiser, training.epochs, training.seed, card.date),
    },
    { label: words.test, text: counted(accuracy.test) },
    { label: words.search, text: counted(accuracy.search) },
    { label: words.limits, text: card.limits },
    { label: words.reproduce, text: card.reproduce },
    { label: words.licence, text: card.licence },
  ];
}
