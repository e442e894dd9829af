import { describe, expect, it } from 'vitest';
import { createProgressEstimate } from './progress-estimate.ts';

describe('createProgressEstimate', () => {
  it('says a rate after three seconds, not before', () => {
    const estimate = createProgressEstimate();
    const total = 1_000;
    expect(estimate.add({ done: 16, total }, 0).secondsLeft).toBeNull();
    expect(estimate.add({ done: 32, total }, 1_000).perSecond).toBeNull();
    expect(estimate.add({ done: 64, total }, 3_000)).toEqual({
      done: 64,
      total,
      perSecond: 16,
      secondsLeft: 59,
    });
  });

  it('does not count what was stored before', () => {
    const estimate = createProgressEstimate();
    const total = 2_000;
    estimate.add({ done: 256, total }, 0);
    estimate.add({ done: 1_024, total }, 40);
    expect(estimate.add({ done: 1_040, total }, 1_040).perSecond).toBeNull();
    expect(estimate.add({ done: 1_072, total }, 3_040).perSecond).toBe(16);
  });

  it('follows a machine that slows down', () => {
    const estimate = createProgressEstimate();
    const total = 10_000;
    for (let second = 0; second <= 20; second++)
      estimate.add({ done: second * 30, total }, second * 1e3);
    let last = estimate.add({ done: 610, total }, 21_000);
    for (let second = 22; second <= 40; second++) {
      last = estimate.add({ done: 610 + (second - 21) * 10, total }, second * 1e3);
    }
    expect(last.perSecond).toBe(10);
  });

  it('never goes back when the insert starts again', () => {
    const estimate = createProgressEstimate();
    estimate.add({ done: 500, total: 1_000 }, 0);
    estimate.pause();
    expect(estimate.add({ done: 256, total: 1_000 }, 60_000).done).toBe(500);
  });
});
