// Further rules: a run that never began to learn, gradients that explode or vanish, guesses, and a best value that lies far back.
import { formatNumber } from '../number-format.ts';
import type { Finding } from './finding.ts';
import { median, type Rule } from './run-view.ts';

/** Five epochs or more, or twenty log points of a shorter run, and the best loss is within 1 % of the first. */
export const lossFlat: Rule = (run) => {
  const byEpochs = run.epochs('train/loss');
  const isLong = byEpochs.length >= 5;
  const losses = isLong ? byEpochs : run.points('train/loss').values;
  const first = losses[0];
  if (first === undefined || !(first > 0) || losses.length < (isLong ? 5 : 20)) return undefined;
  if (!losses.every((loss) => Math.abs(loss - first) <= 0.01 * first)) return undefined;
  return {
    rule: 'loss-flat',
    severity: 'critical',
    message: `The training loss has not moved from the start: it is ${formatNumber(first)}, within 1 %`,
    advice:
      'look at whether parameters are trained (requiresGrad, freeze, the optimizer), whether the loss reaches them, and whether the learning rate is too low',
  };
};

/** Of the gradients' joint norm: what is usual, and how it is now. Undefined before there are so many values. */
function gradientNorms(run: Parameters<Rule>[0]): { usual: number; now: number } | undefined {
  const norms = run.points('gradients/grad_norm').values.filter(Number.isFinite);
  if (norms.length < 6) return undefined;
  return { usual: median(norms.slice(0, -3)), now: median(norms.slice(-3)) };
}

/** The joint norm of the gradients is above 100, and 20 times what it was. */
export const gradientsExploding: Rule = (run) => {
  const norms = gradientNorms(run);
  if (!norms || !(norms.now > 100 && norms.now > 20 * norms.usual)) return undefined;
  return {
    rule: 'gradients-exploding',
    severity: 'warning',
    message: `Gradients are exploding: their joint norm is ${formatNumber(norms.now)}, it was ${formatNumber(norms.usual)}`,
    advice: 'clip them (performance.clipGradNorm), or lower the learning rate',
  };
};

/** The joint norm of the gradients is below 1e-7, or below 1e-4 and a thousandth of what it was while the loss is not. */
export const gradientsVanishing: Rule = (run) => {
  const norms = gradientNorms(run);
  if (!norms) return undefined;
  const losses = run.points('train/loss').values;
  const hasFallen = losses.length > 1 && losses.at(-1)! < losses[0]! / 100;
  const isSmall = norms.now < 1e-7 || (norms.now < 1e-4 && norms.now < norms.usual / 1000);
  if (!isSmall || hasFallen) return undefined;
  return {
    rule: 'gradients-vanishing',
    severity: 'warning',
    message: `Gradients have vanished: their joint norm is ${formatNumber(norms.now)}, it was ${formatNumber(norms.usual)}`,
    advice:
      'look for dead activations and saturated outputs; normalisation, residual connections or another initialisation help',
  };
};

/** Three epochs or more: loss and accuracy are those of guessing among as many classes as both say. */
export const accuracyAtChance: Rule = (run) => {
  for (const phase of ['val', 'train']) {
    const losses = run.epochs(`${phase}/loss`);
    const accuracy = run.epochs(`${phase}/accuracy`).at(-1);
    const loss = losses.at(-1);
    if (losses.length < 3 || accuracy === undefined || loss === undefined) continue;
    const numClasses = Math.round(Math.exp(loss));
    const isGuess = numClasses >= 2 && Math.abs(loss - Math.log(numClasses)) < 0.02 * Math.log(numClasses);
    if (!isGuess || !(Math.abs(accuracy - 1 / numClasses) <= 0.2 / numClasses)) continue;
    return {
      rule: 'accuracy-at-chance',
      severity: 'critical',
      message: `The model guesses: a ${phase === 'val' ? 'validation' : 'training'} accuracy of ${formatNumber(accuracy)} and a loss of ${formatNumber(loss)} are those of chance among ${numClasses} classes`,
      advice:
        'look at whether labels belong to their inputs, at the learning rate, and at how the inputs are normalised',
    };
  }
  return undefined;
};

/** Ten epochs or more: the best validation accuracy or loss lies in the first half of them, and the last one is worse by a tenth. */
export const bestLongAgo: Rule = (run) => {
  for (const [name, sign] of [
    ['val/loss', 1],
    ['val/accuracy', -1],
  ] as const) {
    const values = run.epochs(name);
    if (values.length < 10) continue;
    const best = values.reduce((best, value, i) => (sign * value < sign * values[best]! ? i : best), 0);
    const [at, last] = [values[best]!, values.at(-1)!];
    if (best >= values.length / 2 || !(sign * (last - at) > 0.1 * Math.abs(at))) continue;
    return {
      rule: 'best-long-ago',
      severity: 'warning',
      message: `${name} was best in epoch ${best + 1} of ${values.length}, at ${formatNumber(at)}; now it is ${formatNumber(last)}`,
      advice: 'use the best checkpoint, and a shorter training or more regularisation next time',
    } satisfies Finding;
  }
  return undefined;
};

export const FURTHER_RULES: readonly Rule[] = [
  lossFlat,
  gradientsExploding,
  gradientsVanishing,
  accuracyAtChance,
  bestLongAgo,
];
