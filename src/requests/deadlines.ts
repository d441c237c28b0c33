/**
 * When a step that nobody answers is recalled, and when it goes up: each signer by their own working time. Several of
 * them are recalled when the first one's time has run, and nobody is passed over before their own has.
 */
import { addDuration, type Duration, type WorkHours } from '../core/calendar.ts';
import { hoursOf } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import type { Process } from '../processes/model.ts';
import { type Clocks, pendingOf, type StepState } from './model.ts';

export interface Deadline {
  /** whose working time decides */
  signer: string;
  from: Date;
  after: Duration;
  due: Date;
  hours: WorkHours;
}

/** Since when the step's time runs; steps from before this was noted run since they were opened. */
export function clocksOf(step: StepState): Clocks {
  const opened = step.openedAt ?? '';
  return step.clocks ?? { remind: opened, escalate: opened, ...(step.reminders > 0 ? { recalled: true } : {}) };
}

export function nextReminder(step: StepState, process: Process, directory: Directory): Deadline | undefined {
  const { remind, recalled } = clocksOf(step);
  const after = recalled ? process.remind?.every : process.remind?.after;
  return after && deadlines(step, after, remind, directory)[0];
}

export function nextEscalation(step: StepState, process: Process, directory: Directory): Deadline | undefined {
  const after = process.escalate?.after;
  return after && deadlines(step, after, clocksOf(step).escalate, directory).at(-1);
}

/** One for each who is waited for, the earliest first. */
function deadlines(step: StepState, after: Duration, since: string, directory: Directory): Deadline[] {
  const from = new Date(since);
  const all = pendingOf(step).map(({ person }): Deadline => {
    const hours = hoursOf(directory, person);
    return { signer: person, from, after, due: addDuration(from, after, hours), hours };
  });
  return all.sort((a, b) => a.due.getTime() - b.due.getTime());
}
