// The registry of state: every part that a resumed run needs says here what it is, and nothing is lost or left over in silence.

import { CheckpointError } from '../../errors.ts';

/** A part of a run whose state is saved and restored. */
export interface Stateful {
  state(): unknown;
  loadState(state: unknown): void;
  /** Whether a checkpoint may be without it. Default false. */
  readonly isOptional?: boolean;
}

/** The way out where a checkpoint and a run do not have the same parts; for one resume, after which checkpoints have the run's parts again. */
export interface RestoreOptions {
  /** Parts of the checkpoint to leave out, as in 'callbacks.ema'. */
  readonly drop?: readonly string[];
  /** Parts of the run that start fresh although the checkpoint has nothing for them. */
  readonly fresh?: readonly string[];
}

/** Parts by dotted name. The first segment is the checkpoint's top-level key. */
export class StateRegistry {
  readonly #parts = new Map<string, Stateful>();

  /** @throws {TypeError} for a name that is taken. */
  register(name: string, part: Stateful): void {
    if (this.#parts.has(name)) throw new TypeError(`internal: two parts of the run are called "${name}"`);
    this.#parts.set(name, part);
  }

  get names(): readonly string[] {
    return [...this.#parts.keys()];
  }

  /** The state of every part by its name, but for those left out. */
  collect(without: readonly string[] = []): Map<string, unknown> {
    const wanted = [...this.#parts].filter(([name]) => !without.includes(name));
    return new Map(wanted.map(([name, part]) => [name, part.state()]));
  }

  /** Gives every part its state. Nothing is restored unless both sides have the same parts.
   *  @throws {CheckpointError} that lists state which nobody claims and parts that miss theirs, and the way out. */
  restore(states: ReadonlyMap<string, unknown>, options: RestoreOptions = {}): void {
    const dropped = new Set(options.drop);
    const fresh = new Set(options.fresh);
    const unclaimed = [...states.keys()].filter((name) => !this.#parts.has(name) && !dropped.has(name));
    const missing = this.names.filter(
      (name) => !states.has(name) && !fresh.has(name) && !this.#parts.get(name)!.isOptional,
    );
    const unknown = [...dropped]
      .filter((name) => !states.has(name))
      .concat([...fresh].filter((name) => !this.#parts.has(name) || (states.has(name) && !dropped.has(name))));
    const problems: string[] = [];
    if (unclaimed.length > 0) problems.push(`state that nobody claims: ${unclaimed.join(', ')}`);
    if (missing.length > 0) problems.push(`parts without state: ${missing.join(', ')}`);
    if (unknown.length > 0) problems.push(`names in drop or fresh that mean nothing here: ${unknown.join(', ')}`);
    if (problems.length > 0) {
      const isMeant = (name: string): boolean => !unknown.includes(name);
      const way = wayOut({
        drop: [...dropped].filter(isMeant).concat(unclaimed),
        fresh: [...fresh].filter(isMeant).concat(missing),
      });
      throw new CheckpointError(
        `Cannot resume: expected a checkpoint with the parts of this run, got\n  ${problems.join('\n  ')}\n${way}`,
      );
    }
    for (const [name, part] of this.#parts) {
      if (states.has(name) && !dropped.has(name)) part.loadState(states.get(name));
    }
  }
}

/** What a user writes to go on all the same. */
function wayOut({ drop, fresh }: { drop: readonly string[]; fresh: readonly string[] }): string {
  const lists = Object.entries({ drop, fresh }).filter(([, names]) => names.length > 0);
  if (lists.length === 0) return 'Go on without drop and fresh';
  const inCode = lists.map(([key, names]) => `${key}: [${names.map((name) => `'${name}'`).join(', ')}]`).join(', ');
  const inShell = lists.flatMap(([key, names]) => names.map((name) => `--${key} ${name}`)).join(' ');
  return `Go on without them by fit({ …, resume: { ${inCode} } }), or by: npx sconce resume <run> ${inShell}`;
}
