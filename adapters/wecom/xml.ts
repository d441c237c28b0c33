/**
 * As much XML as WeCom's callbacks have: one element with leaves in it, as text or CDATA. No attributes, no declarations, no entities
 * but the five of XML itself: there is nothing here that could expand, include or fetch. What is nested is passed over.
 */

/** Names and texts of the leaves; undefined for everything that is not such a document. */
export function readLeaves(document: string): ReadonlyMap<string, string> | undefined {
  const reader = new Reader(document.replace(/^\uFEFF?\s*(<\?xml[^<>]{0,100}\?>)?/, ''));
  try {
    return reader.document();
  } catch (error) {
    if (error instanceof NotOurs) return undefined;
    throw error;
  }
}

class NotOurs extends Error {}

const DEEPEST = 8;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

class Reader {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  document(): ReadonlyMap<string, string> {
    this.#blank();
    this.#expect(/<xml>/y);
    const leaves = new Map<string, string>();
    for (let name = this.#opening(); name !== undefined; name = this.#opening()) {
      const value = this.#content(name, 1);
      // said twice, it could be read in two ways
      if (leaves.has(name)) throw new NotOurs();
      if (value !== undefined) leaves.set(name, value);
    }
    this.#expect(/<\/xml>/y);
    this.#blank();
    if (this.#at !== this.#text.length) throw new NotOurs();
    return leaves;
  }

  #opening(): string | undefined {
    this.#blank();
    return this.#take(/<([A-Za-z][A-Za-z0-9_]{0,60})>/y)?.[1];
  }

  /** A leaf's text, or undefined for what has elements in it; the closing tag is read too. */
  #content(name: string, depth: number): string | undefined {
    if (depth > DEEPEST) throw new NotOurs();
    const text = this.#leafText();
    let nested = false;
    for (let inner = this.#opening(); inner !== undefined; inner = this.#opening()) {
      nested = true;
      this.#content(inner, depth + 1);
    }
    this.#expect(new RegExp(`</${name}>`, 'y'));
    if (nested && text.trim() !== '') throw new NotOurs();
    return nested ? undefined : text;
  }

  #leafText(): string {
    let text = '';
    for (;;) {
      const cdata = this.#take(/\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*/y);
      const plain = cdata ?? this.#take(/[^<]+/y);
      if (plain === undefined) return text;
      text += cdata ? cdata[1] : plain[0].replace(/&([^;]{0,10});?/g, entity);
    }
  }

  #blank(): void {
    this.#take(/\s+/y);
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }

  #expect(pattern: RegExp): void {
    if (this.#take(pattern) === undefined) throw new NotOurs();
  }
}

function entity(whole: string, name: string): string {
  const meant = whole.endsWith(';') ? ENTITIES[name] : undefined;
  if (meant === undefined) throw new NotOurs();
  return meant;
}
