// Every spec of the live comparison, by the name that it is for; what comes after a comma tells several of one name apart.
import type { Specs } from '../draw.ts';
import { ACTIVATIONS } from './activation.ts';
import { ATTENTIONS } from './attention.ts';
import { CONTAINERS } from './containers.ts';
import { CONVOLUTIONS } from './convolution.ts';
import { DROPOUTS } from './dropout.ts';
import { FUNCTIONS } from './functional.ts';
import { INITS } from './init.ts';
import { LINEARS } from './linear.ts';
import { LOSSES } from './loss.ts';
import { NORMS } from './norm.ts';
import { OPTIMIZER_SPECS } from './optimizer.ts';
import { PACKING } from './packing.ts';
import { POOLS } from './pool.ts';
import { RECURRENTS } from './recurrent.ts';
import { SCHEDULES } from './schedule.ts';
import { SHAPES } from './shape.ts';
import { UTILS } from './utils.ts';

export const SPECS: Specs = {
  ...ACTIVATIONS,
  ...LINEARS,
  ...CONVOLUTIONS,
  ...NORMS,
  ...POOLS,
  ...SHAPES,
  ...DROPOUTS,
  ...RECURRENTS,
  ...ATTENTIONS,
  ...LOSSES,
  ...FUNCTIONS,
  ...INITS,
  ...CONTAINERS,
  ...UTILS,
  ...PACKING,
  ...OPTIMIZER_SPECS,
  ...SCHEDULES,
};
