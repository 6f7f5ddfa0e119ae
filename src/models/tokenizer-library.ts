// Loads @huggingface/tokenizers on first use, and types the part of it that `PretrainedTokenizer` needs.
//
// The package's own declarations import each other without endings, which Node's resolution refuses. Its name is therefore kept from the compiler.

/** One object of the package's class. */
export interface TokenizerLike {
  encode(
    text: string,
    options: { text_pair: string | null; add_special_tokens: boolean; return_token_type_ids: true },
  ): { readonly ids: number[]; readonly tokens: string[]; readonly token_type_ids?: number[] };
  decode(
    ids: readonly number[],
    options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean },
  ): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  get_vocab(withAddedTokens: boolean): ReadonlyMap<string, number>;
}

interface TokenizerLibrary {
  /** @param file - tokenizer.json.  @param config - tokenizer_config.json. */
  readonly Tokenizer: new (
    file: object,
    config: object,
  ) => TokenizerLike;
}

const packageName: string = '@huggingface/tokenizers';

/** The class of the package. */
export async function tokenizerClass(): Promise<TokenizerLibrary['Tokenizer']> {
  const { Tokenizer } = (await import(packageName)) as TokenizerLibrary;
  return Tokenizer;
}
