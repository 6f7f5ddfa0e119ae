// The four phases in which a node can be.

/** Phases by name, as they stand in tensors of phases. Source: adaptiveneuralnetwork, Phase. */
export const Phase = { ACTIVE: 0, SLEEP: 1, INTERACTIVE: 2, INSPIRED: 3 } as const;

/** A phase as a number: a value of `Phase`. */
export type Phase = (typeof Phase)[keyof typeof Phase];
