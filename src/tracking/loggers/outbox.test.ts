// The outbox against a real server that fails, hangs and answers garbage; waits are taken from a clock that the tests turn.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { parseRetryAfter, refusalOf } from './delivery-error.ts';
import { Outbox } from './outbox.ts';
import { backOffMs, type OutboxClock, type OutboxOptions, wallClock } from './outbox-options.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Answer = (response: ServerResponse, body: string) => void;
const ok: Answer = (response) => response.end('{}');
const fail =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end('no <b>luck</b>\nat all');
const hang: Answer = () => {};
const garbage: Answer = (response) => response.end('<html>');
const reset: Answer = (response) => void response.socket!.destroy();

/** A server that answers in this order, then with success, and an outbox of lines that sends to it. */
async function outboxWith(answers: readonly Answer[], options: Partial<OutboxOptions<string>> = {}) {
  const bodies: string[] = [];
  const left = [...answers];
  let numOpen = 0;
  let mostOpen = 0;
  server = createServer(async (request, response) => {
    numOpen += 1;
    mostOpen = Math.max(mostOpen, numOpen);
    response.on('close', () => {
      numOpen -= 1;
    });
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    (left.shift() ?? ok)(response, body);
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const warnings: string[] = [];
  const outbox = new Outbox<string>({
    name: 'here',
    warn: (message) => warnings.push(message),
    send: async (items, signal) => {
      const response = await fetch(url, { method: 'POST', body: items.join(','), signal });
      if (!response.ok) throw await refusalOf(response, 'post');
      await response.json();
    },
    everyMs: 1,
    retryFromMs: 1,
    retryToMs: 2,
    ...options,
  });
  return { outbox, bodies, warnings, mostOpen: () => mostOpen };
}

/** A clock whose waits, but for the time limits of requests and of the end, pass at once and are noted. */
function notingClock(limits: readonly number[]): { clock: OutboxClock; waits: number[] } {
  const waits: number[] = [];
  const start: OutboxClock['start'] = (then, afterMs) => {
    if (limits.includes(afterMs)) return wallClock.start(then, afterMs);
    waits.push(afterMs);
    return wallClock.start(then, 0);
  };
  return { clock: { ...wallClock, start, random: () => 1 }, waits };
}

test('Outbox sends in order, one request at a time, in batches', async () => {
  const { outbox, bodies, warnings, mostOpen } = await outboxWith([], { maxBatch: 4 });
  for (let i = 0; i < 10; i += 1) outbox.add(String(i));
  await outbox.close();
  expect(bodies).toEqual(['0,1,2,3', '4,5,6,7', '8,9']);
  expect(mostOpen()).toBe(1);
  expect(outbox.counts).toEqual({ waiting: 0, sent: 10, lost: 0 });
  expect(warnings).toEqual([]);
});

test('Outbox sends by itself when its time has come, or at once where a batch is full', async () => {
  const arrived: string[] = [];
  await new Promise<void>((resolve) => {
    const send = async (items: readonly string[]) => {
      arrived.push(items.join(','));
      if (arrived.length === 2) resolve();
    };
    const { clock, waits } = notingClock([10_000]);
    const outbox = new Outbox<string>({ name: 'here', warn: () => {}, send, maxBatch: 3, everyMs: 700, clock });
    for (const item of ['a', 'b', 'c', 'd']) outbox.add(item);
    expect(waits).toEqual([700]);
  });
  expect(arrived).toEqual(['a,b,c', 'd']);
});

test('Outbox tries again with the same items whatever went wrong, and says each cause once', async () => {
  const answers = [fail(503), fail(503), garbage, reset, hang, fail(429), ok];
  const { outbox, bodies, warnings } = await outboxWith(answers, { timeoutMs: 300, closeWithinMs: 60_000 });
  outbox.add('a');
  const flushed = outbox.flush();
  outbox.add('b');
  await flushed;
  await outbox.close();
  expect(bodies.slice(0, 7)).toEqual(Array(7).fill('a'));
  expect(bodies.slice(7)).toEqual(['b']);
  expect(warnings).toEqual([
    'Cannot log to here: Cannot post: expected success, got HTTP 503: no <b>luck</b>; it is tried again, and the run goes on',
    expect.stringMatching(/^Cannot log to here: .*JSON.*; it is tried again, and the run goes on$/),
    expect.stringMatching(/^Cannot log to here: fetch failed \(\w+\); it is tried again, and the run goes on$/),
    'Cannot log to here: no answer within 300 ms; it is tried again, and the run goes on',
    'Cannot log to here: Cannot post: expected success, got HTTP 429: no <b>luck</b>; it is tried again, and the run goes on',
  ]);
  expect(outbox.counts).toEqual({ waiting: 0, sent: 2, lost: 0 });
});

test('Outbox waits twice as long after each failure, and as long as the server asks', async () => {
  const { clock, waits } = notingClock([10_000, 9_000]);
  const answers = [fail(500), fail(502), fail(503, { 'retry-after': '7' }), fail(500), fail(500), ok];
  const { outbox } = await outboxWith(answers, {
    clock,
    everyMs: 1,
    retryFromMs: 100,
    retryToMs: 1000,
    closeWithinMs: 9_000,
  });
  outbox.add('a');
  await outbox.flush();
  expect(waits).toEqual([1, 100, 200, 7000, 800, 1000]);
});

test('backOffMs() lies between a half and the whole of its step', () => {
  expect([1, 2, 3, 60].map((numFailures) => backOffMs(numFailures, 500, 3000, 0))).toEqual([250, 500, 1000, 1500]);
  expect(backOffMs(2, 500, 3000, 0.5)).toBe(750);
});

test('parseRetryAfter() reads seconds and dates', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(parseRetryAfter('3', now)).toBe(3000);
  expect(parseRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60_000);
  expect(parseRetryAfter('Thu, 01 Jan 2025 00:01:00 GMT', now)).toBe(0);
  expect(parseRetryAfter('soon', now)).toBeUndefined();
  expect(parseRetryAfter(null, now)).toBeUndefined();
});

test('Outbox leaves out what the server refuses and goes on', async () => {
  const { outbox, bodies, warnings } = await outboxWith([fail(400)], { maxBatch: 2 });
  for (const item of ['a', 'b', 'c']) outbox.add(item);
  await outbox.close();
  expect(bodies).toEqual(['a,b', 'c']);
  expect(outbox.counts).toEqual({ waiting: 0, sent: 1, lost: 2 });
  expect(warnings).toEqual([
    'Cannot log to here: Cannot post: expected success, got HTTP 400: no <b>luck</b>; 2 records are left out',
  ]);
});

test('Outbox sends nothing more to a server that lets nobody in', async () => {
  const { outbox, bodies, warnings } = await outboxWith([fail(401)], { maxBatch: 1 });
  for (const item of ['a', 'b', 'c']) outbox.add(item);
  await outbox.flush();
  outbox.add('d');
  await outbox.close();
  expect(bodies).toEqual(['a']);
  expect(outbox.counts).toEqual({ waiting: 0, sent: 0, lost: 4 });
  expect(warnings).toEqual([
    'Cannot log to here: Cannot post: expected success, got HTTP 401: no <b>luck</b>; nothing more is sent, and the run goes on',
  ]);
});

test('Outbox drops the oldest of what does not fit and counts it', async () => {
  const { outbox, bodies, warnings } = await outboxWith([], { maxItems: 3 });
  for (const item of ['a', 'b', 'c', 'd', 'e']) outbox.add(item);
  await outbox.close();
  expect(bodies).toEqual(['c,d,e']);
  expect(outbox.counts).toEqual({ waiting: 0, sent: 3, lost: 2 });
  expect(warnings).toEqual([
    'Cannot log to here: expected at most 3 records and 33554432 bytes to wait, got more; the oldest are dropped: the server takes them more slowly than the run logs',
    'Cannot log to here: expected all 5 records to arrive, got 3; the server was given 10000 ms at the end',
  ]);
});

test('Outbox drops the oldest of what is too large together', async () => {
  const { outbox, bodies } = await outboxWith([], { maxBytes: 10, bytesOf: (item) => item.length });
  for (const item of ['aaaa', 'bbbb', 'cccc', 'dd']) outbox.add(item);
  await outbox.flush();
  outbox.add('e'.repeat(10));
  await outbox.close();
  expect(bodies).toEqual(['bbbb,cccc,dd', 'e'.repeat(10)]);
});

test('Outbox keeps what is being sent while it drops', async () => {
  let release: () => void = () => {};
  const held: Answer = (response) => {
    release = () => fail(500)(response, '');
    for (const item of ['c', 'd', 'e']) outbox.add(item);
    setImmediate(release);
  };
  const { outbox, bodies } = await outboxWith([held], { maxItems: 3, maxBatch: 2 });
  outbox.add('a');
  outbox.add('b'); // sent at once
  await expect.poll(() => bodies.length).toBeGreaterThan(1);
  await outbox.close();
  expect(bodies).toEqual(['a,b', 'a,b', 'e']);
  expect(outbox.counts).toEqual({ waiting: 0, sent: 3, lost: 2 });
});

const NO_LUCK = 'Cannot post: expected success, got HTTP 500: no <b>luck</b>';

test.each([
  ['hangs', Array<Answer>(50).fill(hang), 'no answer within 20 ms', 20],
  ['fails', Array<Answer>(5000).fill(fail(500)), NO_LUCK, 10_000],
  ['asks to be left alone', [fail(503, { 'retry-after': '3600' })], NO_LUCK.replace('500', '503'), 10_000],
])(
  'Outbox.close() ends in time at a server that %s, and says what did not arrive',
  async (_, answers, reason, timeoutMs) => {
    const { outbox, warnings } = await outboxWith(answers, { timeoutMs, closeWithinMs: 150 });
    outbox.add('a');
    outbox.add('b');
    const started = performance.now();
    await outbox.close();
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(outbox.counts).toEqual({ waiting: 0, sent: 0, lost: 2 });
    expect(warnings.at(-1)).toBe(`Cannot log to here: expected all 2 records to arrive, got 0; ${reason}`);
    await outbox.close();
    outbox.add('c'); // nobody is told twice
    expect(outbox.counts.lost).toBe(3);
  },
);

test('Outbox.close() does not wait for a client that cannot be stopped', async () => {
  const outbox = new Outbox<string>({
    name: 'here',
    warn: () => {
      throw new Error('the log is broken too');
    },
    send: () => new Promise(() => {}),
    timeoutMs: 5,
    closeWithinMs: 30,
  });
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  outbox.add('a');
  await outbox.close();
  expect((await warned).message).toMatch('Cannot log to here: ');
  expect(outbox.counts).toEqual({ waiting: 0, sent: 0, lost: 1 });
});

test('Outbox cuts its wait short when it is flushed', async () => {
  const { outbox, bodies } = await outboxWith([fail(500)], { retryFromMs: 3_600_000, retryToMs: 3_600_000 });
  outbox.add('a');
  await expect.poll(() => bodies.length).toBe(1);
  await outbox.flush();
  expect(bodies).toEqual(['a', 'a']);
});
