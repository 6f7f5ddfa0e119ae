// The live comparison: draws programs from a seed, runs them here and in a long-lived Python, compares, and shrinks what differs.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { load, save, setNumThreads } from '../../../src/index.ts';
import { hash } from '../../fuzz/random.ts';
import { compare, type Verdict } from './compare.ts';
import { drawProgram, type Spec, type Specs } from './draw.ts';
import { type CallStep, type Outcome, type Program, toPython } from './program.ts';
import { begin, finish, type Run, type States } from './run.ts';
import { toPythonText, toTypeScript } from './snippet.ts';

const BATCH = 48;
/** Smaller draws of a spec that are tried for a shorter case that differs as well. */
const NUM_SMALLER = 96;
/** Of leaving out one step or option. */
const MAX_ROUNDS = 30;

/** A Python with torch that runs programs. */
export class Peer {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  errors = '';

  constructor(python: string, script: string) {
    const environment = { ...process.env, OMP_NUM_THREADS: '1' };
    this.#process = spawn(python, ['-B', script], { stdio: ['pipe', 'pipe', 'pipe'], env: environment });
    // Warnings of libtorch, and why a process has died.
    this.#process.stderr.on('data', (text) => {
      this.errors = (this.errors + text).slice(-2000);
    });
    // A process that has died takes nothing; `receive` tells.
    this.#process.stdin.on('error', () => undefined);
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
  }

  send(task: unknown): void {
    this.#process.stdin.write(`${JSON.stringify(task)}\n`);
  }

  /** Nothing where the process has died. */
  async receive(): Promise<Outcome[] | undefined> {
    const { done, value } = await this.#lines.next();
    if (done) return undefined;
    return JSON.parse(value) as Outcome[];
  }

  /** Whether it ended by itself, which a program that it is given cannot make it do. */
  get hasFailed(): boolean {
    return this.#process.exitCode !== null && this.#process.exitCode !== 0;
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'close');
  }
}

export interface Found {
  readonly spec: string;
  readonly case: number;
  readonly verdict: Extract<Verdict, { kind: 'different' }>;
  readonly program: Program;
}

export interface Tally {
  numCases: number;
  numExact: number;
  /** Within a stated tolerance. */
  numClose: number;
  numRefused: number;
  readonly found: Found[];
  /** Specs of what is not there: the table of docs/parity.md says why. */
  readonly absent: Set<string>;
  /** Cases by spec: all, and those that ran to their end. */
  readonly bySpec: Map<string, { all: number; complete: number; close: number }>;
  readonly reasons: Map<string, number>;
}

export interface CampaignOptions {
  readonly specs: Specs;
  readonly python: string;
  readonly peerScript: string;
  readonly seed: number;
  readonly from?: number;
  /** The number after the last case's. */
  readonly to?: number;
  readonly untilMs?: number;
  /** Called before each batch, with its first case's number. */
  readonly onBatch?: (first: number) => void;
}

const specOf = (spec: Spec | Spec['draw']): Spec => (typeof spec === 'function' ? { draw: spec } : spec);

