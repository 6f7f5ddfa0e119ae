// What summary.json holds of a profile, checked when it is read. Apart from its types, which readers of our declarations see.

import { z } from 'zod';

const partSchema = z.object({ name: z.string(), ms: z.number(), count: z.number() });
const loaderSchema = z.object({
  name: z.string(),
  numBatches: z.number(),
  parts: z.array(partSchema),
  longestWaitMs: z.number(),
  numWorkers: z.number().optional(),
});
export const runProfileSchema = z.object({
  totalMs: z.number(),
  numBatches: z.number(),
  numSteps: z.number(),
  device: z.string(),
  parts: z.array(partSchema),
  loaders: z.array(loaderSchema),
  callbacks: z.array(z.object({ name: z.string(), ms: z.number() })),
  stepOperators: z.number(),
  stepReads: z.number(),
  readPlace: z.string().optional(),
  quickForwardMs: z.number().optional(),
  operatorMs: z.number().optional(),
  numSaves: z.number(),
  saveWaitMs: z.number(),
  savesInBackground: z.boolean(),
  machine: z.object({ threads: z.number(), cores: z.number(), busyCores: z.number(), load: z.number() }),
});
