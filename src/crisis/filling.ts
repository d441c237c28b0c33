/** What was filled into a form of a crisis, as a command's arguments; or what is wrong with it, by field. Pure. */
import { LocalDate, localDate } from '../core/calendar.ts';
import type { ActionRef } from '../core/card.ts';
import type { JsonObject } from '../core/message.ts';
import { cleanLine, cleanParagraph } from '../core/text.ts';
import { personByAccount, personByName } from '../directory/lookup.ts';
import { crisisFormWords } from '../words/crisis-forms.ts';
import { GRADES } from './book.ts';
import type { S } from './choosing.ts';
import type { Ask } from './forms.ts';
import { AFTERCARE, PARTIES, SEATS } from './model.ts';
import { zoneOf } from './reading.ts';
import { readWhenField } from './when.ts';

type Values = Record<string, string>;
type Filled = { args: JsonObject } | { faults: Values };

/** A picker gives an account, the desk an id; people also type names. */
export function personIn(text: string, { world, inbound }: S): string | undefined {
  const known = personByAccount(world.directory, inbound.platform, text) ?? world.directory.people.get(text);
  if (known) return known.active ? known.id : undefined;
  const named = personByName(world.directory, text, inbound.platform).filter((one) => one.active);
  return named.length === 1 ? named[0]?.id : undefined;
}

/** One field after another: what is right goes into `args`, what is wrong is said at its field. */
class Reader {
  readonly args: JsonObject = {};
  readonly faults: Values = {};
  private readonly values: Values;
  private readonly scene: S;

  constructor(values: Values, scene: S) {
    this.values = values;
    this.scene = scene;
  }

  private get say() {
    return crisisFormWords(this.scene.language).faults;
  }

  text(id: string, max = 1000): this {
    const text = cleanParagraph(this.values[id] ?? '', max);
    if (text === '') this.faults[id] = this.say.empty;
    this.args[id] = text;
    return this;
  }

  maybe(id: string, max = 1000): this {
    this.args[id] = cleanParagraph(this.values[id] ?? '', max);
    return this;
  }

  line(id: string, max = 200): this {
    const line = cleanLine(this.values[id] ?? '', max);
    if (line === '') this.faults[id] = this.say.empty;
    this.args[id] = line;
    return this;
  }

  choice(id: string, of: readonly string[], fault = this.say.choice): this {
    const value = this.values[id] ?? '';
    if (!of.includes(value)) this.faults[id] = fault;
    this.args[id] = value;
    return this;
  }

  person(id: string): this {
    const given = (this.values[id] ?? '').trim();
    const person = given === '' ? undefined : personIn(given, this.scene);
    if (person === undefined) this.faults[id] = given === '' ? this.say.noPerson : this.say.person;
    this.args[id] = person ?? '';
    return this;
  }

  when(id: string, as: string): this {
    const text = cleanLine(this.values[id] ?? '', 60);
    if (text === '') return this;
    const read = readWhenField(text, this.scene.at, zoneOf(this.scene));
    if ('fault' in read) this.faults[id] = this.say[read.fault];
    else this.args[as] = read.at;
    return this;
  }

  dayAhead(id: string): this {
    const day = LocalDate.safeParse(this.values[id] ?? '');
    if (!day.success) this.faults[id] = this.say.date;
    else if (day.data < localDate(this.scene.at, zoneOf(this.scene))) this.faults[id] = this.say.past;
    this.args[id] = day.data ?? '';
    return this;
  }

  give(args: JsonObject): this {
    Object.assign(this.args, args);
    return this;
  }

  get filled(): Filled {
    return Object.keys(this.faults).length > 0 ? { faults: this.faults } : { args: this.args };
  }
}

export function filledRaise(values: Values, scene: S, drill: { id: string; kind: string } | undefined): Filled {
  const kinds = scene.world.crisis?.kinds.map((kind) => kind.id) ?? [];
  const reader = new Reader(values, scene).text('text');
  if (drill) return reader.give({ kind: drill.kind, affected: '', drill: drill.id }).filled;
  const affected = cleanLine(values.affected ?? '', 200);
  return reader.choice('kind', kinds, crisisFormWords(scene.language).faults.kind).give({ affected }).filled;
}

export function filledIn(ask: Ask, values: Values, action: ActionRef, scene: S): Filled {
  const reader = new Reader(values, scene);
  const kinds = scene.world.crisis?.kinds.map((kind) => kind.id) ?? [];
  const { with: given = {} } = action;
  switch (ask) {
    case 'fact':
      return reader.text('text').when('when', 'happenedAt').filled;
    case 'grade': {
      const seen = given.seen === undefined ? {} : { seen: given.seen };
      const affected = cleanLine(values.affected ?? '', 200);
      return reader
        .choice('grade', GRADES)
        .text('reason')
        .choice('kind', kinds)
        .give({ affected, ...seen }).filled;
    }
    case 'add':
      return reader.person('person').filled;
    case 'give-seat':
      return reader.choice('seat', SEATS).person('to').filled;
    case 'task':
      return reader.text('text').person('owner').filled;
    case 'contact':
      return reader.choice('party', PARTIES).line('whom').text('text').when('when', 'at').filled;
    case 'update':
      return reader.text('known').maybe('said').maybe('next').filled;
    case 'resume':
      return reader
        .choice('verdict', ['go', 'no-go'])
        .text('reason')
        .give({ go: values.verdict === 'go' }).filled;
    case 'stand-down':
      return reader.choice('how', ['controlled', 'false-alarm']).text('reason').filled;
    case 'aftercare':
      return reader.choice('kind', AFTERCARE).text('text').person('owner').dayAhead('due').filled;
    case 'clear':
      return given.person
        ? reader.text('reason').give({ person: given.person }).filled
        : reader.person('person').text('reason').filled;
    default:
      return ask satisfies never;
  }
}
