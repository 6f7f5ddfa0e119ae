// A server that speaks as much of Google Cloud Logging's REST protocol as its client needs to write entries.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is kept of an entry. */
export interface KeptEntry {
  readonly insertId: string;
  /** 200 is INFO, 400 WARNING, 500 ERROR. */
  readonly severity: number;
  readonly timestamp: string;
  readonly labels: Record<string, string>;
  readonly jsonPayload: Record<string, unknown>;
}

export class GoogleLoggingServer {
  /** Entries by the log's full name; a second one with the same id is dropped. */
  readonly logs = new Map<string, KeptEntry[]>();
  numRequests = 0;
  /** The status to answer a request with in place of keeping it, after it is kept where `keeps`; 0 for no answer at all. */
  fault: (numRequests: number) => { status: number; keeps?: boolean } | undefined = () => undefined;
  port = 0;
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.numRequests += 1;
    const fault = this.fault(this.numRequests);
    const refuse = (status: number, message: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: status, message } }));
    };
    if (!fault || fault.keeps) {
      if (request.method !== 'POST' || request.url!.split('?', 1)[0] !== '/v2/entries:write')
        return refuse(404, `no ${request.method} ${request.url}`);
      this.#keep(JSON.parse(Buffer.concat(chunks).toString()) as { logName: string; entries: KeptEntry[] });
    }
    if (fault?.status === 0) return;
    if (fault) refuse(fault.status, 'out of order');
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #keep({ logName, entries }: { logName: string; entries: KeptEntry[] }): void {
    const kept = this.logs.get(logName) ?? [];
    this.logs.set(logName, kept);
    for (const entry of entries) if (!kept.some(({ insertId }) => insertId === entry.insertId)) kept.push(entry);
  }
}
