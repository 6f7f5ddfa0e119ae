// Draws docs/images/schedules.png, the gallery of docs/schedules.md: node scripts/schedule-gallery.mjs, after a build.
import { writeFileSync } from 'node:fs';
import { nn, optim, zeros } from 'sconce';
import { plotSchedule, renderPng } from 'sconce/tracking';

const { schedules } = optim;
const COLUMNS = 3;
const WIDTH = 440;
const GAP = 12;

/** A new optimizer each time: making a schedule sets its learning rates. */
const sgd = (...rates) => {
  const groups = (rates.length > 0 ? rates : [0.1]).map((lr) => ({ params: [new nn.Parameter(zeros([1]))], lr }));
  return new optim.SGD(groups, { momentum: 0.9 });
};
/** The learning rates of an optimizer's first group, as a pure schedule. */
const played = (make, numSteps, metric) => {
  const [rates] = optim.traceScheduler(make(sgd()), numSteps, metric);
  return (step) => rates[step];
};

const panels = [
  ['StepLR, MultiStepLR', 100, {
    'StepLR, every 20': played((o) => new optim.StepLR(o, { stepSize: 20, gamma: 0.5 }), 100),
    'MultiStepLR, 40 and 80': played((o) => new optim.MultiStepLR(o, { milestones: [40, 80], gamma: 0.3 }), 100),
  }],
  ['ConstantLR, LinearLR', 40, {
    ConstantLR: played((o) => new optim.ConstantLR(o, { factor: 0.5, totalIters: 10 }), 40),
    LinearLR: played((o) => new optim.LinearLR(o, { startFactor: 0.1, totalIters: 20 }), 40),
  }],
  ['ExponentialLR, PolynomialLR, MultiplicativeLR', 100, {
    ExponentialLR: played((o) => new optim.ExponentialLR(o, { gamma: 0.96 }), 100),
    'PolynomialLR, power 1': played((o) => new optim.PolynomialLR(o, { totalIters: 80 }), 100),
    'power 2': played((o) => new optim.PolynomialLR(o, { totalIters: 80, power: 2 }), 100),
    MultiplicativeLR: played((o) => new optim.MultiplicativeLR(o, (step) => (step % 25 === 0 ? 0.7 : 0.999)), 100),
  }],
  ['CosineAnnealingLR', 120, {
    'tMax 60': played((o) => new optim.CosineAnnealingLR(o, { tMax: 60, etaMin: 0.01 }), 120),
    'tMax 120': played((o) => new optim.CosineAnnealingLR(o, { tMax: 120 }), 120),
  }],
  ['CosineAnnealingWarmRestarts', 150, {
    't0 30': played((o) => new optim.CosineAnnealingWarmRestarts(o, { t0: 30 }), 150),
    't0 20, tMult 2': played((o) => new optim.CosineAnnealingWarmRestarts(o, { t0: 20, tMult: 2, etaMin: 0.02 }), 150),
  }],
  ['CyclicLR', 120, Object.fromEntries(['triangular', 'triangular2', 'exp_range'].map((mode) => [
    mode, played((o) => new optim.CyclicLR(o, { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 20, mode, gamma: 0.98 }), 120),
  ]))],
  ['OneCycleLR', 100, {
    'two phases': played((o) => new optim.OneCycleLR(o, { maxLr: 0.1, totalSteps: 101 }), 100),
    'threePhase, linear': played((o) => new optim.OneCycleLR(o, { maxLr: 0.08, totalSteps: 101, threePhase: true, annealStrategy: 'linear' }), 100),
  }],
  ['ReduceLROnPlateau', 60, {
    'patience 5': played((o) => new optim.ReduceLROnPlateau(o, { patience: 5, factor: 0.5 }), 60, (step) => Math.max(1, 10 - step)),
  }],
  ['SequentialLR, ChainedScheduler', 100, {
    'LinearLR then CosineAnnealingLR': played((o) => new optim.SequentialLR(o, {
      schedulers: [new optim.LinearLR(o, { startFactor: 0.05, totalIters: 15 }), new optim.CosineAnnealingLR(o, { tMax: 85 })],
      milestones: [15],
    }), 100),
    'ConstantLR with ExponentialLR': played((o) => new optim.ChainedScheduler([
      new optim.ConstantLR(o, { factor: 0.4, totalIters: 20 }), new optim.ExponentialLR(o, { gamma: 0.98 }),
    ]), 100),
  }],
  ['SWALR', 60, {
    cos: played((o) => new optim.SWALR(o, { swaLr: 0.03, annealEpochs: 30 }), 60),
    linear: played((o) => new optim.SWALR(o, { swaLr: 0.05, annealEpochs: 30, annealStrategy: 'linear' }), 60),
  }],
  ['LinearWarmupCosineAnnealingLR', 120, {
    published: played((o) => new optim.LinearWarmupCosineAnnealingLR(o, { warmupEpochs: 15, maxEpochs: 80 }), 120),
    isClamped: played((o) => new optim.LinearWarmupCosineAnnealingLR(o, { warmupEpochs: 15, maxEpochs: 80, etaMin: 0.005, isClamped: true }), 120),
  }],
  ['LinearWarmupCosineAnnealingWarmRestartsLR', 120, {
    'restartPeriod 35': played((o) => new optim.LinearWarmupCosineAnnealingWarmRestartsLR(o, { warmupEpochs: 15, maxEpochs: 120, restartPeriod: 35 }), 120),
  }],
  ['warmupStableDecay', 100, Object.fromEntries(['linear', 'cosine', 'sqrt'].map((decay) => [
    decay, schedules.warmupStableDecay({ warmupSteps: 10, stableSteps: 50, decaySteps: 35, decay }),
  ])), 'factor'],
  ['inverseSqrt, noam', 200, {
    inverseSqrt: schedules.inverseSqrt({ warmupSteps: 25 }),
    'noam, times 80': schedules.noam({ modelSize: 512, warmupSteps: 50, factor: 80 }),
  }, 'factor'],
  ['layerwiseFactors with warmupCosine', 100, Object.fromEntries([3, 2, 1, 0].map((depth) => [
    `layer ${depth}`,
    schedules.scale(schedules.warmupCosine({ warmupSteps: 10, totalSteps: 100 }), schedules.layerwiseFactors({ numLayers: 4, decay: 0.7 })(depth)),
  ])), 'factor'],
]; // biome-ignore format: a table

const pictures = await Promise.all(
  panels.map(([title, numSteps, drawn, yLabel]) =>
    plotSchedule(drawn, { numSteps, title, ...(yLabel === undefined ? {} : { yLabel }) }),
  ),
);
const heightOf = (svg) => Number(/ height="([\d.]+)"/.exec(svg)[1]);
let top = GAP;
const placed = [];
for (let row = 0; row < pictures.length; row += COLUMNS) {
  const part = pictures.slice(row, row + COLUMNS);
  for (const [column, svg] of part.entries())
    placed.push(svg.replace('<svg ', `<svg x="${GAP + column * (WIDTH + GAP)}" y="${top}" `));
  top += Math.max(...part.map(heightOf)) + GAP;
}
const width = COLUMNS * (WIDTH + GAP) + GAP;
const page = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}"><rect width="${width}" height="${top}" fill="#ffffff"/>${placed.join('')}</svg>`;
const target = new URL('../docs/images/schedules.png', import.meta.url);
writeFileSync(target, await renderPng(page, { scale: 0.8 }));
