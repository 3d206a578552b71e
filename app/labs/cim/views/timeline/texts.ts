import { formatNumber } from '../../../../ui/format.ts';
import type { Kind, Scale } from './spans.ts';

const cycles = (value: number) => formatNumber(Math.round(value), 'cycles');

export const texts = {
  title: 'Time line',
  about: (from: string, to: string) => `${from} to ${to}`,
  quantity: 'Time (cycles)',
  kinds: {
    writeBackCycles: 'Write-back',
    switchCycles: 'Switch',
    reloadCycles: 'Reload',
    computeCycles: 'Compute',
  } satisfies Record<Kind, string>,
  scale: 'Repeated blocks',
  scales: { once: 'Drawn once', all: 'Every run' } satisfies Record<Scale, string>,
  plans: 'Plans on the axis',
  whole: 'Show the whole run',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  minimap: 'The whole run. Drag the stretch that is shown, or draw another.',
  label: 'Time line of the plans',
  help: 'Left and right move, plus and minus zoom, Home shows the whole run. Comma and full stop go from segment to segment, up and down from plan to plan, Enter holds a segment.',
  hint: 'Wheel zooms, dragging moves. Comma and full stop go from segment to segment.',
  total: (title: string, value: number) => `${title}: ${cycles(value)}`,
  folded: (times: number) => `× ${formatNumber(times)}, first run drawn`,
  foldedInFull: (times: number, again: number) =>
    `runs ${formatNumber(times)} times; each further run takes ${cycles(again)}`,
  notTrue: 'Repeated blocks are drawn once: lengths before and after them compare, whole runs do not.',
  cycles,
  visit: (plan: string, segment: number, run: number, runs: number) =>
    `${plan}, segment ${segment}${runs > 1 ? `, run ${formatNumber(run + 1)} of ${formatNumber(runs)}` : ''}`,
  span: (kind: string, length: number, from: number, to: number) =>
    `${kind} ${cycles(length)}, from ${formatNumber(Math.round(from))} to ${formatNumber(Math.round(to))}`,
  share: (percent: number) => `${formatNumber(percent, '%')} of the segment`,
  operator: (name: string, value: number, share: number) =>
    `${name} ${cycles(value)} (${formatNumber(share, '%')} of the slowest)`,
  pipeline: 'Pipeline',
  pipelineHint: 'Zoom in on a segment to see its products, each against the slowest.',
  table: {
    caption: (plan: string) => `Segments of ${plan} in time`,
    segment: '#',
    run: 'Run',
    range: 'Products',
    start: 'Start',
    end: 'End',
    slowest: 'Slowest product',
  },
  csv: ['plan', 'segment', 'run', 'start (cycles)', 'end (cycles)'],
};
