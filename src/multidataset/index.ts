// The public names of `sconce/multidataset`: one core and a readout for each of many data sets. Source: VisionCore.

export { type Component, type ComponentConfig, type ComponentMaker, makeComponent } from './network/component.ts';
export { Modulator, Readout } from './network/parts.ts';
