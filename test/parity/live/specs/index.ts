// Every spec of the live comparison, by the name that it is for; what comes after a comma tells several of one name apart.
import type { Specs } from '../draw.ts';
import { ACTIVATIONS } from './activation.ts';

export const SPECS: Specs = { ...ACTIVATIONS };
