declare module 'elkjs/lib/elk-worker.min.js' {
  /** Stands in for a Web Worker in ELK's own API; answers in place. */
  export class Worker {
    onmessage: (event: { data: { id: number; error?: unknown; data?: never } }) => void;
    postMessage(message: unknown): void;
  }
}
