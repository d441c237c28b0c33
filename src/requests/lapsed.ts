/**
 * Which notices have lapsed by the time they can be sent: after an outage nobody is chased for what is over, nor five times for
 * one thing. What merely tells what happened stays true. Pure.
 */
import type { JsonObject } from '../core/message.ts';
import type { Audience } from '../core/module.ts';
import { awaitsRatification, openStep, pendingOf, type Request } from './model.ts';

export function isLapsed(request: Request, about: string, data: JsonObject, to: Audience): boolean {
  switch (about) {
    case 'your-turn':
    case 'urged':
      return !isAwaited(request, to);
    case 'reminded':
      return !isAwaited(request, to) || Number(data.times) < (openStep(request)?.reminders ?? 0);
    case 'ratification-overdue':
      return !awaitsRatification(request) || Number(data.times) < (request.executed?.overdue ?? 0);
    default:
      return false;
  }
}

function isAwaited(request: Request, to: Audience): boolean {
  const step = openStep(request);
  return step !== undefined && 'person' in to && pendingOf(step).some(({ person }) => person === to.person);
}
