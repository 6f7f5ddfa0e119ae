// The public names of `sconce/multidataset`: one core and a readout for each of many data sets. Source: VisionCore.

export { type Component, type ComponentConfig, type ComponentMaker, makeComponent } from './network/component.ts';
export { Modulator, Readout } from './network/parts.ts';
export { Regularization } from './regularizers/regularization.ts';
export type { PenaltyType, ProximalType, RegularizerSpec } from './regularizers/regularizer-spec.ts';
export { createRegularizers, type Regularizer, type Regularizers } from './regularizers/regularizers.ts';
export type { RegularizerSchedule } from './regularizers/schedule.ts';
export { effectiveStepSize } from './regularizers/step-size.ts';
