// Interleaved rounds: every contender is measured once in each round, one after the other, so that all see the same machine.
import { median } from './statistics.mjs';

/** Asks every contender in every round. The order turns from round to round.
 *  @param contenders - { key, measure() -> a number, or the numbers of small pieces of which the median counts }.
 *  @returns one list of numbers a contender, by key, in the order of rounds. */
export async function playRounds(contenders, numRounds) {
  const results = Object.fromEntries(contenders.map(({ key }) => [key, []]));
  for (let round = 0; round < numRounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const { key, measure } = contenders[(round + turn) % contenders.length];
      const measured = await measure();
      results[key].push(Array.isArray(measured) ? median(measured) : measured);
    }
  }
  return results;
}
