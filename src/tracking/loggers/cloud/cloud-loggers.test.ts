// CloudWatchLogger against moto (where it is installed), GoogleCloudLogger against a server of our own, each through the service's own client.
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GoogleLoggingServer } from '../../testing/google-logging-server.ts';
import { hasMoto, noMoto, startMoto } from '../../testing/moto-server.ts';
import { clocksAt, runInfo } from '../../testing/run-info.ts';
import { CloudWatchLogger } from './cloudwatch-logger.ts';
import { GoogleCloudLogger } from './google-cloud-logger.ts';
import { fitted, LogLines } from './log-line.ts';

const fast = { everyMs: 1, retryFromMs: 1, retryToMs: 2 };

/** The same to every service. */
function logSome(logger: CloudWatchLogger | GoogleCloudLogger): void {
  logger.logMetrics({ 'train/loss': 0.5, 'val/nan': Number.NaN }, clocksAt(3));
  logger.logEvent({ event: 'resumed', dropped: [] }, clocksAt(3));
  logger.logEvent({ event: 'warning', message: 'careful' }, clocksAt(4));
  logger.logText('notes', 'hällo', clocksAt(5));
}

const expected = [
  { run: 'id-1', name: 'digits', kind: 'start', config: { lr: 0.1 }, tags: [] },
  { run: 'id-1', kind: 'metrics', step: 3, values: { 'train/loss': 0.5, 'val/nan': 'NaN' } },
  { run: 'id-1', kind: 'event', event: 'resumed', dropped: 0, step: 3 },
  { run: 'id-1', kind: 'event', event: 'warning', message: 'careful', step: 4 },
  { run: 'id-1', kind: 'text', key: 'notes', text: 'hällo', step: 5 },
];

const isMotoThere = hasMoto();
if (!isMotoThere) console.log(noMoto('CloudWatch Logs'));

describe.runIf(isMotoThere)('CloudWatchLogger', () => {
  let server: Awaited<ReturnType<typeof startMoto>>;
  beforeAll(async () => {
    server = await startMoto();
  }, 60_000);
  afterAll(() => server.close());

  async function eventsOf(logGroupName: string, logStreamName: string): Promise<Record<string, unknown>[]> {
    const aws = await import('@aws-sdk/client-cloudwatch-logs');
    const client = new aws.CloudWatchLogsClient({});
    const messages: string[] = [];
    let nextToken: string | undefined;
    for (;;) {
      const query = {
        logGroupName,
        logStreamName,
        startFromHead: true,
        ...(nextToken === undefined ? {} : { nextToken }),
      };
      const { events = [], nextForwardToken } = await client.send(new aws.GetLogEventsCommand(query));
      if (events.length === 0) return messages.map((message) => JSON.parse(message) as Record<string, unknown>);
      messages.push(...events.map(({ message }) => message!));
      nextToken = nextForwardToken;
    }
  }

  test('makes group and stream, and logs every record', async () => {
    for (let i = 0; i < 2; i += 1) {
      const run = runInfo({ name: 'a:digits' });
      const logger = new CloudWatchLogger({ logGroup: '/tests', outbox: fast });
      await logger.open(run);
      logSome(logger);
      await logger.close();
      await logger.close();
      expect(run.warnings).toEqual([]);
    }
    const all = expected.map((each) => ('name' in each ? { ...each, name: 'a:digits' } : each));
    expect(await eventsOf('/tests', 'a_digits-id-1')).toMatchObject([...all, ...all]);
  });

  test('stays within the limits of a request', async () => {
    const run = runInfo({ name: 'many' });
    const logger = new CloudWatchLogger({ logGroup: '/tests', outbox: fast });
    await logger.open(run);
    for (let step = 0; step < 12_000; step += 1) logger.logText('k', String(step), clocksAt(step));
    logger.logText('long', 'ä'.repeat(200_000), clocksAt(0));
    await logger.close();
    expect(run.warnings).toEqual([
      expect.stringMatching(/expected at most 10000 records .* the oldest are dropped/),
      expect.anything(),
    ]);
    const events = await eventsOf('/tests', 'many-id-1');
    expect(events).toHaveLength(10_000);
    expect(events.at(-1)).toMatchObject({ key: 'long', note: expect.stringMatching(/^left out: \d+ bytes/) });
  }, 60_000);
});

