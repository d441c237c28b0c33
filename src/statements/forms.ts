/** The forms around a statement: to draft one, and to edit, comment, send back, release, withdraw or check it. Pure. */
import { showDate } from '../core/calendar.ts';
import type { ActionRef, Block, Field, Form } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { isolate } from '../core/text.ts';
import type { CrisisBook } from '../crisis/book.ts';
import type { Crisis, CrisisWorld } from '../crisis/model.ts';
import { statementWords } from '../words/statements.ts';
import { MAX_LINES, MAX_TEXT, type Statement, shortHash } from './model.ts';
import { writeReleaseTime } from './release-time.ts';

export const ASKS = ['edit', 'comment', 'return', 'release', 'withdraw'] as const;
export type Ask = (typeof ASKS)[number];

/** No prepared text: the drafter writes their own. */
export const OWN = '-';

interface Drawn {
  language: Language;
  world: CrisisWorld;
  at: Date;
}

/** @param action carries the form's own id, so that it counts once however often it is sent */
export function askForm(ask: Ask, statement: Statement, action: ActionRef, drawn: Drawn): Form {
  const w = statementWords(drawn.language).forms;
  const titles: Record<Ask, string> = {
    edit: w.editTitle,
    comment: w.commentTitle,
    return: w.returnTitle,
    release: w.releaseTitle,
    withdraw: w.withdrawTitle,
  };
  const intros: Partial<Record<Ask, string>> = {
    edit: w.editIntro,
    return: w.returnIntro,
    release: w.releaseIntro(shortHash(statement.hash)),
  };
  const drill = statementWords(drawn.language).drillNote;
  const intro = [statement.drill ? drill : undefined, intros[ask]].flatMap((text) => (text ? [note(text)] : []));
  return formOf(titles[ask], intro, fieldsOf(ask, statement, drawn), action, drawn.language);
}

function fieldsOf(ask: Ask, statement: Statement, { language, world, at }: Drawn): Field[] {
  const w = statementWords(language).forms;
  switch (ask) {
    case 'edit':
      return [textField(statement.text, language)];
    case 'comment':
      return [
        { id: 'line', type: 'number', label: w.line, required: true },
        { id: 'comment', type: 'paragraph', label: w.comment, required: true, max: 500 },
      ];
    case 'return':
    case 'withdraw':
      return [{ id: 'reason', type: 'paragraph', label: w.reason, required: true, max: 1000 }];
    case 'release': {
      const value = writeReleaseTime(at, world.directory.company.timezone);
      return [
        { id: 'where', type: 'text', label: w.where, required: true, max: 500, hint: w.whereHint },
        { id: 'when', type: 'text', label: w.when, required: true, max: 40, value, hint: w.whenHint },
        { id: 'link', type: 'text', label: w.link, required: false, max: 500 },
      ];
    }
    default:
      return ask satisfies never;
  }
}

const note = (text: string): Block => ({ kind: 'note', text });

function textField(value: string, language: Language): Field {
  const w = statementWords(language).forms;
  const hint = w.textHint(MAX_TEXT, MAX_LINES);
  const field: Field = { id: 'text', type: 'paragraph', label: w.text, required: true, max: MAX_TEXT, hint };
  return value === '' ? field : { ...field, value };
}

function formOf(title: string, intro: Block[], fields: Field[], action: ActionRef, language: Language): Form {
  const w = statementWords(language).forms;
  return { title, intro, fields, submit: w.send, cancel: w.cancel, action };
}

// --- drafting ---

type Ready = CrisisBook['holding'][number];

/** What the handbook has ready for a crisis of this kind; what is for any kind fits everything. */
function readyFor(crisis: Pick<Crisis, 'kind'> | undefined, { crisis: book }: Pick<CrisisWorld, 'crisis'>): Ready[] {
  const fits = ({ kinds }: Ready) => kinds === undefined || (crisis !== undefined && kinds.includes(crisis.kind));
  return (book?.holding ?? []).filter(fits);
}

const SHOWN_START = 200;

/** @param corrected the released one that the new one puts right */
export function newForm(
  crisis: Crisis | undefined,
  corrected: Statement | undefined,
  action: ActionRef,
  { language, world }: Drawn,
): Form {
  const w = statementWords(language);
  const ready = corrected ? [] : readyFor(crisis, world);
  const { today } = world.directory;
  const usable = ready.filter((one) => one.expires >= today);
  const intro = [
    ...(crisis?.drill ? [w.drillNote] : []),
    corrected ? w.forms.correctIntro(corrected.number) : crisis ? w.forms.newIntro(crisis.number) : w.forms.newAlone,
    ...usable.map((one) => w.forms.preparedText(one.title[language], isolate(one.text.slice(0, SHOWN_START)))),
    ...ready
      .filter((one) => one.expires < today)
      .map((one) => w.forms.preparedExpired(one.title[language], showDate(one.expires, language))),
  ];
  const options = usable.map(({ id, title, expires }) => ({
    value: id,
    label: w.forms.preparedOption(title[language], showDate(expires, language)),
  }));
  const choice: Field = {
    id: 'prepared',
    type: 'choice',
    label: w.forms.prepared,
    required: false,
    options: [{ value: OWN, label: w.forms.own }, ...options],
    value: OWN,
  };
  const text = { ...textField(corrected?.text ?? '', language), required: options.length === 0 };
  const fields = options.length > 0 ? [choice, text] : [text];
  return formOf(w.forms.newTitle, intro.map(note), fields, action, language);
}

// --- checking ---

export function checkForm(action: ActionRef, language: Language): Form {
  const w = statementWords(language).forms;
  const field: Field = {
    id: 'text',
    type: 'paragraph',
    label: w.checkText,
    required: true,
    max: MAX_TEXT,
    hint: w.checkHint,
  };
  return formOf(w.checkTitle, [], [field], action, language);
}

/** The form once more, with what was filled in and what is wrong with it. */
export function withFaults(form: Form, values: Record<string, string>, faults: Record<string, string>): Form {
  const fields = form.fields.map((field): Field => {
    const value = values[field.id];
    const filled = value === undefined ? field : { ...field, value };
    const fault = faults[field.id];
    return fault === undefined ? filled : { ...filled, fault };
  });
  return { ...form, fields };
}
