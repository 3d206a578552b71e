import { byteSource } from '../../core/byte-source.ts';
import type { Problem } from '../../core/result.ts';
import { WaveDatabase } from './database.ts';
import { readFst } from './fst-read.ts';
import { WaveRecorder } from './recorder.ts';
import { binaryText, bitsAt } from './value.ts';
import { readVcd } from './vcd-read.ts';
import { rangeText } from './wave.ts';

export interface Loaded {
  database: WaveDatabase;
  problems: Problem[];
}

export async function loadVcd(text: string | Uint8Array): Promise<Loaded> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return load(readVcd, bytes);
}

export async function loadFst(bytes: Uint8Array): Promise<Loaded> {
  return load(readFst, bytes);
}

async function load(read: typeof readVcd, bytes: Uint8Array): Promise<Loaded> {
  const recorder = new WaveRecorder({ timescale: -9 });
  const options = { file: 'waves', signal: new AbortController().signal };
  const problems = await read(byteSource(bytes), recorder, options);
  const database = new WaveDatabase();
  database.append(recorder.takeDelta());
  return { database, problems };
}

/** Every signal with its declaration and all its changes: what two databases must agree in. */
export function contentsOf(database: WaveDatabase): string[] {
  return database.signals
    .map((signal) => {
      const wave = database.wave(signal);
      return `${wave.path} ${signal.word} ${signal.type} ${signal.width} ${rangeText(wave)}: ${changesOf(database, wave.path).join(' ')}`;
    })
    .sort();
}

/** `time=value` of a signal. */
export function changesOf(database: WaveDatabase, path: string): string[] {
  const wave = database.find(path);
  const data = wave && database.data(wave);
  if (!data) return [];
  return Array.from({ length: data.count }, (_, entry) => {
    const time = database.timeOf(data.step(entry));
    if (data.type === 'event') return `${time}`;
    if (data.type === 'real') return `${time}=${data.real(entry)}`;
    return `${time}=${data.type === 'text' ? JSON.stringify(data.text(entry)) : binaryText(bitsAt(data, entry))}`;
  });
}
