// The formats that `sconce convert` writes.

/** What a file may be turned into. */
export const targets = ['pytorch', 'lightning', 'sconce', 'safetensors'] as const;
export type Target = (typeof targets)[number];
