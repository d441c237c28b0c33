/**
 * Who had to sign and who did, written from the handbook's words and from what happened alone: never from the rules that made it happen.
 */
import { expect } from 'vitest';
import type { RequestEvent, Signer } from '../../src/requests/model.ts';

/** One place of a step: whose it is now, and who was asked beside them because they were silent. */
interface Place {
  /** who was asked first */
  of: string;
  holders: Set<string>;
  /** everybody who was ever asked for it, or stood in for */
  ever: Set<string>;
  filled: boolean;
}

/** as the record names them */
const placesIn = (signer: Signer): string[] => signer.places ?? [signer.person];

function place(of: string, signers: Signer[], before: Iterable<string>, filled: boolean): Place {
  const holders = signers.map((one) => one.person);
  const own = signers.flatMap((one) => one.standsInFor ?? []);
  return { of, holders: new Set(holders), ever: new Set([of, ...before, ...holders, ...own]), filled };
}

export class Clerk {
  submission = 0;
  need = new Map<string, 'any' | 'all'>();
  applies = new Set<string>();
  places = new Map<string, Place[]>();
  done = new Set<string>();
  open: string | undefined;
  signed: { step: string; by: string }[] = [];

  hear(event: RequestEvent, by: string): void {
    switch (event.type) {
      case 'request-submitted':
      case 'request-resubmitted':
        this.submission = event.data.submission;
        this.signed = [];
        this.done = new Set();
        this.places = new Map();
        this.open = undefined;
        this.need = new Map(event.data.steps.map((step) => [step.id, step.need]));
        this.applies = new Set(event.data.steps.filter((step) => step.applies).map((step) => step.id));
        return;
      case 'step-opened':
      case 'step-covered':
        this.opens(event.data.step, event.data.signers, event.type === 'step-covered');
        return;
      case 'signature-given':
      case 'step-approved':
        this.signs(event.data.step, event.data.signer, by);
        if (event.type === 'step-approved') this.settles(event.data.step);
        return;
      case 'step-handed-over':
        this.moves(event.data.step, event.data.from, event.data.signer);
        return;
      case 'step-reassigned':
        for (const { from, to } of event.data.moved) this.moves(event.data.step, from, to);
        return;
      case 'step-escalated':
        for (const signer of event.data.signers) this.escalates(event.data.step, signer);
        return;
      case 'ratification-overdue':
        for (const signer of event.data.signers) this.escalates(event.data.step ?? '', signer);
        return;
      case 'signer-added':
        this.need.set(event.data.added.id, 'any');
        this.applies.add(event.data.added.id);
        return;
      case 'request-withdrawn':
        this.open = undefined;
        return;
      case 'step-rejected':
      case 'step-returned':
        expect(by).toBe(event.data.signer);
        expect(this.waiting()).toContain(by);
        this.open = undefined;
        return;
      case 'request-approved':
        // every step that applies has its signatures; nothing is approved by default
        expect([...this.applies].filter((step) => !this.done.has(step))).toEqual([]);
        expect(this.signed.length).toBeGreaterThan(0);
        return;
      default:
        return;
    }
  }

  opens(step: string, signers: Signer[], covered: boolean): void {
    const before = this.places.get(step);
    this.places.set(step, before ? this.comesBack(before, signers) : this.begins(signers));
    if (covered) this.settles(step);
    else this.open = step;
  }

  begins(signers: Signer[]): Place[] {
    const filled = (one: Signer) => this.signed.some((signature) => signature.by === one.person);
    return [...new Set(signers.flatMap(placesIn))].map((of) => {
      const holders = signers.filter((one) => placesIn(one).includes(of));
      return place(of, holders, [], holders.some(filled));
    });
  }

  /** Set aside for an added signer, and back: the same places as before, none empty-handed; what was signed stays signed. */
  comesBack(before: Place[], signers: Signer[]): Place[] {
    return before.map(({ of, ever, filled }) => {
      const now = signers.filter((one) => placesIn(one).includes(of));
      expect(now.length).toBeGreaterThan(0);
      for (const one of now) {
        const actsFor = one.how.some((how) => how.kind === 'stands-in' && ever.has(how.for));
        // asked for this place before, acts for one who was, or named by the rule itself because nobody else is left
        expect(ever.has(one.person) || actsFor || one.came === undefined, `${one.person} for ${of}`).toBe(true);
      }
      const counted = now.some((one) => one.counted !== undefined);
      return place(of, now, ever, filled || counted);
    });
  }

  signs(step: string, signer: string, by: string): void {
    expect(by).toBe(signer);
    expect(step).toBe(this.open);
    expect(this.waiting()).toContain(by);
    this.signed.push({ step, by });
    for (const place of this.places.get(step) ?? []) if (place.holders.has(by)) place.filled = true;
  }

  settles(step: string): void {
    const places = this.places.get(step) ?? [];
    expect(places.length).toBeGreaterThan(0);
    const filled = places.filter((place) => place.filled).length;
    if (this.need.get(step) === 'all') expect(filled).toBe(places.length);
    else expect(filled).toBeGreaterThan(0);
    this.done.add(step);
    if (this.open === step) this.open = undefined;
  }

  moves(step: string, from: string, to: Signer): void {
    expect(this.waiting()).toContain(from);
    this.renames(step, from, to);
  }

  renames(step: string, from: string, to: Signer): void {
    for (const { holders, ever } of this.places.get(step) ?? []) {
      if (!holders.delete(from)) continue;
      holders.add(to.person);
      for (const one of [to.person, to.standsInFor ?? to.person]) ever.add(one);
    }
  }

  escalates(step: string, signer: Signer): void {
    const from = signer.came?.from ?? '';
    expect(this.waiting()).toContain(from);
    expect((this.places.get(step) ?? []).some(({ holders }) => holders.has(signer.person))).toBe(false);
    for (const { holders, ever, filled } of this.places.get(step) ?? []) {
      if (filled || !holders.has(from)) continue;
      holders.add(signer.person);
      for (const one of [signer.person, signer.standsInFor ?? signer.person]) ever.add(one);
    }
  }

  /** everybody who could fill an empty place of the open step and has not signed it */
  waiting(): string[] {
    const step = this.open;
    if (step === undefined) return [];
    const places = this.places.get(step) ?? [];
    const gave = new Set(this.signed.filter((one) => one.step === step).map((one) => one.by));
    const people = places.filter((place) => !place.filled).flatMap(({ holders }) => [...holders]);
    return [...new Set(people)].filter((one) => !gave.has(one)).toSorted();
  }
}
