/** What a notice about a request says: one sentence, and where to act. Pure. */
import { showTime } from '../core/calendar.ts';
import type { Block, Card, Tone } from '../core/card.ts';
import { isolate } from '../core/text.ts';
import { fileWords } from '../words/files.ts';
import { ratifyWords } from '../words/ratify.ts';
import { answerWords } from '../words/request-answers.ts';
import { requestWords } from '../words/requests.ts';
import { amountText, headlineOf, nameOf, type Reading } from './cards.ts';
import { purposeOf } from './content.ts';
import { openStep, pendingOf } from './model.ts';

/** A notice: one sentence, and where to act. */
export function noticeCard(reading: Reading, about: string, data: Record<string, unknown>, actor: string): Card {
  const { language } = reading;
  const w = requestWords(language);
  const text = noticeText(reading, about, data, actor);
  const said =
    typeof data.reason === 'string'
      ? w.why.reason(isolate(data.reason))
      : typeof data.text === 'string'
        ? isolate(data.text)
        : '';
  const acting = ACTING.has(about);
  const blocks: Block[] = [{ kind: 'text', text }];
  if (said) blocks.push({ kind: 'quote', text: said });
  if (acting) blocks.push({ kind: 'note', text: answerWords(language).notices.open });
  return {
    headline: headlineOf(reading),
    tone: TONE_OF_NOTICE[about] ?? 'open',
    summary: said ? `${text} ${said}` : text,
    blocks,
  };
}

const ACTING: ReadonlySet<string> = new Set(['urged', 'reminded', 'your-turn', 'ratification-overdue']);

const TONE_OF_NOTICE: Record<string, Tone> = {
  approved: 'good',
  rejected: 'bad',
  returned: 'warn',
  withdrawn: 'muted',
  urged: 'warn',
  reminded: 'warn',
  escalated: 'warn',
  held: 'warn',
  'ratification-overdue': 'bad',
  'file-refused': 'bad',
};

function noticeText(reading: Reading, about: string, data: Record<string, unknown>, actor: string): string {
  const { request, process, directory, language } = reading;
  const w = requestWords(language);
  const { number } = request;
  const purpose = isolate(purposeOf(process, request.values));
  const r = ratifyWords(language).notices;
  // what is spent already is not approved any more, it is ratified
  const n = { ...answerWords(language).notices, ...(request.executed ? spentFirst(r) : {}) };
  const name = (id: unknown) => nameOf(directory, String(id ?? ''));
  const names = (ids: unknown) => w.names((Array.isArray(ids) ? ids : [ids]).map(name));
  switch (about) {
    case 'approved':
      return n.approved(number, purpose);
    case 'rejected':
      return n.rejected(number, purpose, name(actor));
    case 'returned':
      return n.returned(number, purpose, name(actor));
    case 'withdrawn':
      return n.withdrawn(number, purpose, name(actor));
    case 'commented':
      return n.commented(number, name(actor));
    case 'urged':
      return n.urged(number, purpose, name(actor));
    case 'your-turn':
      return data.why === 'resubmitted'
        ? n.resubmitted(number, purpose, nameOf(directory, request.requester))
        : n.yourTurn(number, purpose);
    case 'acts-now':
      return actsNow(n, number, data, name);
    case 'signer-added':
      return n.signerAdded(number, name(data.to));
    case 'reminded':
      return n.reminded(number, purpose, Number(data.times));
    case 'escalated':
      return n.escalated(number, names(data.to));
    case 'held':
    case 'released':
      return r[about](number, purpose, String(data.crisis));
    case 'ratification-overdue':
      return overdueText(reading, purpose, Number(data.times));
    case 'file-refused': {
      const f = fileWords(language);
      return f.refused(number, String(data.name), f.faults(String(data.why)));
    }
    default:
      throw new Error(`no sentence for the notice ${about}`);
  }
}

type RatifyNotices = ReturnType<typeof ratifyWords>['notices'];

function spentFirst({ approved, rejected, returned, yourTurn, resubmitted, reminded }: RatifyNotices) {
  return { approved, rejected, returned, yourTurn, resubmitted, reminded };
}

/** By whom it is awaited now; returned, by whoever spent it. */
function overdueText(reading: Reading, purpose: string, times: number): string {
  const { request, directory, language } = reading;
  const { number, executed, requester } = request;
  const step = openStep(request);
  const waiting = step ? pendingOf(step).map((signer) => signer.person) : [requester];
  const names = requestWords(language).names(waiting.map((id) => nameOf(directory, id)));
  const due = executed ? showTime(new Date(executed.due), directory.company.timezone, language) : '';
  return ratifyWords(language).notices.overdue(number, purpose, amountText(reading), due, times, names);
}

function actsNow(
  notices: ReturnType<typeof answerWords>['notices'],
  number: string,
  data: Record<string, unknown>,
  name: (id: unknown) => string,
): string {
  if (data.why === 'handed-over') return notices.handedOver(number, name(data.from), name(data.to));
  return data.why === 'back'
    ? notices.back(number, name(data.from), name(data.to))
    : notices.away(number, name(data.from), name(data.to));
}
