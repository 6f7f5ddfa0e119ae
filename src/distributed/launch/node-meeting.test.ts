// Tests of the store's part of a launch over machines, with two of them in this process.
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { PrefixStore, TCPStore } from '../store/store.ts';
import { checkLaunch } from './launch-options.ts';
import { type News, NodeMeeting } from './node-meeting.ts';

const meetings: NodeMeeting[] = [];
afterEach(async () => {
  await Promise.all(meetings.splice(0).map((meeting) => meeting.leave()));
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function meetTwo(): Promise<NodeMeeting[]> {
  const masterPort = await freePort();
  const join = (rank: number): Promise<NodeMeeting> =>
    NodeMeeting.join(
      checkLaunch({
        ...{ command: ['true'], numRanks: 1 },
        nodes: { count: 2, rank, masterAddr: '127.0.0.1', masterPort, timeoutMs: 5000 },
      }),
    );
  meetings.push(...(await Promise.all([join(0), join(1)])));
  return meetings;
}

test('NodeMeeting.tell() reaches the others in order, whatever this machine hears meanwhile', async () => {
  const [first, second] = await meetTwo();
  const heard: News[][] = [[], []];
  const lost: News[] = [];
  [first!, second!].forEach((meeting, node) => {
    meeting.onNews = (news) => void (news.kind === 'lost' ? lost : heard[node]!).push(news);
  });
  // So many that each machine hears while it tells.
  const failures = (node: number): News[] =>
    Array.from({ length: 60 }, (_, restart) => ({ kind: 'failure', node, restart }));
  const tellAll = async (meeting: NodeMeeting, node: number): Promise<void> => {
    for (const news of failures(node)) await meeting.tell(news);
  };
  await Promise.all([tellAll(first!, 0), tellAll(second!, 1)]);
  while (lost.length === 0 && heard.some(({ length }) => length < 60)) await wait(10);
  expect(lost).toEqual([]);
  expect(heard).toEqual([failures(1), failures(0)]);
  expect(await Promise.all([first!.exchange(0, 'a'), second!.exchange(0, 'b')])).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

/** The launchers' keys, by a connection of the test's own. */
async function storeOf({ port }: NodeMeeting): Promise<PrefixStore> {
  return new PrefixStore('launch', await TCPStore.connect({ host: '127.0.0.1', port, waitForWorkers: false }));
}

test('NodeMeeting.tell() rings the bell when its news are there: a machine that hears never waits for them', async () => {
  const [first] = await meetTwo();
  const store = await storeOf(first!);
  let isTold = false;
  const told = (async () => {
    for (let restart = 0; restart < 100; restart++) await first!.tell({ kind: 'failure', node: 0, restart });
    isTold = true;
  })();
  while (!isTold) {
    const numRings = await store.add('bell', 0);
    if (numRings > 0) expect(await store.check([`news/0/${numRings - 1}`])).toBe(true);
  }
  await told;
  store.close();
});

test('NodeMeeting hears a bell without news, of a machine that was killed, and goes on', async () => {
  const [first, second] = await meetTwo();
  const store = await storeOf(first!);
  const lost: News[] = [];
  for (const meeting of [first!, second!]) meeting.onNews = (news) => void lost.push(news);
  await store.add('bell', 1);
  const signs = async (): Promise<number> =>
    Math.min(...(await Promise.all([store.add('sign/0', 0), store.add('sign/1', 0)])));
  const before = await signs();
  while ((await signs()) < before + 2) await wait(20);
  expect(lost).toEqual([]);
  store.close();
});
