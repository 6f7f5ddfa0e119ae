// W&B's server over HTTP: GraphQL, a run's stream, and uploads; what it refuses as an error that says what follows.
import { DeliveryError, refusalOf } from '../delivery-error.ts';
import type { Operation } from './queries.ts';

/** Lines that are put into one of a run's files from a line on. */
export interface StreamedLines {
  readonly offset: number;
  readonly content: readonly string[];
}

/** A request to a run's stream; one without anything says that the run is alive. */
export interface StreamBody {
  readonly files?: Readonly<Record<string, StreamedLines>>;
  readonly uploaded?: readonly string[];
  readonly preempting?: boolean;
  readonly complete?: boolean;
  readonly exitcode?: number;
}

export class WandbApi {
  readonly #baseUrl: string;
  readonly #authorization: string;

  constructor(baseUrl: string, apiKey: string) {
    this.#baseUrl = baseUrl;
    this.#authorization = `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`;
  }

  /** @throws {DeliveryError} if the server refuses. @throws {Error} if it cannot be understood, which is tried again. */
  async graphql<T extends object>(
    { name, query }: Operation,
    variables: Readonly<Record<string, unknown>>,
    action: string,
    signal: AbortSignal,
  ): Promise<T> {
    const body = { query, variables, operationName: name };
    const answer = await this.#post('graphql', body, action, signal);
    const { data, errors } = answer as { data?: T | null; errors?: readonly { message?: string }[] };
    if (errors !== undefined && errors.length > 0) {
      const said = errors.map(({ message }) => message ?? 'an error without a message').join('; ');
      throw new DeliveryError(`Cannot ${action}: expected success, got "${said.slice(0, 300)}"`, { after: 'stop' });
    }
    if (typeof data !== 'object' || data === null)
      throw new Error(`Cannot ${action}: expected data in the answer of the server, got none`);
    return data;
  }

  /** @returns whether somebody asked in W&B for the run to stop. */
  async stream(path: string, body: StreamBody, signal: AbortSignal): Promise<boolean> {
    const answer = await this.#post(path, body, 'send values', signal);
    return (answer as { stopped?: unknown }).stopped === true;
  }

  /** Puts a file where the server said. @param headers - as in `Content-Type:text/plain`. */
  async upload(
    url: string,
    headers: readonly string[],
    content: Uint8Array<ArrayBuffer>,
    name: string,
    signal: AbortSignal,
  ): Promise<void> {
    const pairs = headers.map((header) => {
      const colon = header.indexOf(':');
      return [header.slice(0, colon), header.slice(colon + 1).trim()] as [string, string];
    });
    const response = await fetch(new URL(url, this.#baseUrl), { method: 'PUT', headers: pairs, body: content, signal });
    if (!response.ok) throw await refusalOf(response, `upload ${name}`);
    await response.arrayBuffer();
  }

  async #post(path: string, body: object, action: string, signal: AbortSignal): Promise<object> {
    const response = await fetch(`${this.#baseUrl}/${path}`, {
      method: 'POST',
      headers: { authorization: this.#authorization, 'content-type': 'application/json', 'user-agent': 'sconce' },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw await refusalOf(response, action);
    const text = await response.text();
    const answer = parse(text);
    if (typeof answer === 'object' && answer !== null) return answer;
    throw new Error(`Cannot ${action}: expected JSON from the server, got "${text.slice(0, 80)}"`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
