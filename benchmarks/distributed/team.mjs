// The ranks of one contender, each a process on a core of its own, that work together when they are asked to and sleep otherwise.
import { createServer } from 'node:net';
import { onCore, threadVariables } from '../harness/machine.mjs';
import { Peer } from '../harness/peer.mjs';
import { median } from '../harness/statistics.mjs';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Ranks 0 to n - 1. More ranks than cores share them. */
export class Team {
  #peers;

  /** @param relay - how the ranks but the first reach the store: a port for the store's. Default: directly. */
  static async start(name, command, numRanks, relay = (port) => port) {
    const port = await freePort();
    return new Team(name, command, { numRanks, port, relayPort: await relay(port) });
  }

  constructor(name, command, { numRanks, port, relayPort }) {
    this.#peers = Array.from({ length: numRanks }, (_, rank) => {
      const address = { MASTER_ADDR: '127.0.0.1', MASTER_PORT: rank === 0 ? port : relayPort };
      const place = { RANK: rank, WORLD_SIZE: numRanks, LOCAL_RANK: rank, ...address };
      return new Peer(`${name}, rank ${rank}`, onCore(command, rank), { ...threadVariables(1), ...place });
    });
  }

  /** What each rank answers. */
  async ask(request) {
    return Promise.all(this.#peers.map((peer) => peer.ask(request)));
  }

  /** The time of the slowest rank: the median of its pieces. */
  async time(request) {
    return Math.max(...(await this.ask(request)).map(median));
  }

  async close() {
    await Promise.all(this.#peers.map((peer) => peer.close()));
  }
}