export class Campaign {
  readonly #options: CampaignOptions;
  readonly #names: readonly string[];
  #peer: Peer;
  readonly #folder = mkdtempSync(join(tmpdir(), 'sconce-live-'));
  readonly tally: Tally = {
    numCases: 0,
    numExact: 0,
    numClose: 0,
    numRefused: 0,
    found: [],
    bySpec: new Map(),
    reasons: new Map(),
    absent: new Set(),
  };

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.#names = Object.keys(options.specs);
    this.#peer = new Peer(options.python, options.peerScript);
    setNumThreads(1);
  }

  async close(): Promise<void> {
    await this.#peer.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** The program of a case: its spec is its number modulo their count. */
  program(number: number): Program {
    const name = this.#names[number % this.#names.length]!;
    return drawProgram(name, this.#options.specs[name]!, hash(this.#options.seed, name, number), number);
  }

  async play(): Promise<Tally> {
    const { from = 0, to = Number.MAX_SAFE_INTEGER, untilMs = Number.MAX_SAFE_INTEGER, onBatch } = this.#options;
    for (let first = from; first < to && Date.now() < untilMs; first += BATCH) {
      onBatch?.(first);
      const programs = Array.from({ length: Math.min(BATCH, to - first) }, (_, i) => this.program(first + i));
      const verdicts = await this.judge(programs);
      for (const [i, program] of programs.entries()) this.#count(program, verdicts[i]!);
    }
    return this.tally;
  }

  #count(program: Program, verdict: Verdict): void {
    const { tally } = this;
    if (verdict.kind === 'absent') {
      tally.absent.add(program.spec);
      return;
    }
    const counts = tally.bySpec.get(program.spec) ?? { all: 0, complete: 0, close: 0 };
    tally.bySpec.set(program.spec, counts);
    tally.numCases++;
    counts.all++;
    if (verdict.kind === 'different') {
      tally.found.push({ spec: program.spec, case: program.id, verdict, program });
      return;
    }
    if (verdict.isExact) tally.numExact++;
    else {
      tally.numClose++;
      counts.close++;
    }
    if (verdict.isRefused) tally.numRefused++;
    else counts.complete++;
    if (verdict.reason) tally.reasons.set(verdict.reason, (tally.reasons.get(verdict.reason) ?? 0) + 1);
  }

  /** Runs programs on both sides. */
  async judge(programs: readonly Program[]): Promise<Verdict[]> {
    const [ours, theirs] = [join(this.#folder, 'ours.pt'), join(this.#folder, 'theirs.pt')];
    const translated = programs.map((program) => ({
      id: program.id,
      steps: program.steps.map(toPython),
      second: program.second.map(toPython),
    }));
    this.#peer.send({ programs: translated, share: theirs });
    const runs = programs.map(begin);
    const first = await this.#peer.receive();
    if (!first) return this.#withoutPeer(programs);
    const verdicts = runs.map((run, i) => this.#compare(run, 'steps', run.first, first[i]!));
    const isDone = (i: number): boolean => {
      const verdict = verdicts[i]!;
      return verdict.kind !== 'same' || verdict.isRefused || programs[i]!.second.length === 0;
    };
    if (runs.every((_, i) => isDone(i))) return verdicts;
    const going = runs.filter((_, i) => !isDone(i));
    try {
      await save(Object.assign({}, ...going.map((run) => run.shared)), ours);
    } catch (error) {
      if (programs.length > 1) return this.#oneByOne(programs);
      const text = `cannot be saved: ${(error as Error).message}`;
      return [{ kind: 'different', what: 'accident', text, part: 'steps', step: programs[0]!.steps.length - 1 }];
    }
    this.#peer.send({ states: ours });
    const states = (await load(theirs)) as States;
    const seconds = runs.map((run, i) => (isDone(i) ? undefined : finish(run, states)));
    const second = await this.#peer.receive();
    if (!second) return this.#withoutPeer(programs);
    return runs.map((run, i) => {
      const found = seconds[i];
      if (!found) return verdicts[i]!;
      const verdict = this.#compare(run, 'second', found, second[i]!);
      const before = verdicts[i] as Extract<Verdict, { kind: 'same' }>;
      return verdict.kind === 'same' ? { ...before, ...verdict, isExact: verdict.isExact && before.isExact } : verdict;
    });
  }

  /** The Python has died: another goes on, and takes the programs one by one, until it is the turn of the one that kills it. */
  async #withoutPeer(programs: readonly Program[]): Promise<Verdict[]> {
    await this.#peer.close();
    if (this.#peer.hasFailed) throw new Error(`Cannot compare: the Python ended: ${this.#peer.errors}`);
    this.#peer = new Peer(this.#options.python, this.#options.peerScript);
    if (programs.length === 1)
      return [{ kind: 'same', isExact: true, isRefused: true, reason: `PyTorch dies of ${programs[0]!.spec}` }];
    return this.#oneByOne(programs);
  }

  async #oneByOne(programs: readonly Program[]): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    for (const program of programs) verdicts.push(...(await this.judge([program])));
    return verdicts;
  }

  #compare(run: Run, part: 'steps' | 'second', ours: Outcome, theirs: Outcome): Verdict {
    return compare(run.program, part, ours, theirs, specOf(this.#options.specs[run.program.spec]!));
  }

  /** The shortest program that differs alike, of smaller draws of the same spec and of this one with options left out. */
  async shrink(found: Found): Promise<Found> {
    const spec = this.#options.specs[found.spec]!;
    const draws = Array.from({ length: NUM_SMALLER }, (_, i) =>
      drawProgram(found.spec, spec, hash('small', i, found.case), i, true),
    );
    let best = (await this.#shortest(found, draws)) ?? found;
    best = (await this.#shortest(best, [upTo(best)])) ?? best;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const shorter = await this.#shortest(best, [...withoutOptions(best.program), ...withoutSteps(best.program)]);
      if (!shorter) break;
      best = shorter;
    }
    return best;
  }

  async #shortest(found: Found, candidates: readonly Program[]): Promise<Found | undefined> {
    const programs = candidates.filter(isClosed);
    if (programs.length === 0) return undefined;
    const verdicts = await this.judge(programs);
    const lengthOf = (program: Program): number => JSON.stringify({ ...program, id: 0 }).length;
    return programs
      .flatMap((program, i) => {
        const verdict = verdicts[i]!;
        const isAlike = verdict.kind === 'different' && verdict.what === found.verdict.what;
        return isAlike ? [{ ...found, verdict, program }] : [];
      })
      .filter(({ program }) => lengthOf(program) < lengthOf(found.program))
      .sort((one, other) => lengthOf(one.program) - lengthOf(other.program))[0];
  }
}

/** The program without what comes after the step that differs. */
function upTo({ program, verdict }: Found): Program {
  const cut = (part: 'steps' | 'second'): Program['steps'] => program[part].slice(0, verdict.step + 1);
  return verdict.part === 'second'
    ? { ...program, second: cut('second') }
    : { ...program, steps: cut('steps'), second: [] };
}

/** The program with one step less, for each step. */
function withoutSteps(program: Program): Program[] {
  return (['steps', 'second'] as const).flatMap((part) =>
    program[part].map((_, i) => ({
      ...program,
      id: 1000 + i + (part === 'second' ? 500 : 0),
      [part]: program[part].filter((_, j) => j !== i),
    })),
  );
}

/** Whether everything that is used has been made. */
function isClosed({ steps, second }: Program): boolean {
  const made = new Set<string>();
  const isMade = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return true;
    return 'var' in value ? made.has(String(value.var)) : Object.values(value).every(isMade);
  };
  return [...steps, ...second].every((step) => {
    const used = ['on', 'of', 'from'].flatMap(
      (key) => (step as unknown as Record<string, string | string[] | undefined>)[key] ?? [],
    );
    const isFine =
      used.every((name) => made.has(name)) && (step.kind !== 'call' || (isMade(step.args) && isMade(step.options)));
    if ('out' in step && step.out !== undefined) made.add(step.out);
    return isFine;
  });
}

/** The program with one option less, for each option. */
function withoutOptions(program: Program): Program[] {
  const options = new Set(
    [...program.steps, ...program.second].flatMap((step) => (step.kind === 'call' ? Object.keys(step.options) : [])),
  );
  const without = (step: Program['steps'][number], option: string): Program['steps'][number] => {
    if (step.kind !== 'call' || !(option in step.options)) return step;
    const { [option]: _, ...rest } = step.options;
    if (!step.python?.options) return { ...step, options: rest } satisfies CallStep;
    const { [option]: __, ...theirs } = step.python.options;
    return { ...step, options: rest, python: { ...step.python, options: theirs } } satisfies CallStep;
  };
  return [...options].map((option, i) => ({
    ...program,
    id: i,
    steps: program.steps.map((step) => without(step, option)),
    second: program.second.map((step) => without(step, option)),
  }));
}

/** What differs, and the two programs to run by hand. */
export function describeFound({ spec, case: number, verdict, program }: Found, seed: number): string {
  const indented = (text: string): string => text.replace(/^/gm, '    ');
  return [
    `${spec}, case ${number}: ${verdict.text}`,
    `  again with: node test/stress/parity.mjs --seed ${seed} --case ${number}`,
    indented(toTypeScript(program)),
    '',
    indented(toPythonText(program)),
  ].join('\n');
}
