// The machine that a pickle is a program for: a stack, marks in it, and a memo.
import { ByteReader } from './byte-reader.ts';
import type { CallContext } from './pickle-nodes.ts';
import { unreadable } from './problems.ts';
import { PyFloat, PyGlobal } from './values.ts';

export interface MachineOptions {
  /** What a persistent id stands for, as in `('storage', FloatStorage, '0', 'cpu', 6)`: mostly a StorageNode. */
  readonly persistentLoad: (id: unknown) => unknown;
  /** Give floats as PyFloat, so that 1.0 can be told from 1 and is written back as 1.0. Default: false. */
  readonly keepFloats?: boolean | undefined;
  /** Give all that JavaScript has no type for in classes of its own (those marked * in `values.ts`), PyFloat included. Default: false. */
  readonly keepTypes?: boolean | undefined;
  /** Let classes and functions that are not on the list, and what comes of them, be PyGlobal and PyObject values. Default: they are an error. */
  readonly allowsPlaceholders?: boolean | undefined;
}

/** What calls may allocate beyond what the pickle spells out. */
const minBudget = 1 << 20;
const budgetPerByte = 4;
/** Containers cost far more memory than the one byte that makes an empty one: Python's pickler spends at least three on each. */
const minContainers = 1 << 18;
const containersPerByte = 1 / 3;

/** State of a pickle that is being read. @throws {CheckpointError} from any method that the pickle's program has no right to call now. */
export class Machine implements CallContext {
  readonly reader: ByteReader;
  readonly #unknown = new Map<string, PyGlobal>();
  readonly #options: MachineOptions;
  readonly #stack: unknown[] = [];
  /** Heights of the stack; nothing below the last one may be popped. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  #budget: number;
  #containers: number;

  constructor(bytes: Uint8Array, options: MachineOptions) {
    this.reader = new ByteReader(bytes);
    this.#options = options;
    this.#budget = minBudget + budgetPerByte * bytes.length;
    this.#containers = minContainers + containersPerByte * bytes.length;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    this.#requireItem();
    return this.#stack.pop();
  }

  top(): unknown {
    this.#requireItem();
    return this.#stack.at(-1);
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** Removes and gives the last `count` values, in the order in which they were pushed. */
  popMany(count: number): unknown[] {
    const start = this.#stack.length - count;
    if (start < (this.#marks.at(-1) ?? 0)) throw tooShort();
    return this.#stack.splice(start);
  }

  /** Removes and gives what was pushed since the last mark. */
  popMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw unreadable('expected a mark on the stack of the pickle, got none');
    return this.#stack.splice(mark);
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoise(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) throw unreadable(`expected a value in place ${index} of the pickle's memo, got none`);
    this.push(this.#memo.get(index));
  }

  /** The value of the whole pickle, after its last opcode. */
  finish(): unknown {
    const root = this.pop();
    if (this.#stack.length > 0) throw unreadable('expected a pickle of one value, got several');
    const left = this.reader.length - this.reader.position;
    if (left > 0) throw unreadable(`expected the pickle to end with its value, got ${left} bytes more`);
    return root;
  }

  persistentLoad(id: unknown): unknown {
    return this.#options.persistentLoad(id);
  }

  get keepsTypes(): boolean {
    return this.#options.keepTypes === true;
  }

  float(value: number): unknown {
    return this.keepsTypes || this.#options.keepFloats === true ? new PyFloat(value) : value;
  }

  /** Pushes a list, tuple, dict or set. */
  pushContainer(container: object): void {
    this.spendContainer();
    this.push(container);
  }

  /** Counts what is about to be made as a container. */
  spendContainer(): void {
    if (--this.#containers < 0) throw makesMore();
  }

  /** Notes a class or function that is not on the list. @returns what stands for it. */
  unknownGlobal(module: string, name: string): PyGlobal {
    const home = module === '__builtin__' ? 'builtins' : module;
    const key = `${home}.${name}`;
    const known = this.#unknown.get(key) ?? new PyGlobal(home, name);
    this.#unknown.set(key, known);
    return known;
  }

  /** Names of classes and functions that are not on the list. */
  get unknown(): ReadonlySet<string> {
    return new Set(this.#unknown.keys());
  }

  spend(amount: number): void {
    this.#budget -= amount;
    if (this.#budget < 0) throw makesMore();
  }

  #requireItem(): void {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw tooShort();
  }
}

function makesMore(): Error {
  return unreadable('expected a pickle that makes about as much as it holds, got one that makes far more');
}

function tooShort(): Error {
  return unreadable('expected a value on the stack of the pickle, got none');
}
