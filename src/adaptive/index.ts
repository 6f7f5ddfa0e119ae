// The public names of `sconce/adaptive`: a network of nodes with energy, activity and phases, its older loop, and what is around it. Source: adaptiveneuralnetwork.

export {
  Callback,
  LoggingCallback,
  ProfilingCallback,
  Trainer,
} from '../trainer/index.ts';
export { Phase } from './model/phase.ts';
