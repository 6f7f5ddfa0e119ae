// Holds the written types of a configuration to its schema.
import { expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { configSchema } from './schema.ts';
import type { GenericTrainerConfig, ResolvedConfig } from './types.generated.ts';

/** The same keys with the same values, whatever alias or intersection they come from. */
type Plain<T> = T extends readonly (infer E)[] ? readonly E[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;

it('GenericTrainerConfig and ResolvedConfig are what the schema takes and gives', () => {
  expectTypeOf<Plain<GenericTrainerConfig>>().toEqualTypeOf<Plain<z.input<typeof configSchema>>>();
  expectTypeOf<Plain<ResolvedConfig>>().toEqualTypeOf<Plain<z.output<typeof configSchema>>>();
});
