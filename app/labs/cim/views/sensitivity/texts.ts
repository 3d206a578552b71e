const ratio = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)}×`;

export const texts = {
  title: 'How far to trust a speed-up',
  about:
    'Two constants decide it, and no paper gives them: what feeds an operator without memory arrays, and how long an array takes to be written.',
  over: 'Faster than',
  against: { computeOnly: 'Compute only', cimMlc: 'CIM-MLC-like (re-implementation)' },
  run: 'Compute the map',
  again: 'Compute anew',
  stop: 'Stop',
  running: 'Mapping',
  main: 'Main bandwidth',
  mainAxis: 'Main bandwidth, B/cycle',
  write: 'Write latency',
  writeAxis: 'Write latency, cycles',
  chart: (other: string) => `Speed-up over ${other}`,
  quantity: 'Speed-up',
  present: 'nearest to this design',
  presentHint: 'The dot is the cell nearest to this design’s constants.',
  none: 'No map yet',
  noneAbout: 'Each of its 49 points is the design compiled anew under its own two constants.',
  stale: 'The map belongs to an earlier design; compute it anew.',
  now: (value: string, main: string, write: string) => `This design, at ${main} and ${write}: ${value}.`,
  range: (least: number, median: number, most: number) =>
    `Over the map: from ${ratio(least)} to ${ratio(most)}, half of it below ${ratio(median)}.`,
  claim: (mean: number) =>
    `Claimed by the paper, over all its networks: ${ratio(mean)} (geometric mean over CIM-MLC). Its constants are not published, so it is a mark, not a target.`,
  ratio,
  constants: 'The two constants of this design',
};
