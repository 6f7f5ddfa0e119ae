// A relay before the store of a job, which counts what the ranks behind it ask.
import { connect, createServer } from 'node:net';

/** Counts messages and bytes of all connections. */
export class Relay {
  /** Messages to the store; c10d writes one at a time. */
  requests = 0;
  /** In both directions. */
  bytes = 0;
  connections = 0;
  #servers = [];
  #sockets = new Set();

  /** @returns a port that leads to the given one. */
  listen = async (port) => {
    const server = createServer({ noDelay: true }, (client) => {
      this.connections++;
      const store = connect({ port, host: '127.0.0.1', noDelay: true });
      client.on('data', (data) => {
        this.requests++;
        this.bytes += data.length;
        store.write(data);
      });
      store.on('data', (data) => {
        this.bytes += data.length;
        client.write(data);
      });
      for (const [one, other] of [
        [client, store],
        [store, client],
      ]) {
        this.#sockets.add(one);
        one.on('close', () => other.destroy()).on('error', () => other.destroy());
      }
    }).listen(0, '127.0.0.1');
    this.#servers.push(server);
    await new Promise((done) => server.once('listening', done));
    return server.address().port;
  };

  close() {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }
}
