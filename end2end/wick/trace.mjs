// Chromium's own trace of a page: what its main thread did, and what was shown.

import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { percentile } from './figures.mjs';

/**
 * Lets this process give way to the page: what it tidies up of its own memory takes all processors at
 * once. What it starts later gives way, too.
 */
export function giveWay() {
  for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), 10);
}

/**
 * What the page's main thread does during something. The categories of the trace are few: with that of
 * the developer tools' own tasks the browser looks at each node of the page in each frame.
 * @param {import('@playwright/test').Browser} browser
 * @param {import('@playwright/test').Page} page
 * @param {() => Promise<void>} something
 */
export async function traced(browser, page, something) {
  await browser.startTracing(page, { categories: ['-*', 'toplevel', 'devtools.timeline', 'devtools.timeline.frame'] });
  await something();
  /** @type {{ traceEvents: TraceEvent[] }} */
  const { traceEvents: events } = JSON.parse((await browser.stopTracing()).toString());
  const mains = events.filter((it) => it.name === 'thread_name' && it.args?.name === 'CrRendererMain');
  const threads = mains.map(({ pid, tid }) => ({ pid, tasks: tasksOf(events.filter((it) => it.pid === pid && it.tid === tid)) }));
  /** @param {{ tasks: Task[] }} thread */
  const busy = ({ tasks }) => tasks.reduce((sum, it) => sum + it.took, 0);
  // Other pages that wait to be needed do next to nothing.
  const [main] = threads.toSorted((a, b) => busy(b) - busy(a));
  if (!main || !busy(main)) throw new Error('The trace knows no page');
  return {
    n_frames: events.filter((it) => it.name === 'AnimationFrame::Presentation' && it.pid === main.pid).length,
    longest: Math.max(...main.tasks.map((it) => it.took)),
    computed: Math.max(...main.tasks.map((it) => it.computed)),
    p99: percentile(main.tasks.map((it) => it.took), 0.99),
  };
}

/**
 * The tasks of a thread, each with what it promised to do at its end.
 * @param {TraceEvent[]} events Of this thread.
 */
function tasksOf(events) {
  /** @type {Task[]} */
  const tasks = [];
  let began = 0;
  let ended = 0;
  for (const { name, ts, dur = 0, tdur = 0 } of events.toSorted((a, b) => a.ts - b.ts)) {
    const isWithin = ts < ended;
    const last = tasks.at(-1);
    if (name === 'ThreadControllerImpl::RunTask' && !isWithin) {
      tasks.push({ took: dur / 1000, computed: tdur / 1000 });
      [began, ended] = [ts, ts + dur];
    } else if (name === 'BlinkScheduler_PerformMicrotaskCheckpoint' && !isWithin && last) {
      ended = ts + dur;
      last.took = (ended - began) / 1000;
      last.computed += tdur / 1000;
    }
  }
  return tasks;
}

/**
 * How long a task took, and how long of that it had a processor, in milliseconds.
 * @typedef {{ took: number, computed: number }} Task
 */

/**
 * An event of Chromium's trace; times are in microseconds, `tdur` is that of a processor.
 * @typedef {{ name: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number, args?: { name?: string } }} TraceEvent
 */
