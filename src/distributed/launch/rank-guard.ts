// A process beside the launcher that ends the ranks where the launcher is killed: SIGKILL leaves no time to do it itself.
import { type ChildProcess, spawn } from 'node:child_process';

/** Reads lists of process groups; the last one counts when the launcher is gone. A shell has what it takes and starts at once. */
const SCRIPT = `
live=
while IFS= read -r line; do live=$line; done
[ -z "$live" ] && exit 0
each() { for group in $live; do kill "$1" "-$group" 2>/dev/null && found=1; done; }
each -TERM
left=$1
while [ "$left" -gt 0 ]; do
  sleep 1
  found=; each -0
  [ -z "$found" ] && exit 0
  left=$((left - 1))
done
each -KILL
`;

/** Knows the process groups that have to end with this process. @internal */
export class RankGuard {
  readonly #child: ChildProcess;
  readonly #live = new Set<number>();

  /** @param graceMs - between SIGTERM and SIGKILL. */
  constructor(graceMs: number) {
    const seconds = Math.ceil(graceMs / 1000);
    // In a session of its own: what is sent to the launcher's group does not reach it.
    this.#child = spawn('/bin/sh', ['-c', SCRIPT, 'sconce-launch-guard', `${seconds}`], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
    });
    this.#child.on('error', () => {}); // without a shell the ranks have what they notice themselves
    this.#child.stdin!.on('error', () => {}); // somebody has killed it
    this.#child.unref();
  }

  add(group: number): void {
    this.#live.add(group);
    this.#tell();
  }

  delete(group: number): void {
    this.#live.delete(group);
    this.#tell();
  }

  close(): void {
    this.#child.stdin!.end();
  }

  #tell(): void {
    this.#child.stdin!.write(`${[...this.#live].join(' ')}\n`);
  }
}
