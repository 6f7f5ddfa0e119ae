// Names of checkpoints: what a template makes, and that it is read back.
import { describe, expect, test } from 'vitest';
import { startClocks } from '../loop/clocks.ts';
import { CheckpointNames, DEFAULT_TEMPLATE, templateProblem } from './names.ts';

const clocks = { ...startClocks(), step: 12, epoch: 3, microStep: 50 };

describe('CheckpointNames', () => {
  test('have the epoch, the step, and inside a window the micro-step', () => {
    const names = new CheckpointNames();
    expect(names.nameOf(clocks, false)).toBe('epoch_003_step_000012.ckpt');
    expect(names.nameOf(clocks, true)).toBe('epoch_003_step_000012_micro_000050.ckpt');
    expect(names.nameOf({ ...clocks, step: 1234567, epoch: 1000 }, false)).toBe('epoch_1000_step_1234567.ckpt');
  });

  test('of any template are read back, and so are those of the default one', () => {
    const template = '{step}-of-run(1)-{epoch:2d}@{timestamp}.ckpt';
    const names = new CheckpointNames(template);
    const name = names.nameOf(clocks, true, { date: new Date(1_700_000_000_500) });
    expect(name).toBe('12-of-run(1)-03@1700000000_micro_000050.ckpt');
    expect(names.parse(name)).toEqual({ name, epoch: 3, step: 12, microStep: 50 });
    const old = new CheckpointNames().nameOf(clocks, false);
    expect(names.parse(old)).toEqual({ name: old, epoch: 3, step: 12 });
    expect(new CheckpointNames().parse(name)).toBeUndefined();
    for (const other of ['latest.ckpt', 'best.ckpt', `${old}.abandoned`, `x${old}`])
      expect(names.parse(other)).toBeUndefined();
  });

  test('have what was measured at the moment, under either spelling, and are read back', () => {
    const names = new CheckpointNames('epoch={epoch:02d}-val_bps_overall={val_bps_overall:.4f}-step={step}.ckpt');
    const nameOf = (values?: Record<string, number>): string => names.nameOf(clocks, false, values && { values });
    expect(nameOf({ val_bps_overall: 0.12345 })).toBe('epoch=03-val_bps_overall=0.1235-step=12.ckpt');
    expect(nameOf({ 'val/bps_overall': -2 })).toBe('epoch=03-val_bps_overall=-2.0000-step=12.ckpt');
    expect(nameOf()).toBe('epoch=03-val_bps_overall=unknown-step=12.ckpt');
    expect(names.parse(nameOf())).toMatchObject({ epoch: 3, step: 12 });
    expect(nameOf({ val_bps_overall: Number.POSITIVE_INFINITY })).toBe('epoch=03-val_bps_overall=nan-step=12.ckpt');
    for (const value of [0.5, -1e30, Number.NaN])
      expect(names.parse(nameOf({ val_bps_overall: value }))).toMatchObject({ epoch: 3, step: 12 });
  });

  test('tell what a killed save has left', () => {
    const names = new CheckpointNames();
    expect(names.isLeftover('.epoch_003_step_000012.ckpt.0123456789ab.tmp')).toBe(true);
    for (const other of ['.latest.ckpt.tmp', 'epoch_003_step_000012.ckpt', '.notes.0123456789ab.tmp'])
      expect(names.isLeftover(other)).toBe(false);
  });
});

describe('templateProblem()', () => {
  test('is nothing for a template whose names can be read back', () => {
    for (const fine of [DEFAULT_TEMPLATE, '{epoch}_{step}.ckpt', 'a{step:d}b{epoch:06d}-{timestamp}.ckpt'])
      expect(templateProblem(fine)).toBeUndefined();
  });

  test.each([
    ['epoch_{epoch}_{step}.pt', 'a name that ends in ".ckpt"'],
    ['{epoch}/{step}.ckpt', 'a file name without folders and without a dot in front'],
    ['.{epoch}_{step}.ckpt', 'a file name without folders and without a dot in front'],
    ['{epoch}.ckpt', '{step} once, by which the files are told apart and ordered'],
    ['{epoch}_{step}_{step}.ckpt', '{step} once, by which the files are told apart and ordered'],
    [
      '{epoch}_{step}_{loss}.ckpt',
      'placeholders like {epoch:03d}, {step:06d}, {timestamp} and {val_loss:.4f}, not {loss},',
    ],
    [
      '{epoch:.2f}_{step}.ckpt',
      'placeholders like {epoch:03d}, {step:06d}, {timestamp} and {val_loss:.4f}, not {epoch:.2f},',
    ],
    ['{epoch}_{step}}.ckpt', 'braces around placeholders only'],
    [
      '{epoch:3x}_{step}.ckpt',
      'placeholders like {epoch:03d}, {step:06d}, {timestamp} and {val_loss:.4f}, not {epoch:3x},',
    ],
    ['{epoch}{step}{loss:.2f}.ckpt', 'something that is no digit between two numbers'],
    [
      '{epoch}_{step}_{:.2f}.ckpt',
      'placeholders like {epoch:03d}, {step:06d}, {timestamp} and {val_loss:.4f}, not {:.2f},',
    ],
    ['{epoch}{step}.ckpt', 'something that is no digit between two numbers'],
    ['{epoch}0{step}.ckpt', 'something that is no digit between two numbers'],
  ])('says what is wrong with %s', (template, wanted) => {
    expect(templateProblem(template)).toBe(`expected ${wanted}, got "${template}"`);
    expect(() => new CheckpointNames(template)).toThrow(
      `Cannot name checkpoints: expected ${wanted}, got "${template}"`,
    );
  });
});