test('CloudWatchLogger ends in time where nobody answers', async () => {
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_REGION: 'x',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'y',
  });
  const run = runInfo();
  const logger = new CloudWatchLogger({ outbox: { ...fast, closeWithinMs: 50 } });
  await logger.open(run);
  logger.logMetrics({ a: 1 }, clocksAt(1));
  await logger.close();
  process.env = before;
  expect(run.warnings[0]).toMatch(
    /^Cannot log to cloudwatch: .*ECONNREFUSED.*; it is tried again, and the run goes on$/,
  );
  expect(run.warnings.at(-1)).toMatch(/expected all 2 records to arrive, got 0/);
});

describe('GoogleCloudLogger', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  let server: GoogleLoggingServer;
  beforeEach(async () => {
    server = await new GoogleLoggingServer().start();
  });
  afterEach(() => server.stop());

  const loggerOf = (outbox: object = {}) =>
    new GoogleCloudLogger({
      projectId: 'project',
      labels: { team: 'a' },
      outbox: { ...fast, ...outbox },
      clientOptions: {
        ...{ apiEndpoint: '127.0.0.1', port: server.port, protocol: 'http', fallback: true },
        credentials: { client_email: 'a@b.c', private_key },
      },
    });

  test('logs every record once with severity and labels, also where an answer is lost', async () => {
    server.fault = (numRequests) => (numRequests === 1 ? { status: 503, keeps: true } : undefined);
    const run = runInfo();
    const logger = loggerOf();
    await logger.open(run);
    logSome(logger);
    await logger.close();
    await logger.close();
    expect([...server.logs.keys()]).toEqual(['projects/project/logs/sconce']);
    // The client adds an entry of its own, about itself, once a process.
    const entries = [...server.logs.values()][0]!.filter(({ jsonPayload }) => 'run' in jsonPayload);
    expect(entries.map(({ jsonPayload }) => jsonPayload)).toMatchObject(expected);
    expect(entries.map(({ severity }) => severity)).toEqual([200, 200, 200, 400, 200]);
    expect(entries[0]!.labels).toEqual({ team: 'a', run_id: 'id-1', run_name: 'digits' });
    expect(server.numRequests).toBeGreaterThan(1);
    expect(run.warnings).toEqual([
      expect.stringMatching(
        /^Cannot log to google_cloud: Cannot write log entries: .*out of order.*; it is tried again/,
      ),
    ]);
  });

  test.each([
    ['hangs', { status: 0 }, { timeoutMs: 30, closeWithinMs: 100 }, /expected all 2 records to arrive, got 0/],
    ['lets nobody in', { status: 403 }, { closeWithinMs: 5000 }, /out of order.*; nothing more is sent/],
  ])('ends in time at a service that %s', async (_, fault, outbox, warning) => {
    server.fault = () => fault;
    const run = runInfo();
    const logger = loggerOf(outbox);
    await logger.open(run);
    logger.logMetrics({ a: 1 }, clocksAt(1));
    const started = performance.now();
    await logger.close();
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(run.warnings.join('\n')).toMatch(warning);
  });
});

test('loggers of clouds refuse unknown options, and to log while they are not open', () => {
  expect(() => new CloudWatchLogger({ group: 'x' } as never)).toThrow(
    'Cannot make CloudWatchLogger: expected options of',
  );
  expect(() => new GoogleCloudLogger({ project: 'x' } as never)).toThrow(
    'Cannot make GoogleCloudLogger: expected options of',
  );
  expect(() => new CloudWatchLogger().logMetrics({ a: 1 }, clocksAt(1))).toThrow(
    'expected an open logger, got a closed one',
  );
  expect(() => new GoogleCloudLogger().logMetrics({ a: 1 }, clocksAt(1))).toThrow(
    'expected an open logger, got a closed one',
  );
});

test('fitted() keeps a line that fits and says how large another one was', () => {
  const line = new LogLines({ id: 'i', name: 'n' }, () => 7).text('k', 'x'.repeat(50), clocksAt(2));
  expect(fitted(line, 1000)).toBe(line);
  expect(JSON.parse(fitted(line, 100).text)).toEqual({
    ...{ run: 'i', name: 'n', kind: 'text', key: 'k', step: 2, time: 7 },
    note: `left out: ${line.text.length} bytes, where the service takes 100`,
  });
});
