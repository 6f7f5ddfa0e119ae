// Makes the parts of a network of its configuration, handing channels from one to the next.

import { ConfigError } from '../../errors.ts';
import type { Module, UnaryModule } from '../../nn/index.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { activationByName } from './activation-by-name.ts';
import { createAdapter } from './adapters/create-adapter.ts';
import type { ComponentConfig } from './component.ts';
import { createConvnet } from './convnets/create-convnet.ts';
import { withoutFormer } from './former-settings.ts';
import { createFrontend } from './frontends/create-frontend.ts';
import { makePart, type NetworkMakers, type PartSource } from './makers.ts';
import type { NetworkConfig } from './model-config.ts';
import type { ModularNetworkParts } from './modular-network.ts';
import { createModulator } from './modulators/create-modulator.ts';
import type { Readout } from './parts.ts';
import { createReadout } from './readouts/create-readout.ts';
import { createSpikeHistory } from './readouts/spike-history.ts';
import { createRecurrent } from './recurrent/create-recurrent.ts';

/** What a network is told of a data set. */
export interface NetworkDataset {
  readonly name: string;
  readonly nUnits: number;
  readonly adapter: ComponentConfig | undefined;
  readonly readout: ComponentConfig | undefined;
  /** All that its file says. */
  readonly datasetConfig: object;
}

/** A part of the network with the channels of what it gives. */
interface Made {
  readonly module: Module | undefined;
  readonly outChannels: number;
}

/** Channels that parts are checked with behind a part that could not be made: many things divide them. */
const ANY_CHANNELS = 48;

/** Makes parts, and collects what is wrong with them. */
class Workshop {
  readonly problems: string[];

  constructor(problems: string[]) {
    this.problems = problems;
  }

  /** @param owner - the data set whose file names the part. @returns undefined where there are problems. */
  attempt<T>(make: () => T, owner?: string): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.problems.push(...error.problems.map((problem) => (owner === undefined ? problem : `${owner}: ${problem}`)));
      return undefined;
    }
  }

  /** A part that hands channels on. */
  part<Context, M extends Made>(place: string, source: PartSource<Context, M>, owner?: string): Made {
    const made: Made = this.attempt(() => makePart(place, source), owner) ?? NOT_MADE;
    if (Number.isSafeInteger(made.outChannels) && made.outChannels > 0) return made;
    this.problems.push(`${place}: expected a maker that gives { module, outChannels }, got ${describeValue(made)}`);
    return NOT_MADE;
  }
}

const NOT_MADE: Made = { module: undefined, outChannels: ANY_CHANNELS };

/** The parts, in the order in which VisionCore draws their weights.
 *  @param problems - gets what is wrong with them; then undefined is returned. */
export function buildParts(
  config: NetworkConfig,
  datasets: readonly NetworkDataset[],
  makers: NetworkMakers,
  problems: string[],
): ModularNetworkParts | undefined {
  const workshop = new Workshop(problems);
  const inputChannels = config.initialInputChannels;
  const adapters = datasets.map(({ name, adapter, datasetConfig }) => {
    const context = { inChannels: inputChannels, datasetConfig };
    const source = { config: adapter ?? config.adapter, makers: makers.adapter, context, create: createAdapter };
    return workshop.part('adapter', source, adapter && name);
  });
  const core = buildCore(config, makers, workshop);
  const readouts = datasets.map((dataset) => buildReadout(dataset, { config, makers, workshop, core }));
  const { historyEncoder, height, width } = config;
  const spikeHistory =
    historyEncoder &&
    datasets.map(({ nUnits }) => workshop.attempt(() => createSpikeHistory(historyEncoder, { nUnits })));
  const activation = workshop.attempt(() => activationByName(config.outputActivation, 'output_activation'));
  if (problems.length > 0) return undefined;
  return {
    names: datasets.map(({ name }) => name),
    adapters: adapters.map(({ module }) => module as UnaryModule),
    ...(core.parts as Pick<ModularNetworkParts, 'frontend' | 'convnet' | 'modulator' | 'recurrent'>),
    readouts: readouts as Readout[],
    activation,
    baseline: config.baseline,
    spikeHistory: spikeHistory as UnaryModule[] | undefined,
    inputChannels,
    stimSize: [height, width],
  };
}

interface Core {
  readonly parts: Readonly<Record<'frontend' | 'convnet' | 'modulator' | 'recurrent', Module | undefined>>;
  readonly outChannels: number;
}

/** What all data sets share. */
function buildCore(config: NetworkConfig, makers: NetworkMakers, workshop: Workshop): Core {
  const frontend = workshop.part('frontend', {
    config: config.frontend,
    makers: makers.frontend,
    context: { inChannels: config.initialInputChannels, samplingRate: config.samplingRate },
    create: createFrontend,
  });
  const convnet = workshop.part('convnet', {
    config: config.convnet,
    makers: makers.convnet,
    context: { inChannels: frontend.outChannels },
    create: createConvnet,
  });
  const modulator = workshop.part<{ readonly featureDim: number }, Made>('modulator', {
    config: config.modulator,
    makers: makers.modulator,
    context: { featureDim: convnet.outChannels },
    create: (given, context) => createModulator(withoutFormer(given), context),
  });
  const recurrent = workshop.part('recurrent', {
    config: config.recurrent,
    makers: makers.recurrent,
    context: { inputDim: modulator.outChannels },
    create: createRecurrent,
  });
  const parts = {
    frontend: frontend.module,
    convnet: convnet.module,
    modulator: modulator.module,
    recurrent: recurrent.module,
  };
  return { parts, outChannels: recurrent.outChannels };
}

function buildReadout(
  { name, nUnits, readout, datasetConfig }: NetworkDataset,
  { config, makers, workshop, core }: { config: NetworkConfig; makers: NetworkMakers; workshop: Workshop; core: Core },
): Readout | undefined {
  const source: PartSource<{ inChannels: number; nUnits: number; datasetConfig: object }, Readout> = {
    config: readout ?? config.readout,
    makers: makers.readout,
    context: { inChannels: core.outChannels, nUnits, datasetConfig },
    create: createReadout,
  };
  return workshop.attempt(() => makePart('readout', source), readout && name);
}
