// A sort by 32-bit keys that carries places along.

/** The places 0 to count - 1 by ascending key, a 32-bit word from 0 on; places of one key in their order. Memory: 8 bytes a place more while it sorts. */
export function sortedPlaces(count: number, keyOf: (place: number) => number): Int32Array {
  // 64-bit words of key and place need no callback to sort.
  const keys = new BigUint64Array(count);
  const words = new Uint32Array(keys.buffer); // low words first: Node runs on little-endian machines
  for (let place = 0; place < count; place++) {
    words[place * 2] = place;
    words[place * 2 + 1] = keyOf(place);
  }
  keys.sort();
  const places = new Int32Array(count);
  for (let i = 0; i < count; i++) places[i] = words[i * 2]!;
  return places;
}
