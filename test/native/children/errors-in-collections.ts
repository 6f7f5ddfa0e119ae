// Throws errors through the addon whose messages Node makes while the young generation is full of tensors that died. Run with --allow-natives-syntax.
import { liveTensors, ones } from '../../../src/index.ts';
import { getNative } from '../../../src/tensor/call.ts';

/** The next allocation collects. */
const fillYoungGeneration = new Function('%SimulateNewspaceFull()') as () => void;
const rounds = 50;
const native = getNative();
const x = ones([4]);

// The addon passes on what its factory throws: the last JavaScript to run before Node throws the addon's error.
native.setErrorFactory((_kind, message) => {
  try {
    throw new Error(message);
  } finally {
    native.isLive(1);
    fillYoungGeneration();
  }
});

// From a turn of the event loop, where Node makes a message for every error.
setImmediate(() => {
  let numThrown = 0;
  let mostLive = 0;
  for (let i = 0; i < rounds; i++) {
    for (let j = 0; j < 100; j++) x.add(1);
    try {
      native.keep(12345);
    } catch {
      numThrown += 1;
    }
    x.add(1);
    mostLive = Math.max(mostLive, liveTensors());
  }
  console.log(JSON.stringify({ numThrown, mostLive }));
});
