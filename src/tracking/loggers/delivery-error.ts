// Why a server did not take what was sent, and what is to be done about it.
import type { RequestResponse } from './web-types.ts';

/** What follows a delivery that failed: the same again later, the next one without it, or none any more. */
export type AfterFailure = 'retry' | 'skip' | 'stop';

/** A request that a server did not take. Anything else that is thrown while sending counts as `retry`. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly after: AfterFailure;
  /** How long the server asked to be left alone; undefined where it did not. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { after: AfterFailure; retryAfterMs?: number | undefined; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.after = options.after;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The error for a response that is none of success, with the first line of what the server said.
 *  Rule: 408, 425, 429 and 5xx are tried again, after as long as Retry-After says; 401, 403 and 404 stop (nobody is let in, or nothing is there: the
 *  next request would fail too); others leave this one out.
 *  @param action - as in 'create the run'.
 *  @param options.stopsAt - status codes that stop, where it is others. */
export async function refusalOf(
  response: RequestResponse,
  action: string,
  options: { readonly stopsAt?: readonly number[] } = {},
): Promise<DeliveryError> {
  const { status } = response;
  const text = (await response.text()).trim().split('\n', 1)[0]!.slice(0, 300);
  const isPassing = status >= 500 || [408, 425, 429].includes(status);
  const after = isPassing ? 'retry' : (options.stopsAt ?? [401, 403, 404]).includes(status) ? 'stop' : 'skip';
  const said = text === '' ? response.statusText : text;
  return new DeliveryError(`Cannot ${action}: expected success, got HTTP ${status}${said === '' ? '' : `: ${said}`}`, {
    after,
    retryAfterMs: isPassing ? parseRetryAfter(response.headers.get('retry-after'), Date.now()) : undefined,
  });
}

/** The wait that a Retry-After header asks for, in milliseconds: it has seconds or a date. Undefined where there is none or it is neither. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
