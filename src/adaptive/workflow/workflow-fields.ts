// The fields of a workflow, section by section.

type Values = Readonly<Record<string, unknown>>;

/** What is learnt from. */
export interface WorkflowDataset {
  /** 'mnist', 'fashion_mnist', 'digits', 'synthetic', 'csv', or one of adaptiveneuralnetwork's tables: 'annomi', 'mental_health', 'vr_driving', 'autvi', 'digakust'. Default 'mnist'. */
  readonly name: string;
  /** A folder of IDX files, or a CSV file or a folder with one. Default: where the data set lies by itself, as Debian's Fashion-MNIST does. */
  readonly dataPath?: string | undefined;
  /** Samples of a training batch. Default 64. */
  readonly batchSize: number;
  /** Worker threads that make training batches; at most as many as there are cores. Default 4. */
  readonly numWorkers: number;
  /** Whether every epoch has an order of its own. Default true. */
  readonly shuffle: boolean;
  /** Share of the samples that are trained on. The three add up to 1. Default 0.8. */
  readonly trainSplit: number;
  /** Share for validation; 0 for none. Default 0.1. */
  readonly valSplit: number;
  /** Share for the test at the end; 0 for none. Where a data set has test files of its own, these are the test, and training and validation share the others. Default 0.1. */
  readonly testSplit: number;
  /** Decides which sample goes where, the order of epochs and the draws of augmentation. Default 42. */
  readonly seed: number;
  /** Whether training pictures are changed as `augmentationParams` says. Default false. */
  readonly augmentation: boolean;
  /** Transforms by name with their options, in their order: `{ random_crop: { size: 28, padding: 2 } }`. */
  readonly augmentationParams: Values;
  /** What single data sets take beside: `target`, `text`, `inputs` of a table; `num_samples`, `noise` of 'synthetic'; `channels` of pictures. Not in adaptiveneuralnetwork. */
  readonly datasetParams: Values;
}

/** What learns. */
export interface WorkflowModel {
  /** 'adaptive', 'mlp', 'simple_cnn', 'layers' (a list or a file of layers in `modelParams`), or a model that configuration files can name, as 'resnet18'. Default 'adaptive'. */
  readonly name: string;
  /** Numbers of a sample; of pictures all their pixels. Default 784. */
  readonly inputDim: number;
  /** Width of a node's state, of the hidden layers, or of the last convolution. Default 128. */
  readonly hiddenDim: number;
  /** Classes. Default 10. */
  readonly outputDim: number;
  /** Of 'adaptive'. Default 64. */
  readonly numNodes: number;
  /** Share of the values that are zero in training: of the input of 'adaptive', behind each hidden layer of 'mlp', before the last layer of 'simple_cnn'. Default 0.1. */
  readonly dropout: number;
  /** Of 'mlp' and 'simple_cnn': a layer's name, as 'relu', 'gelu', 'tanh'. Default 'relu'. */
  readonly activation: string;
  /** More options: those of `AdaptiveConfig`; `num_layers` of 'mlp'; `channels` of 'simple_cnn'; `layers` or `file` of 'layers'; all options of another model. */
  readonly modelParams: Values;
}

/** How weights are moved. */
export interface WorkflowOptimizer {
  /** Any optimizer of docs/optimizers.md. Default 'adam'. */
  readonly name: string;
  /** Default 0.001. */
  readonly learningRate: number;
  /** Default 0.0001. */
  readonly weightDecay: number;
  /** Of those that have one. Default 0.9. */
  readonly momentum: number;
  /** Of those that have them. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Of those that have one. Default 1e-8. */
  readonly eps: number;
  /** Any schedule of docs/schedules.md; it moves at the end of epochs, unless `schedulerParams.interval` is 'step'. Default: none. */
  readonly scheduler?: string | undefined;
  /** The schedule's options: `T_max`, `eta_min`, `step_size`, `gamma`, … */
  readonly schedulerParams: Values;
}

/** How long, and what is kept of it. */
export interface WorkflowTraining {
  /** Default 10. */
  readonly epochs: number;
  /** The training is over after so many optimizer steps. Default: no limit. */
  readonly maxSteps?: number | undefined;
  /** Batches of one optimizer step. Default 1. */
  readonly gradientAccumulationSteps: number;
  /** Gradients are scaled down to this norm; 0 leaves them. Default 1. */
  readonly maxGradNorm: number;
  /** Mixed precision: operators run in bfloat16 where that is safe. Default false. */
  readonly useAmp: boolean;
  /** Checkpoints lie in a folder of it that is called by the run. Default 'checkpoints'. */
  readonly checkpointDir: string;
  /** Default 1. */
  readonly saveEveryNEpochs: number;
  /** Newest checkpoints that stay, beside the best. Default 3. */
  readonly keepLastNCheckpoints: number;
  /** Optimizer steps between two records. Default 10. */
  readonly logEveryNSteps: number;
  /** TensorBoard's files lie in a folder of it that is called by the run. Default 'logs'. */
  readonly logDir: string;
  /** Whether every `logEveryNSteps`-th batch is a line on standard output; without, progress is shown. Default false. */
  readonly verbose: boolean;
  /** 'cpu' or 'cuda'; where there is no GPU, 'cuda' is the CPU, which is said. Default 'cuda'. */
  readonly device: string;
  /** Decides initial weights, dropout and all other draws. Default 42. */
  readonly seed: number;
  /** Whether the training ends when `earlyStoppingMetric` gets no better. Default false. */
  readonly earlyStopping: boolean;
  /** Validations without improvement. Default 5. */
  readonly earlyStoppingPatience: number;
  /** Less is better of losses and errors, more of everything else. The best checkpoint goes by it, too. Default 'val_loss'. */
  readonly earlyStoppingMetric: string;
}

/** What is measured. */
export interface WorkflowEvaluation {
  /** 'loss', 'accuracy', 'precision', 'recall', 'f1' (means over classes), 'auroc', 'average_precision'. Default accuracy and loss. */
  readonly metrics: readonly string[];
  /** Samples of a batch in validation and test. Default 128. */
  readonly batchSize: number;
  /** Whether what the model gave for every sample of the test is written to `predictions.jsonl`. Default false. */
  readonly savePredictions: boolean;
  /** Results lie in a folder of it that is called by the run. Default 'outputs'. */
  readonly outputDir: string;
}

/** All sections. */
export interface WorkflowFields {
  readonly dataset: WorkflowDataset;
  readonly model: WorkflowModel;
  readonly optimizer: WorkflowOptimizer;
  readonly training: WorkflowTraining;
  readonly evaluation: WorkflowEvaluation;
}

/** What a workflow may be told; everything may be left out. Names may be written in snake_case. */
export type WorkflowOptions = { readonly [Section in keyof WorkflowFields]?: Partial<WorkflowFields[Section]> };
