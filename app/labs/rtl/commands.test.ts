import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../engines/core/result.ts';
import { neighbour } from './commands.ts';

const at = (file: string, line: number): Problem => ({
  code: 'x',
  severity: 'error',
  what: `${file}:${line}`,
  where: { file, line },
});

describe('the next problem', () => {
  const problems = [
    at('b.v', 3),
    at('a.v', 9),
    at('a.v', 2),
    { code: 'y', severity: 'note', what: 'nowhere' } as Problem,
  ];

  it('goes through lines, then files, then round', () => {
    const next = (file: string, line: number) => neighbour(problems, { file, line }, 1)?.what;
    expect(next('a.v', 1)).toBe('a.v:2');
    expect(next('a.v', 2)).toBe('a.v:9');
    expect(next('a.v', 9)).toBe('b.v:3');
    expect(next('b.v', 3)).toBe('a.v:2');
    expect(neighbour(problems, undefined, 1)?.what).toBe('a.v:2');
  });

  it('goes back too', () => {
    expect(neighbour(problems, { file: 'a.v', line: 2 }, -1)?.what).toBe('b.v:3');
    expect(neighbour(problems, { file: 'b.v', line: 3 }, -1)?.what).toBe('a.v:9');
    expect(neighbour([], { file: 'a.v', line: 1 }, 1)).toBeUndefined();
  });
});
