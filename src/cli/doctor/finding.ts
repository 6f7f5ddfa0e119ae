// What one check of `sconce doctor` gives.
export interface Finding {
  /** `missing` means that training cannot work; `note` is for what is merely good to know. */
  readonly state: 'ok' | 'missing' | 'note';
  readonly topic: string;
  readonly fact: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** A finding from an error's message: what is wrong, and behind the first semicolon the way out. */
export function findingOf(state: Finding['state'], topic: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const end = message.indexOf('; ');
  if (end < 0) return { state, topic, fact: message };
  return { state, topic, fact: message.slice(0, end), remedy: message.slice(end + 2) };
}
