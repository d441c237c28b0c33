/** What people do on the desk's page, by its HTTP, and what they are answered. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { ActionRef } from '../../src/core/card.ts';
import type { House } from '../support/house.ts';

export type Hands = ReturnType<typeof handsOn>;

export function handsOn(house: House) {
  let act = 0;
  async function send(path: 'say' | 'press' | 'form' | 'visit', person: string, what: object = {}): Promise<string> {
    const answer = await fetch(`${house.url}/desk/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-desk': '1' },
      body: JSON.stringify({ as: person, in: 'bot', act: randomUUID(), ...what }),
    });
    act += 1;
    const text = await answer.text();
    expect(answer.status, `${act}. ${path} by ${person}: ${text}`).toBe(200);
    return text;
  }
  const say = (person: string, text: string, files: object[] = []) => send('say', person, { text, files });
  const press = (person: string, action: ActionRef) => send('press', person, { action });
  const fillIn = (person: string, action: ActionRef, values: Record<string, string>) =>
    send('form', person, { action, values, files: {} });
  return {
    visit: (person: string) => send('visit', person),
    say,
    sayIn: (place: string, person: string, text: string) => send('say', person, { in: place, text, files: [] }),
    press,
    fillIn,
    ask: async (line: string, person = 'wang'): Promise<string> => numberIn(await say(person, line), 'SP'),
    async upload(person: string, name: string, text: string): Promise<object> {
      const answer = await fetch(`${house.url}/desk/upload?as=${person}&name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { 'x-desk': '1', 'content-type': 'application/pdf' },
        body: text,
      });
      return (await answer.json()) as object;
    },
  };
}

/** The first number of these letters that an answer names. */
export function numberIn(answer: string, letters: string): string {
  const number = new RegExp(`${letters}-\\d{4}-\\d{4}`).exec(answer)?.[0];
  expect(number, answer).toBeDefined();
  return number ?? '';
}
