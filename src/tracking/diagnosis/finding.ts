// What a rule has found out about a run: in a report, at the end of `sconce train`, and in what `sconce runs` shows.

/** How much a finding matters: worth knowing, worth a change, or a run that is lost as it is. */
export type Severity = 'note' | 'warning' | 'critical';

/** One thing that a rule has to say. Rules are pure functions from facts to a list of these. */
export interface Finding {
  /** The rule's name in kebab-case, as in 'slow-loader'. */
  readonly rule: string;
  readonly severity: Severity;
  /** What is the case, in a sentence without a full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

/** One line for people. */
export function describeFinding({ message, advice }: Finding): string {
  return advice === undefined ? message : `${message}; ${advice}`;
}
