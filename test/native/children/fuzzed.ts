// Makes the calls that once killed a process; prints for each how it ended, as JSON.
import { onesLike, scope } from '../../../src/index.ts';
import { getNative, wrap } from '../../../src/tensor/call.ts';
import { OPERATORS } from '../../../src/tensor/operators.generated.ts';
import { FOUND, type Found } from '../../fuzz/found.ts';
import { Maker } from '../../fuzz/specs.ts';

function play({ operator, args, hasBackward }: Found): string | undefined {
  const index = OPERATORS.findIndex((text) => text.startsWith(`${operator}(`));
  if (index < 0) throw new Error(`Cannot play ${operator}: expected an operator of the table`);
  try {
    scope(() => {
      const maker = new Maker();
      const values = args.map((spec, i) => maker.make(spec, 'addon', String(i)));
      const result = getNative().call(index, ...(values as number[]));
      if (!hasBackward) return;
      const root = wrap(Array.isArray(result) ? result[0]! : result);
      root.backward(onesLike(root));
      for (const tensor of maker.made.values()) tensor.grad?.toBytes();
    });
    return undefined;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

console.log(JSON.stringify(FOUND.map((found) => play(found) ?? null)));
