import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { fileName } from '../../../ui/save-file.ts';
import { zipSources } from './save.ts';

describe('sources as a zip', () => {
  it('hold texts and blobs under their paths, and name what is missing', async () => {
    const blob = (sha256: string) => ({ name: 'x', bytes: 3, sha256 });
    const { zip, missing } = await zipSources(
      [
        { path: 'rtl/a.v', text: 'module a; // é\nendmodule' },
        { path: 'big.v', blob: blob('here') },
        { path: 'gone.v', blob: blob('gone') },
      ],
      async (sha256) => (sha256 === 'here' ? new TextEncoder().encode('big') : undefined),
    );
    const files = unzipSync(zip);
    expect(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, strFromU8(bytes)]))).toEqual({
      'rtl/a.v': 'module a; // é\nendmodule',
      'big.v': 'big',
    });
    expect(missing).toEqual(['gone.v']);
  });

  it('stay inside the folder that they are unpacked in', async () => {
    const { zip } = await zipSources(
      [
        { path: '../../.profile', text: 'x' },
        { path: '/etc/a.v', text: 'y' },
      ],
      async () => undefined,
    );
    expect(Object.keys(unzipSync(zip))).toEqual(['.profile', 'etc/a.v']);
  });

  it('are named after the design', () => {
    expect(fileName('My FIR (16 taps)', '.zip')).toBe('my-fir-16-taps.zip');
    expect(fileName('—', '.v')).toBe('design.v');
  });
});
