// A persistent child process that works when it is asked to and sleeps otherwise: start-up is not measured, and two languages never compute at once.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One language's process. Requests and replies are lines of JSON on its standard input and output. */
export class Peer {
  #child;
  #folder = mkdtempSync(join(tmpdir(), 'sconce-bench-'));
  #replies;
  #ended;
  #startedMs = performance.now();

  /** @param command - program and arguments.  @param environment - variables beside this process's own. */
  constructor(name, command, environment = {}) {
    this.name = name;
    const errors = openSync(join(this.#folder, 'stderr'), 'w');
    const [program, ...rest] = command;
    this.#child = spawn(program, rest, {
      env: { ...process.env, SCONCE_BENCH_FOLDER: this.#folder, ...environment },
      stdio: ['pipe', 'pipe', errors],
    });
    closeSync(errors);
    this.#child.stdin.on('error', () => {}); // a child that died is told of by its missing reply
    this.#replies = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', resolve).once('close', resolve);
    });
  }

  /** Sends a request and waits for its reply.  @throws {Error} with the child's last words if it gives none. */
  async ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return this.#reply(request);
  }

  /** Waits for the line that a child prints by itself.  @returns milliseconds from the start of the process to that line. */
  async waitForFirstLine() {
    await this.#reply({ run: 'start' });
    return performance.now() - this.#startedMs;
  }

  async #reply(request) {
    const { value, done } = await this.#replies.next();
    if (!done) return JSON.parse(value);
    await this.#ended;
    const words = readFileSync(join(this.#folder, 'stderr'), 'utf8').trimEnd().split('\n').slice(-15).join('\n');
    throw new Error(`Cannot measure ${JSON.stringify(request)}: expected a reply of ${this.name}, got\n${words}`);
  }

  async close() {
    this.#child.stdin.end();
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
