// Tests of the rule that decides where an iterator starts.
import { describe, expect, it } from 'vitest';
import { EpochCursor } from './cursor.ts';

const play = (cursor: EpochCursor, batches: number): void => {
  for (let i = 0; i < batches; i++) cursor.advance();
};

describe('EpochCursor', () => {
  it('goes to the next epoch after a complete one', () => {
    const cursor = new EpochCursor();
    expect(cursor.begin(3)).toEqual({ epoch: 0, position: 0 });
    play(cursor, 3);
    expect(cursor.place).toEqual({ epoch: 0, position: 3 });
    expect(cursor.begin(3)).toEqual({ epoch: 1, position: 0 });
  });

  it('starts an epoch that was left early from its beginning', () => {
    const cursor = new EpochCursor();
    cursor.begin(3);
    play(cursor, 2);
    expect(cursor.begin(3)).toEqual({ epoch: 0, position: 0 });
  });

  it('goes on from a loaded place, and setEpoch() of that epoch keeps it', () => {
    const cursor = new EpochCursor();
    cursor.load({ epoch: 4, position: 2 });
    cursor.setEpoch(4);
    expect(cursor.begin(3)).toEqual({ epoch: 4, position: 2 });
    play(cursor, 1);
    expect(cursor.begin(3)).toEqual({ epoch: 5, position: 0 });
  });

  it('plays nothing more of an epoch that was loaded at its end, then the next', () => {
    const cursor = new EpochCursor();
    cursor.load({ epoch: 4, position: 3 });
    expect(cursor.begin(3)).toEqual({ epoch: 4, position: 3 });
    expect(cursor.begin(3)).toEqual({ epoch: 5, position: 0 });
  });

  it('setEpoch() of another epoch drops a loaded place, and repeats an epoch that was played', () => {
    const cursor = new EpochCursor();
    cursor.load({ epoch: 4, position: 2 });
    cursor.setEpoch(5);
    expect(cursor.begin(3)).toEqual({ epoch: 5, position: 0 });
    play(cursor, 3);
    cursor.setEpoch(5);
    expect(cursor.begin(3)).toEqual({ epoch: 5, position: 0 });
  });

  it('refuses an epoch that is no count', () => {
    expect(() => new EpochCursor().setEpoch(-1)).toThrow(
      'Cannot set the epoch: expected an integer from 0 to 2^32 - 1, got -1',
    );
  });
});
