// What becomes of tensors that share memory in formats that cannot say so.

/** What happens to tensors that share memory, which safetensors cannot say. */
export type SharedTensors = 'error' | 'once' | 'copy';
export const sharedTensorsChoices: readonly string[] = ['error', 'once', 'copy'] satisfies readonly SharedTensors[];
