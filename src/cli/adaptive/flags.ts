// The flags of `sconce adaptive train`, spelled as adaptiveneuralnetwork's train.py spells them, and the field of the workflow that each sets.

import type { Flag } from '../multidataset/flags.ts';

/** A flag, with the field that it sets. */
export interface WorkflowFlag extends Flag {
  /** As in `training.epochs`; absent for what is no field. */
  readonly paths?: readonly string[];
  readonly short?: string;
  /** Another name. */
  readonly alias?: string;
}

export const workflowFlags: readonly WorkflowFlag[] = [
  { name: 'config', short: 'c', kind: 'text', help: 'a workflow, in YAML or JSON' },
  {
    name: 'dataset',
    short: 'd',
    kind: 'text',
    paths: ['dataset.name'],
    help: 'a data set, with the defaults of all else',
  },
  { name: 'list-datasets', kind: 'switch', help: 'say which data sets there are' },
  { name: 'data-path', kind: 'text', paths: ['dataset.data_path'], help: 'where the data set lies' },
  { name: 'batch-size', kind: 'count', paths: ['dataset.batch_size'], help: 'samples of a training batch' },
  { name: 'num-workers', kind: 'index', paths: ['dataset.num_workers'], help: 'worker threads that make batches' },
  { name: 'model', kind: 'text', paths: ['model.name'], help: 'a model' },
  { name: 'hidden-dim', kind: 'count', paths: ['model.hidden_dim'], help: 'width of hidden states or layers' },
  { name: 'num-nodes', kind: 'count', paths: ['model.num_nodes'], help: 'nodes of the adaptive network' },
  { name: 'epochs', kind: 'count', paths: ['training.epochs'], help: 'epochs' },
  {
    ...{ name: 'learning-rate', alias: 'lr', kind: 'number', above: 0 },
    ...{ paths: ['optimizer.learning_rate'], help: 'learning rate' },
  },
  { name: 'weight-decay', kind: 'number', least: 0, paths: ['optimizer.weight_decay'], help: 'weight decay' },
  { name: 'device', kind: 'text', paths: ['training.device'], help: 'cpu or cuda' },
  {
    name: 'seed',
    kind: 'index',
    paths: ['training.seed', 'dataset.seed'],
    help: 'what all that is random follows from',
  },
  { name: 'use-amp', kind: 'switch', paths: ['training.use_amp'], help: 'mixed precision' },
  { name: 'checkpoint-dir', kind: 'text', paths: ['training.checkpoint_dir'], help: 'folder of checkpoints' },
  { name: 'log-dir', kind: 'text', paths: ['training.log_dir'], help: "folder of TensorBoard's files" },
  { name: 'verbose', short: 'v', kind: 'switch', paths: ['training.verbose'], help: 'a line for every few batches' },
  { name: 'output-dir', kind: 'text', paths: ['evaluation.output_dir'], help: 'folder of results' },
  { name: 'save-config', kind: 'text', help: 'write the whole workflow to this file, too' },
];
