// `ExperienceReplay`: samples of earlier tasks in every batch, from an episodic memory.

import type { BatchTransform } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { count, optionProblems, type Rule } from '../../metrics/options.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Pair } from '../data/loaders.ts';
import { EpisodicMemory } from './episodic-memory.ts';
import type { ContinualMethod, LearntTask } from './method.ts';

export interface ExperienceReplayOptions {
  /** Default: an `EpisodicMemory` of 200 samples. */
  readonly memory?: EpisodicMemory | undefined;
  /** Samples of the memory in each batch, beside its own. Default: as many as a batch has. */
  readonly replaySize?: number | undefined;
}

const rules: Readonly<Record<string, Rule>> = {
  memory: ['an EpisodicMemory', (value) => value instanceof EpisodicMemory],
  replaySize: count(),
};

/** Trains on each batch together with samples drawn from a memory of the tasks before; behind a task, its samples go by the memory. The loss is the mean over both.
 *
 *  What is drawn follows from the loader's seed, the epoch and the batch's place in it.
 *  @throws {ConfigError} for options that do not fit.
 *  Source: Chaudhry et al. 2019, On tiny episodic memories in continual learning, arXiv:1902.10486; adaptiveneuralnetwork, EpisodicMemory. */
export class ExperienceReplay implements ContinualMethod {
  readonly name: string = 'replay';
  readonly memory: EpisodicMemory;
  readonly #replaySize: number | undefined;

  constructor(options: ExperienceReplayOptions = {}) {
    const problems = optionProblems(options, rules);
    if (problems.length > 0) throw new ConfigError('make an ExperienceReplay', problems);
    this.memory = options.memory ?? new EpisodicMemory();
    this.#replaySize = options.replaySize;
  }

  transform({ batchSize }: { readonly batchSize: number }): BatchTransform<Pair, Pair> | undefined {
    if (this.memory.length === 0) return undefined;
    const size = this.#replaySize ?? batchSize;
    return ([inputs, classes], { seed }) => {
      const [oldInputs, oldClasses] = this.memory.sample(size, { seed });
      return [cat([inputs, oldInputs.to(inputs.device)]), cat([classes, oldClasses.to(classes.device)])];
    };
  }

  async taskEnd({ task }: LearntTask): Promise<void> {
    this.memory.add(task.train);
  }

  state(): Record<string, unknown> {
    return this.memory.stateDict();
  }

  loadState(state: Readonly<Record<string, unknown>>): void {
    this.memory.loadStateDict(state);
  }
}
