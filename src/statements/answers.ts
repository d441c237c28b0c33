/** What whoever acted on a statement is told: what happened, or what stood in the way and who can. Pure. */
import { showDate, showTime } from '../core/calendar.ts';
import type { Outcome } from '../core/handle.ts';
import type { Scene } from '../core/intake.ts';
import type { Command, Refusal } from '../core/message.ts';
import type { Called } from '../crisis/book.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { statementAnswerWords } from '../words/statement-answers.ts';
import { calledText, namesOf } from './cards.ts';
import type { Statement, StatementEvent } from './model.ts';

type S = Pick<Scene<CrisisWorld>, 'world' | 'language'>;

export function saidText(command: Command, outcome: Extract<Outcome, { kind: 'done' }>, scene: S): string {
  const { said } = statementAnswerWords(scene.language);
  const { number, version, drill } = outcome.after as Statement;
  const events = outcome.events as StatementEvent[];
  const voided = events.find((event) => event.type === 'clearances-voided');
  const also = voided ? said.voided(namesOf(voided.data.of, scene)) : '';
  switch (command.name.slice('statements.'.length)) {
    case 'draft':
      return said.drafted(number);
    case 'edit':
      return `${said.edited(number, version)}${also}`;
    case 'comment':
      return said.commented(number, Number(command.args.line));
    case 'ask':
    case 'clear':
      return whoIsNext(number, events, scene);
    case 'return':
      return `${said.returned(number)}${also}`;
    case 'release':
      return drill ? said.drillReleased(number) : said.released(number);
    case 'withdraw':
      return `${said.withdrawn(number)}${also}`;
    default:
      return said.shown(number);
  }
}

function whoIsNext(number: string, events: StatementEvent[], scene: S): string {
  const { said } = statementAnswerWords(scene.language);
  const last = events.at(-1);
  switch (last?.type) {
    case 'clearance-asked':
      return said.asked(number, namesOf(last.data.asked, scene));
    case 'clearance-given':
      return said.cleared(number, namesOf(last.data.asked, scene));
    case 'statement-cleared':
      return said.allCleared(number, namesOf(last.data.releasers, scene));
    default:
      return said.shown(number);
  }
}

export function refusalText({ code, facts }: Refusal, scene: S): string {
  const r = statementAnswerWords(scene.language).refusals;
  const number = String(facts.number ?? '');
  const who = () => namesOf(facts.who as string[], scene);
  switch (code) {
    case 'unknown-statement':
    case 'unknown-crisis':
    case 'not-team':
    case 'read-only':
    case 'withdrawn-already':
      return r[code](number);
    case 'own-text':
    case 'not-your-turn':
    case 'only-releaser':
      return r[code](who());
    case 'too-long':
    case 'too-many-lines':
      return r[code](Number(facts.max));
    case 'nobody-clears':
      return r[code](calledText(facts as Called, scene));
    case 'before-cleared': {
      const { timezone } = scene.world.directory.company;
      return r[code](showTime(new Date(String(facts.at)), timezone, scene.language));
    }
    case 'replaced-already':
      return r[code](String(facts.by));
    case 'prepared-expired':
      return r[code](String(facts[scene.language]), showDate(String(facts.expires), scene.language));
    case 'not-yours':
    case 'no-text':
    case 'same-text':
    case 'no-such-line':
    case 'too-many-comments':
    case 'asked-already':
    case 'not-asked':
    case 'all-cleared':
    case 'cleared-by-you':
    case 'not-cleared':
    case 'outgrown':
    case 'in-future':
    case 'not-released':
    case 'no-such-prepared':
    case 'stale':
    case 'unreadable':
      return r[code];
    default:
      return r.other;
  }
}
