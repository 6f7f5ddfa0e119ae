// Views of batches that lie ready. A trainer's step frees its batch, and the loader itself should cost next to nothing here, nor in Lightning.

/** A new view of each tensor of a batch, on the same memory. */
export const viewsOf = (batch) => batch.map((column) => column.narrow(0, 0, column.size(0)));
