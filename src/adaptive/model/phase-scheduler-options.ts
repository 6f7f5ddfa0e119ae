// The options of a `PhaseScheduler`, with defaults and checks.

import { ConfigError } from '../../errors.ts';
import type { Device } from '../../tensor/device.ts';
import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import { DEFAULTS, type PhaseWeights, readFields } from '../config/fields.ts';

/** How phases are chosen. Source: adaptiveneuralnetwork, PhaseScheduler. */
export interface PhaseSchedulerOptions {
  /** N. */
  readonly numNodes: number;
  /** Default 'cpu'. */
  readonly device?: Device;
  /** Steps of one turn of the daily rhythm. Default 100. */
  readonly circadianPeriod?: number;
  /** What nodes that explore draw their phase by. Default active 0.6, interactive 0.25, sleep 0.1, inspired 0.05. */
  readonly phaseWeights?: PhaseWeights;
  /** Nodes with more anxiety than this want to sleep or to be in company. Default 5. */
  readonly anxietyThreshold?: number;
  /** How much need of rest a step of sleep takes away. Default 0.1. */
  readonly restorativeStrength?: number;
  /** Whether the rules draw. Default true. */
  readonly stochasticPolicy?: boolean;
  /** Weights are divided by it before their softmax. Default 1. */
  readonly policyTemperature?: number;
  /** Share of nodes that explore, from 0 to 1. Default 0.1. */
  readonly explorationRate?: number;
  /** Whether all samples share one row of phases, which each moves on in turn. Default false. */
  readonly aliasedPhases?: boolean;
  /** Decides everything that is drawn. Default 42. */
  readonly seed?: number;
}

const SHARED = [
  'numNodes',
  'device',
  'circadianPeriod',
  'phaseWeights',
  'stochasticPolicy',
  'aliasedPhases',
  'seed',
] as const;
const OWN = ['anxietyThreshold', 'restorativeStrength', 'policyTemperature', 'explorationRate'] as const;

/** Fills in defaults. @throws {ConfigError} that lists every option that is unknown or does not fit. */
export function readSchedulerOptions(options: PhaseSchedulerOptions): Required<PhaseSchedulerOptions> {
  const checks = new OptionChecks(options, [...SHARED, ...OWN]);
  const isAbove = (value: unknown, least: number): boolean => Number.isFinite(value) && (value as number) > least;
  if (checks.problems.length > 0) throw new ConfigError('make a PhaseScheduler', checks.problems);
  if (options.numNodes === undefined) checks.problems.push('numNodes: expected an integer above 0, got none');
  readFields(Object.fromEntries(SHARED.map((name) => [name, options[name]])), checks.problems);
  const { anxietyThreshold, restorativeStrength: strength, policyTemperature, explorationRate: rate } = options;
  checks.expect('anxietyThreshold', isAbove(anxietyThreshold, 0), 'a number above 0');
  checks.expect('restorativeStrength', strength === 0 || isAbove(strength, 0), 'a number of at least 0');
  checks.expect('policyTemperature', isAbove(policyTemperature, 0), 'a number above 0');
  checks.expect('explorationRate', rate === 0 || (isAbove(rate, 0) && rate! <= 1), 'a number from 0 to 1');
  checks.throwIfAny('a PhaseScheduler');
  const { device, circadianPeriod, phaseWeights, stochasticPolicy, aliasedPhases, seed } = DEFAULTS;
  const shared = { device, circadianPeriod, phaseWeights, stochasticPolicy, aliasedPhases, seed };
  const own = { anxietyThreshold: 5, restorativeStrength: 0.1, policyTemperature: 1, explorationRate: 0.1 };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...shared, ...own, ...(given as typeof options) };
}
