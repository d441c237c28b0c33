/**
 * Who can be chosen in a person field. A platform's own picker knows only those who have an account there; where somebody of the company
 * has none, the form offers a list instead, so that nobody is out of reach because of the platform on which one happens to be.
 */
import type { Field, Form } from '../core/card.ts';
import type { Platform, Reply } from '../core/chat.ts';
import { accountOn } from './lookup.ts';
import type { Directory } from './model.ts';

/** A longer list is no help to anybody: there the platform's picker, which can be searched, stays. */
const MOST_LISTED = 100;

export function offerPeople<R extends Reply | undefined>(reply: R, directory: Directory, platform: Platform): R {
  return reply?.kind === 'form' || reply?.kind === 'faults'
    ? { ...reply, form: withPeople(reply.form, directory, platform) }
    : reply;
}

function withPeople(form: Form, directory: Directory, platform: Platform): Form {
  const people = [...directory.people.values()].filter((person) => person.active);
  const there = (person: (typeof people)[number]) => accountOn(person, platform) !== undefined;
  // the picker shows an account that stands in it, the handbook's id means nothing to it
  const picked = (field: Field): Field => {
    if (field.type !== 'person' || field.value === undefined) return field;
    const named = directory.people.get(field.value);
    const account = named && accountOn(named, platform);
    return account === undefined ? field : { ...field, value: account };
  };
  if (people.every(there) || people.length > MOST_LISTED) return { ...form, fields: form.fields.map(picked) };
  const options = people.map(({ id, name, title }) => ({ value: id, label: title ? `${name} · ${title}` : name }));
  const offered = (field: Field): Field => (field.type === 'person' ? { ...field, type: 'choice', options } : field);
  return { ...form, fields: form.fields.map(offered) };
}
