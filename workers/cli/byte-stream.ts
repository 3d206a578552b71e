import { writeSync } from 'node:fs';

const BUFFERED = 1 << 16;
const FLUSH_MS = 100;

/**
 * Standard output for a program that prints while it computes: bytes as characters, gathered for a moment. A reader that is slow is
 * waited for; one that has gone away ends this program, quietly.
 */
export class ByteStream {
  private readonly descriptor: number;
  private parts: string[] = [];
  private size = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
    this.timer = setInterval(() => this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  print(text: string): void {
    this.parts.push(text);
    this.size += text.length;
    if (this.size >= BUFFERED) this.flush();
  }

  flush(): void {
    if (this.size === 0) return;
    const bytes = Buffer.from(this.parts.join(''), 'latin1');
    this.parts = [];
    this.size = 0;
    let at = 0;
    while (at < bytes.length) at += this.write(bytes, at);
  }

  close(): void {
    clearInterval(this.timer);
    this.flush();
  }

  private write(bytes: Buffer, from: number): number {
    try {
      return writeSync(this.descriptor, bytes, from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      return 0;
    }
  }
}
