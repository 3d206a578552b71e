/** The part of ELK's JSON graph that the layout uses. */
export interface ElkNode {
  id: string;
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  layoutOptions?: Record<string, string>;
  ports?: { id: string; x: number; y: number; width: number; height: number; layoutOptions?: Record<string, string> }[];
  children?: ElkNode[];
  edges?: ElkEdge[];
}

export interface ElkEdge {
  id: string;
  sources: string[];
  targets: string[];
  layoutOptions?: Record<string, string>;
  sections?: { startPoint: Point; endPoint: Point; bendPoints?: Point[] }[];
  junctionPoints?: Point[];
}

export interface Point {
  x: number;
  y: number;
}

interface InProcessWorker {
  onmessage: (event: { data: { id: number; error?: unknown; data?: ElkNode } }) => void;
  postMessage(message: unknown): void;
}

let loading: Promise<new () => InProcessWorker> | undefined;

/**
 * ELK's own API starts a worker; this module already runs in one. The worker script also exports the class it uses as a
 * stand-in for a worker, which runs in place.
 */
async function load(): Promise<new () => InProcessWorker> {
  // Inside a worker the script takes the scope's message handler for itself; it is given back at once.
  const scope = globalThis as { onmessage?: unknown };
  const handler = scope.onmessage;
  const loaded = (await import('elkjs/lib/elk-worker.min.js')) as unknown as {
    Worker?: new () => InProcessWorker;
    default?: { Worker?: new () => InProcessWorker };
  };
  if (scope.onmessage !== handler) scope.onmessage = handler;
  const Worker = loaded.Worker ?? loaded.default?.Worker;
  if (!Worker) throw new Error('elkjs no longer exports its in-process worker.');
  return Worker;
}

/** Lays a graph out with ELK layered, in this thread. The graph comes back with places; throws what ELK throws. */
export async function runElk(graph: ElkNode): Promise<ElkNode> {
  loading ??= load();
  const worker = new (await loading)();
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.error !== undefined) reject(asError(data.error));
      else if (data.data) resolve(data.data);
    };
    worker.postMessage({ id: 0, cmd: 'register', algorithms: ['layered'] });
    worker.postMessage({ id: 1, cmd: 'layout', graph, layoutOptions: {}, options: {} });
  });
}

function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const { message } = thrown as { message?: unknown };
  return new Error(typeof message === 'string' ? message : String(thrown));
}
