// The files of a `MultimodalTrainer`: how they are called, and that each is written by the trainer's `saveCheckpoint`, so that what a subclass adds is in all of them.

import { type CheckpointNaming, leftoverOf } from '../../trainer/checkpoint/names.ts';
import type { StoredCheckpoint } from '../../trainer/checkpoint/retention.ts';
import type { CheckpointStorage } from '../../trainer/checkpoint/storage/storage.ts';
import type { Clocks } from '../../trainer/loop/clocks.ts';

/** The best model, beside the files of epochs. */
export const BEST_MODEL = 'best_model.pt';

const NAME = /^checkpoint_epoch_(?<epoch>\d+)(?:_step_(?<step>\d+)(?:_micro_(?<micro>\d+))?)?\.pt$/;

/** `checkpoint_epoch_3.pt` at the end of the third epoch; inside the fourth `checkpoint_epoch_3_step_000120.pt`, inside an accumulation window with `_micro_000483` before the ending. */
export class EpochNames implements CheckpointNaming {
  nameOf({ epoch, step, microStep, batchInEpoch }: Readonly<Clocks>, isInsideWindow: boolean): string {
    const digits = (count: number): string => String(count).padStart(6, '0');
    const inside = batchInEpoch > 0 || epoch === 0 ? `_step_${digits(step)}` : '';
    return `checkpoint_epoch_${epoch}${inside}${isInsideWindow ? `_micro_${digits(microStep)}` : ''}.pt`;
  }

  parse(name: string): StoredCheckpoint | undefined {
    const { epoch, step, micro } = NAME.exec(name)?.groups ?? {};
    if (epoch === undefined) return undefined;
    return {
      ...{ name, epoch: Number(epoch) },
      ...(step === undefined ? {} : { step: Number(step) }),
      ...(micro === undefined ? {} : { microStep: Number(micro) }),
    };
  }

  isLeftover(name: string): boolean {
    const inner = leftoverOf(name);
    return inner !== undefined && (inner === BEST_MODEL || this.parse(inner) !== undefined);
  }
}

/** A storage whose files somebody else writes. */
export class WrittenElsewhere implements CheckpointStorage {
  readonly #storage: CheckpointStorage;
  readonly #write: (path: string, value: unknown) => Promise<void>;

  constructor(storage: CheckpointStorage, write: (path: string, value: unknown) => Promise<void>) {
    this.#storage = storage;
    this.#write = write;
  }

  get location(): string {
    return this.#storage.location;
  }

  pathOf(name: string): string {
    return this.#storage.pathOf(name);
  }

  prepare(isOurs: (temporaryName: string) => boolean): Promise<void> {
    return this.#storage.prepare(isOurs);
  }

  list(): Promise<string[]> {
    return this.#storage.list();
  }

  times(): Promise<Map<string, number>> {
    return this.#storage.times();
  }

  read(name: string): Promise<unknown> {
    return this.#storage.read(name);
  }

  write(name: string, value: unknown): Promise<void> {
    return this.#write(this.pathOf(name), value);
  }

  point(name: string, target: string): Promise<void> {
    return this.#storage.point(name, target);
  }

  target(name: string): Promise<string | undefined> {
    return this.#storage.target(name);
  }

  delete(name: string): Promise<void> {
    return this.#storage.delete(name);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#storage.rename(from, to);
  }
}
