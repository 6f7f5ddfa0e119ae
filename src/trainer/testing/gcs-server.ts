// A server that speaks as much of Google Cloud Storage's protocol as its client needs for objects of one bucket.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface StoredObject {
  readonly name: string;
  readonly bytes: Buffer;
}

/** CRC-32C, which the client compares with its own. */
function crc32c(bytes: Buffer): string {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(~crc >>> 0);
  return sum.toString('base64');
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The last part of a multipart/related body. */
function payloadOf(request: IncomingMessage, body: Buffer): Buffer {
  const boundary = /boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '')![1]!;
  const start = body.indexOf('\r\n\r\n', body.indexOf(`--${boundary}`, boundary.length)) + 4;
  return body.subarray(start, body.lastIndexOf(`\r\n--${boundary}--`));
}

export async function startGcsServer(): Promise<{
  url: string;
  objects: Map<string, Buffer>;
  /** The names of what was uploaded, in order. */
  uploads: string[];
  close(): void;
}> {
  const objects = new Map<string, Buffer>();
  const times = new Map<string, Date>();
  const uploads: string[] = [];
  const describe = ({ name, bytes }: StoredObject) => ({
    kind: 'storage#object',
    name,
    bucket: 'bucket',
    size: String(bytes.length),
    updated: (times.get(name) ?? new Date(0)).toISOString(),
    crc32c: crc32c(bytes),
    generation: '1',
    metageneration: '1',
  });
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://server');
    const body = await bodyOf(request);
    const json = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const [, key] = /\/b\/bucket\/o\/([^/]+)/.exec(url.pathname) ?? [];
    const name = key === undefined ? undefined : decodeURIComponent(key);
    const target = /\/(?:copyTo|rewriteTo)\/b\/bucket\/o\/([^/]+)/.exec(url.pathname)?.[1];
    const bytes = name === undefined ? undefined : objects.get(name);
    if (url.pathname.startsWith('/upload/')) {
      const uploaded = url.searchParams.get('name')!;
      if (url.searchParams.get('ifGenerationMatch') === '0' && objects.has(uploaded))
        return json(412, { error: { code: 412, message: 'Precondition Failed' } });
      uploads.push(uploaded);
      times.set(uploaded, new Date());
      objects.set(uploaded, payloadOf(request, body));
      return json(200, describe({ name: uploaded, bytes: objects.get(uploaded)! }));
    }
    if (name === undefined) {
      const all = [...objects].map(([each, content]) => ({ name: each, bytes: content }));
      const prefix = url.searchParams.get('prefix') ?? '';
      return json(200, { items: all.filter((each) => each.name.startsWith(prefix)).map(describe) });
    }
    if (bytes === undefined) return json(404, { error: { code: 404, message: 'Not Found' } });
    if (target !== undefined) {
      objects.set(decodeURIComponent(target), bytes);
      return json(200, { done: true, resource: describe({ name: decodeURIComponent(target), bytes }) });
    }
    if (request.method === 'DELETE') {
      objects.delete(name);
      return response.writeHead(204).end();
    }
    if (url.searchParams.get('alt') !== 'media') return json(200, describe({ name, bytes }));
    response.writeHead(200, { 'x-goog-hash': `crc32c=${crc32c(bytes)}`, 'content-length': bytes.length }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, objects, uploads, close: () => void server.close() };
}
