import { describe, expect, it } from 'vitest';
import { exitCodeOf, StopWatch } from './stop-watch.ts';

/** Sends this process a signal; the native handler has counted it when this returns. */
const send = (signal: NodeJS.Signals): boolean => process.kill(process.pid, signal);

describe('StopWatch', () => {
  it('counts a signal natively, names it, and forgets it when it is opened again', () => {
    const watch = new StopWatch(['SIGUSR2', 'SIGHUP']);
    expect([watch.isRequested, watch.signal]).toEqual([false, undefined]);
    watch.open();
    expect([watch.isRequested, watch.signal]).toEqual([false, undefined]);
    send('SIGHUP');
    expect([watch.isRequested, watch.signal]).toEqual([true, 'SIGHUP']);
    watch.close();
    expect([watch.isRequested, watch.signal]).toEqual([false, undefined]);
    watch.open();
    expect(watch.isRequested).toBe(false);
    watch.close();
  });

  it('is told together with others that are open, each of which puts back only its own', async () => {
    const heard: string[] = [];
    const listener = (signal: string): void => void heard.push(signal);
    process.on('SIGUSR2', listener);
    const [first, second] = [new StopWatch(['SIGUSR2', 'SIGHUP']), new StopWatch(['SIGUSR2'])];
    first.open();
    second.open();
    first.close();
    send('SIGUSR2');
    expect([first.isRequested, second.signal]).toEqual([false, 'SIGUSR2']);
    const late = new StopWatch(['SIGHUP']);
    late.open();
    expect(late.isRequested).toBe(true); // the process was asked to stop
    late.close();
    second.close();
    second.close(); // changes nothing
    send('SIGUSR2');
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(heard).toEqual(['SIGUSR2']);
    process.off('SIGUSR2', listener);
  });
});

it('exitCodeOf() is what a shell makes of a signal', () => {
  expect(exitCodeOf('SIGTERM')).toBe(143);
  expect(exitCodeOf('SIGINT')).toBe(130);
});
