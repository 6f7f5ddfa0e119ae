// `ComponentGradients`: norms of gradients by the parts of a model of two modalities, and what they say about each other.

import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import { GradientMonitor } from '../../trainer/monitors/gradient-monitor.ts';
import { componentOf } from './components.ts';

export interface ComponentGradientsOptions {
  /** Optimizer steps between two looks. Default 50. */
  readonly everySteps?: number;
  /** Whether what is wrong is told as a warning, each finding once. Default true. */
  readonly warn?: boolean;
  /** Its name among the callbacks. Default 'ComponentGradients'. */
  readonly name?: string;
}

const OPTIONS = ['everySteps', 'warn', 'name'] as const;

/** A `GradientMonitor` whose groups are the components `vision_model`, `text_model`, `fusion_module`, `vision_projection`, `text_projection` and `cross_attention` (see {@link componentOf}; what is in none of them
 *  goes by its module). It logs what a `GradientMonitor` logs: `gradients/{component}/avg_norm`, the mean of the norms of the component's parameters, `gradients/{component}/grad_norm`, their
 *  joint norm, `gradients/imbalance`, the greatest of the means by the least, and so on. A look waits for the device once.
 *
 *  Components are judged by their mean norm: NaN (critical), ZeroGrad (a warning), VerySmall (below 1e-5) and VeryLarge (above 5); an imbalance above 100 is a note, above 1000 a warning. The rules
 *  `component-gradients` and `gradient-imbalance` of the diagnosis say the same of a run's log, whose pictures show the components over time.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: multimodal_insight_engine, TrainingLoop.
 *  @example
 *  import { ComponentGradients } from 'sconce/multimodal';
 *  new ComponentGradients({ everySteps: 20 }).name; // 'ComponentGradients' */
export class ComponentGradients extends GradientMonitor {
  constructor(options: ComponentGradientsOptions = {}) {
    new OptionChecks(options, OPTIONS).count('everySteps').flag('warn').text('name').throwIfAny('ComponentGradients');
    const { everySteps = 50, warn = true, name = 'ComponentGradients' } = options;
    super({ everySteps, warn, name, groupBy: componentOf });
  }
}
