import type { TimingPath } from './types.ts';

const COLUMN = 10;

/** A path as timing tools print it: delay and time by point, then what the required time is made of, then the slack. Times in ns. */
export function pathText(path: TimingPath): string {
  const lines = [
    `Startpoint: ${path.start.name} (${path.start.kind})`,
    `Endpoint: ${path.end.name} (${path.end.kind})`,
    `Path Group: ${path.captureClock ?? 'unconstrained'}`,
    `Path Type: ${path.type ?? 'max'} (${path.check})`,
    '',
    `${'Fanout'.padStart(6)}${'Cap'.padStart(COLUMN)}${'Slew'.padStart(COLUMN)}${'Delay'.padStart(COLUMN)}${'Time'.padStart(COLUMN)}   Description`,
    '-'.repeat(78),
  ];
  const row = (drives: string, slew: string, delay: number | null, time: number | null, what: string) => {
    lines.push(`${drives}${slew.padStart(COLUMN)}${number(delay)}${number(time)} ${what}`.trimEnd());
  };
  const bare = ' '.repeat(6 + COLUMN);
  for (const point of path.points) {
    const edge = point.edge === 'rise' ? '^' : 'v';
    if (
      point.step === 'clock' &&
      point.cell === undefined &&
      point.pin === path.launchClock &&
      point.slewNs === 0 &&
      point.fanout === 0
    ) {
      row(bare, '', point.delayNs, point.arrivalNs, `  clock ${point.pin} (${point.edge} edge)`);
      continue;
    }
    if (point.step === 'latency') {
      row(bare, '', point.delayNs, point.arrivalNs, '  clock network delay');
      continue;
    }
    const drives =
      point.fanout > 0 ? `${String(point.fanout).padStart(6)}${point.loadPf.toFixed(4).padStart(COLUMN)}` : bare;
    const cell = point.cell === undefined ? named(point.step) : ` (${point.cell})`;
    const net = point.fanout > 0 && point.net !== '' && point.net !== point.pin ? ` -> ${point.net}` : '';
    row(drives, point.slewNs.toFixed(4), point.delayNs, point.arrivalNs, `${edge} ${point.pin}${cell}${net}`);
  }
  row(bare, '', null, path.arrivalNs, '  data arrival time');
  if (path.required.length > 0) {
    lines.push('');
    for (const { what, valueNs, atNs } of path.required) row(bare, '', valueNs, atNs, `  ${what}`);
    row(bare, '', null, path.requiredNs, '  data required time');
  }
  lines.push('-'.repeat(78));
  if (path.slackNs === null) lines.push('Path is unconstrained');
  else row(bare, '', null, path.slackNs, `  slack (${path.slackNs < 0 ? 'VIOLATED' : 'MET'})`);
  return `${lines.join('\n')}\n`;
}

function named(step: string): string {
  return step === 'input-delay' ? ' (in)' : '';
}

function number(value: number | null): string {
  // No minus before zeros.
  return (value === null ? '' : (value.toFixed(4) === '-0.0000' ? 0 : value).toFixed(4)).padStart(COLUMN);
}
