// What is made of the places of best partners: recall, mean reciprocal rank, median rank, and what chance would reach.

import type { Ranking } from './places.ts';

/** The share of rows whose best partner is among the first k. */
export function recallAt({ places }: Ranking, k: number): number {
  return places.reduce((sum, place) => sum + Number(place < k), 0) / places.length;
}

/** The mean of 1 / rank; 0 counts for rows without a partner. */
export function meanReciprocalRank({ places }: Ranking): number {
  return places.reduce((sum, place) => sum + 1 / (place + 1), 0) / places.length;
}

/** From 1. */
export function medianRank({ places }: Ranking): number {
  const sorted = places.toSorted();
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2 + 1;
}

/** The recall of a random order: of N candidates with P partners among them 1 - C(N - P, k) / C(N, k), in the mean over rows. */
export function chanceAt({ partners, numCandidates }: Ranking, k: number): number {
  const rowsWith = new Map<number, number>();
  for (const count of partners) rowsWith.set(count, (rowsWith.get(count) ?? 0) + 1);
  let sum = 0;
  for (const [count, rows] of rowsWith) sum += rows * chanceOf(count, numCandidates, k);
  return sum / partners.length;
}

function chanceOf(partners: number, candidates: number, k: number): number {
  if (partners <= 1) return Math.min(1, (partners * k) / candidates);
  let missed = 1;
  for (let i = 0; i < k && missed > 0; i++) missed *= Math.max(0, candidates - partners - i) / (candidates - i);
  return 1 - missed;
}
