// `DiagnosisCallback`: says while a run trains what its metrics say about how it goes.

import { DIAGNOSIS_RULES, diagnose } from '../../tracking/diagnosis/diagnose.ts';
import { describeFinding, type Finding } from '../../tracking/diagnosis/finding.ts';
import type { Rule } from '../../tracking/diagnosis/run-view.ts';
import { MetricsHistory } from '../../tracking/history/metrics-history.ts';
import { OptionChecks } from '../callbacks/option-checks.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';

export interface DiagnosisCallbackOptions {
  /** What is looked for. Default: all rules of `sconce/tracking`. */
  readonly rules?: readonly Rule[];
  /** Whether notes are told too, as of a loss that has not fallen for two epochs. Default false. */
  readonly tellsNotes?: boolean;
  /** Whether nothing is told where nobody logs. Default false. */
  readonly onlyWhereLogged?: boolean;
  /** Its name among the callbacks. Default 'DiagnosisCallback'. */
  readonly name?: string;
}

const OPTIONS = ['rules', 'tellsNotes', 'onlyWhereLogged', 'name'] as const;

/** Log points that rules look at: of each metric at most so many stay. */
const MAX_POINTS = 400;

/** Looks at a run's metrics at the end of each epoch and of the fit, and tells each finding once, as a `warning` that is in the log and on the progress bar. What an earlier process of the run
 *  has found is not told again. Costs well below a millisecond an epoch. A configuration adds it unless `hooks.enableDiagnosis` is false.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: multimodal_insight_engine, MetricsCollector.diagnose_training_issues and MetricsTracker.check_for_issues.
 *  @example
 *  import { DiagnosisCallback } from 'sconce/trainer';
 *  new DiagnosisCallback({ tellsNotes: true }).findings; // [] */
export class DiagnosisCallback implements Callback {
  readonly name: string;
  readonly #options: DiagnosisCallbackOptions;
  readonly #said = new Set<string>();
  #history = new MetricsHistory({ maxPerSeries: MAX_POINTS });
  #findings: readonly Finding[] = [];

  constructor(options: DiagnosisCallbackOptions = {}) {
    const { rules } = options;
    new OptionChecks(options, OPTIONS)
      .expect('rules', Array.isArray(rules) && rules.every((rule) => typeof rule === 'function'), 'a list of functions')
      .flag('tellsNotes', 'onlyWhereLogged')
      .text('name')
      .throwIfAny('DiagnosisCallback');
    this.name = options.name ?? 'DiagnosisCallback';
    this.#options = options;
  }

  /** What was found at the last look, notes included, the worst first. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  fitStart({ history }: LoopContext): void {
    this.#history = new MetricsHistory({ maxPerSeries: MAX_POINTS });
    this.#said.clear();
    for (const record of history) this.#addEpoch(record);
    if (history.length > 0) for (const finding of this.#look()) this.#said.add(keyOf(finding));
  }

  logged({ clocks }: LoopContext, values: Readonly<Record<string, number>>): void {
    this.#history.updateFromRecord(values, clocks);
  }

  epochEnd(context: LoopContext): void {
    const record = context.history.at(-1);
    if (record) this.#addEpoch(record);
    this.#tell(context);
  }

  fitEnd(context: LoopContext): void {
    this.#tell(context);
  }

  #addEpoch({ epoch, ...values }: LoopContext['history'][number]): void {
    for (const name in values) this.#history.update({ [`epoch_summary/${name}`]: values[name] }, '', { epoch });
  }

  #look(): readonly Finding[] {
    this.#findings = diagnose(this.#history, this.#options.rules ?? DIAGNOSIS_RULES);
    return this.#findings;
  }

  #tell({ logger, warn }: LoopContext): void {
    const { onlyWhereLogged = false, tellsNotes = false } = this.#options;
    if (onlyWhereLogged && logger.isEmpty) return;
    for (const finding of this.#look()) {
      if ((finding.severity === 'note' && !tellsNotes) || this.#said.has(keyOf(finding))) continue;
      this.#said.add(keyOf(finding));
      warn(`Diagnosis: ${describeFinding(finding)}`);
    }
  }
}

/** The same finding with other numbers is not news; one that became critical is. */
const keyOf = ({ rule, severity }: Finding): string => `${rule} ${severity}`;
