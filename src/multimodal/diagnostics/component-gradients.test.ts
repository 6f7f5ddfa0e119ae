// Which component a parameter belongs to, and that its norms are logged, judged and found in a run's log.
import { expect, test } from 'vitest';
import type { Tensor } from '../../tensor/index.ts';
import { diagnose } from '../../tracking/diagnosis/diagnose.ts';
import { MetricsHistory } from '../../tracking/history/metrics-history.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import { KeptLog } from '../../trainer/testing/kept-log.ts';
import { ComponentGradients } from './component-gradients.ts';
import { componentOf } from './components.ts';
import { pairsLoader, pairTrainer, type TwoTowers } from './testing/two-towers.ts';

test('componentOf() finds components in either spelling, in their order, and else the module', () => {
  const names = {
    'vision_model.vision_projection.weight': 'vision_model',
    'module.visionProjection.0.bias': 'vision_projection',
    'fusionModule.attention.weight': 'fusion_module',
    'blocks.1.crossAttention.q': 'cross_attention',
    'textModel2.weight': 'text_model',
    'classifier.0.weight': 'classifier',
    temperature: 'temperature',
  };
  expect(Object.fromEntries(Object.keys(names).map((name) => [name, componentOf(name)]))).toEqual(names);
});

const normOf = (gradient: Tensor): number => Math.hypot(...Array.from(gradient.toTypedArray(), Number));

test('logs the mean norm of each component, and the greatest by the least', async () => {
  const seen: Record<string, number>[] = [];
  const spy: Callback = {
    name: 'spy',
    optimizerStepStart: ({ model }) => {
      const { vision_model, text_model } = model as TwoTowers;
      const mean = (tower: typeof vision_model): number => (normOf(tower.weight.grad!) + normOf(tower.bias!.grad!)) / 2;
      seen.push({ vision_model: mean(vision_model), text_model: mean(text_model) });
    },
  };
  const log = new KeptLog();
  const { trainer } = pairTrainer({ callbacks: [new ComponentGradients({ everySteps: 1 }), spy], loggers: [log] });
  await trainer.fit({ trainLoaders: [pairsLoader(8)] });
  expect(seen).toHaveLength(2);
  for (const component of ['vision_model', 'text_model'])
    expect(log.series(`gradients/${component}/avg_norm`).map(([, value]) => value)).toEqual(
      seen.map((each) => expect.closeTo(each[component]!, 5)),
    );
  const [{ vision_model, text_model }] = seen as [{ vision_model: number; text_model: number }];
  const ratio = Math.max(vision_model, text_model) / Math.min(vision_model, text_model);
  expect(log.series('gradients/imbalance')[0]![1]).toBeCloseTo(ratio, 3);
});

test('a component without gradients is told, while the run trains and in its log', async () => {
  const log = new KeptLog();
  const monitor = new ComponentGradients({ everySteps: 1 });
  const { trainer } = pairTrainer({
    callbacks: [monitor],
    loggers: [log],
    config: { hooks: { enableDiagnosis: false } },
    change: ({ vision, text }) => ({ vision: vision.mul(0).add(vision.detach()), text }),
  });
  await trainer.fit({ trainLoaders: [pairsLoader(8)] });
  expect(log.warnings).toEqual([
    expect.stringMatching(/^Gradients: vision_model has gradients that are zero all over;/),
  ]);
  const history = new MetricsHistory();
  for (const { step, values } of log.metrics) history.updateFromRecord(values, { step, epoch: 0 });
  const finding = diagnose(history).find(({ rule }) => rule === 'component-gradients');
  expect(finding).toMatchObject({
    severity: 'warning',
    message: 'Gradients of components are conspicuous: vision_model (ZeroGrad, 0)',
  });
});

test('refuses options that are wrong, and a GradientMonitor of the configuration beside it', () => {
  expect(() => new ComponentGradients({ everySteps: 0, groupBy: 'module' } as never)).toThrow(
    'Cannot make ComponentGradients: 2 problems',
  );
  expect(() =>
    pairTrainer({ callbacks: [new ComponentGradients()], config: { hooks: { enableGradientMonitor: true } } }),
  ).toThrow('hooks.enableGradientMonitor: expected false beside the callback GradientMonitor');
});
