// Serves a checkpoint over HTTP. The model runs in a worker thread: this thread reads requests, and is never held up. See docs/serving.md.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Batcher, BusyError } from './batcher.ts';

const MAX_BYTES = 1 << 20;

export interface Serving {
  readonly server: Server;
  readonly batcher: Batcher;
  /** Takes no more connections, answers what has come, ends the worker. */
  close(): Promise<void>;
}

/** @param worker - the file of worker.ts, bundled. */
export function serve(options: { checkpoint: string; hidden: number; port: number; worker: URL }): Serving {
  const { checkpoint, hidden, port } = options;
  const worker = new Worker(options.worker, { workerData: { checkpoint, hidden } });
  const batcher = new Batcher(worker, { maxBatch: 32, maxWaitMs: 3, maxWaiting: 256 });
  const server = createServer((request, response) => {
    answer(request, batcher).then(
      ([status, body]) => send(response, status, body),
      (error: unknown) => {
        const status = error instanceof BusyError ? 503 : error instanceof SyntaxError ? 400 : 500;
        send(response, status, { error: error instanceof Error ? error.message : String(error) });
      },
    );
  }).listen(port);
  const close = async (): Promise<void> => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeIdleConnections();
    });
    await batcher.close();
  };
  return { server, batcher, close };
}

async function answer(request: IncomingMessage, batcher: Batcher): Promise<[status: number, body: object]> {
  if (request.method === 'GET' && request.url === '/health')
    return [batcher.isReady ? 200 : 503, { isReady: batcher.isReady }];
  if (request.method !== 'POST' || request.url !== '/predict')
    return [404, { error: 'Expected POST /predict or GET /health' }];
  const { points } = Object(JSON.parse(await readBody(request))) as { points?: unknown };
  const isPoint = (value: unknown): boolean =>
    Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number');
  if (!Array.isArray(points) || points.length === 0 || !points.every(isPoint))
    throw new SyntaxError('Expected { "points": [[x, y], …] }');
  return [200, { scores: await batcher.predict(points as number[][]) }];
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new SyntaxError(`Expected at most ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

if (process.argv[1] === import.meta.filename) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string', default: '8080' }, hidden: { type: 'string', default: '64' } },
  });
  const [checkpoint] = positionals;
  if (checkpoint === undefined) {
    console.error('Usage: node serve.js <checkpoint> [--port 8080] [--hidden 64]');
    process.exit(1);
  }
  const { server, batcher, close } = serve({
    checkpoint,
    hidden: Number(values.hidden),
    port: Number(values.port),
    worker: new URL('./worker.js', import.meta.url),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void close());
  server.once('listening', () => console.log(`Listening on port ${values.port}, reading ${checkpoint}`));
  // Without a model there is nothing to serve: whoever watches over the process starts another.
  const [failure] = await Promise.race([once(batcher, 'failed'), once(server, 'close')]);
  if (failure) {
    console.error(`Cannot serve ${checkpoint}: ${(failure as Error).message}`);
    process.exitCode = 1;
    await close();
  }
}
