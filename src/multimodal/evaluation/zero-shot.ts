// Classification without training for it: pictures by the prompts of classes that are nearest to them.
// Letters of shapes: N pictures, C classes, P prompts, D size of an embedding.

import { ConfigError, ShapeError } from '../../errors.ts';
import { checkOptions, type Rule, show } from '../../metrics/options.ts';
import { normalize } from '../../nn/functional/normalize.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { zeros } from '../../tensor/create.ts';
import { tensor } from '../../tensor/from-data.ts';
import { scope } from '../../tensor/scope.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** What `{}` of a template stands for. */
const PLACE = '{}';

const texts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string' && each !== '');

/** The prompts of all classes, those of a class beside each other: every template with `{}` replaced by the class's name.
 *  @param templates - default ['{}'].
 *  @throws {ConfigError} for templates without a place for the name.
 *  @example
 *  import { classPrompts } from 'sconce/multimodal';
 *  classPrompts(['cat', 'dog'], ['a {}', 'a photo of a {}']); // ['a cat', 'a photo of a cat', 'a dog', 'a photo of a dog'] */
export function classPrompts(classNames: readonly string[], templates: readonly string[] = [PLACE]): string[] {
  const problems: string[] = [];
  if (!texts(classNames)) problems.push(`classNames: expected a list of names, got ${show(classNames)}`);
  if (!texts(templates) || !templates.every((template) => template.includes(PLACE)))
    problems.push(`templates: expected a list of texts with "${PLACE}" for the name, got ${show(templates)}`);
  if (problems.length > 0) throw new ConfigError('make prompts', problems);
  return classNames.flatMap((name) => templates.map((template) => template.replaceAll(PLACE, name)));
}

const any: Rule = ['a value', () => true];

/** One embedding a class. Rule: the mean of its prompts' embeddings of length 1, brought to length 1 again. Gives no gradients.
 *  Shape: promptEmbeddings [P, D] -> [C, D].
 *  @param options.classes - the class of each prompt, [P]. Default: as many prompts for each class, beside each other, as `classPrompts` has them.
 *  @throws {ShapeError} for prompts that cannot be shared out.  @throws {RangeError} for a class without a prompt.
 *  Source: Radford et al. 2021, arXiv:2103.00020, section 3.1.4.
 *  @example
 *  import { classEmbeddings } from 'sconce/multimodal';
 *  classEmbeddings(tensor([[2, 0], [0, 1], [0, 3], [0, 5]]), { numClasses: 2 }); // tensor([[0.7071, 0.7071], [0.0000, 1.0000]]) */
export function classEmbeddings(
  promptEmbeddings: Tensor,
  options: { readonly numClasses: number; readonly classes?: readonly number[] },
): Tensor {
  checkOptions('make class embeddings', options, { numClasses: any, classes: any }, ['numClasses']);
  const { numClasses, classes } = options;
  if (promptEmbeddings.ndim !== 2)
    throw new ShapeError(
      `Cannot make class embeddings: expected embeddings of prompts [P, D], got [${promptEmbeddings.shape.join(', ')}]`,
    );
  const numPrompts = promptEmbeddings.size(0);
  const each = numPrompts / numClasses;
  if (classes ? classes.length !== numPrompts : !Number.isSafeInteger(each) || each === 0)
    throw new ShapeError(
      `Cannot make class embeddings: expected ${classes ? 'a class for each prompt' : `as many prompts for each of ${numClasses} classes`}, got ${numPrompts} prompts${classes ? ` and ${classes.length} classes` : ''}`,
    );
  const ofPrompt = classes ?? Array.from({ length: numPrompts }, (_, i) => Math.floor(i / each));
  const wrong = ofPrompt.find((index) => !Number.isSafeInteger(index) || index < 0 || index >= numClasses);
  if (wrong !== undefined)
    throw new RangeError(`Cannot make class embeddings: expected classes from 0 to ${numClasses - 1}, got ${wrong}`);
  const has = new Set(ofPrompt);
  const missing = Array.from({ length: numClasses }, (_, i) => i).find((index) => !has.has(index));
  if (missing !== undefined)
    throw new RangeError(
      `Cannot make class embeddings: expected a prompt for each class, got none for class ${missing}`,
    );
  return noGrad(() =>
    scope(() => {
      const { device } = promptEmbeddings;
      const units = normalize(promptEmbeddings.to('float32')); // [P, D]
      const index = tensor(BigInt64Array.from(ofPrompt, BigInt), { device });
      return normalize(zeros([numClasses, units.size(1)], { device }).indexAdd_(0, index, units)); // the sum points where the mean does
    }, 'zero-shot'),
  );
}

export interface ZeroShotInputs {
  /** [N, D] */
  readonly imageEmbeddings: Tensor;
  /** [C, D], as `classEmbeddings` makes them. */
  readonly classEmbeddings: Tensor;
  /** What cosines are divided by before the softmax, > 0. Default 0.01, as CLIP's. */
  readonly temperature?: number;
}

export interface ZeroShotOutput {
  /** Cosines, [N, C]. */
  readonly scores: Tensor;
  /** [N, C] */
  readonly probabilities: Tensor;
  /** The nearest class of each picture, [N] of int64. */
  readonly classes: Tensor;
}

const ZERO_SHOT_RULES: Readonly<Record<string, Rule>> = {
  imageEmbeddings: ['a tensor', (value) => value instanceof Tensor],
  classEmbeddings: ['a tensor', (value) => value instanceof Tensor],
  temperature: ['a number above 0', (value) => Number.isFinite(value) && (value as number) > 0],
};

/** Classifies pictures by the embeddings of classes. Rule: scores = cosines, probabilities = softmax(scores / temperature), classes = the highest. Gives no gradients; nothing waits for the device.
 *  @throws {ConfigError} that lists every input that is wrong.  @throws {ShapeError} for sides of different widths.
 *  Source: Radford et al. 2021, arXiv:2103.00020.
 *  @example
 *  import { zeroShotClassify } from 'sconce/multimodal';
 *  const [pictures, words] = [tensor([[3, 1], [1, 4]]), tensor([[1, 0], [0, 1]])];
 *  zeroShotClassify({ imageEmbeddings: pictures, classEmbeddings: words }).classes; // tensor([0, 1]) */
export function zeroShotClassify(inputs: ZeroShotInputs): ZeroShotOutput {
  checkOptions('classify', inputs, ZERO_SHOT_RULES, ['imageEmbeddings', 'classEmbeddings']);
  const { imageEmbeddings: images, classEmbeddings: prompts, temperature = 0.01 } = inputs;
  if (images.ndim !== 2 || prompts.ndim !== 2 || images.size(1) !== prompts.size(1))
    throw new ShapeError(
      `Cannot classify: expected embeddings [N, D] and [C, D], got [${images.shape.join(', ')}] and [${prompts.shape.join(', ')}]`,
    );
  return noGrad(() =>
    scope(() => {
      const scores = normalize(images.to('float32')).matmul(normalize(prompts.to('float32')).t()); // [N, C]
      return {
        scores,
        probabilities: scores.div(temperature).softmax(1),
        classes: scores.argmax({ dim: 1 }),
      };
    }, 'zero-shot'),
  );
}
