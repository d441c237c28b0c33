/**
 * TwiML as Twilio reads it: well-formed XML of the verbs that are used here, with no attribute that it does not know, within the limits of
 * what can be said. https://www.twilio.com/docs/voice/twiml
 */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: (Element | string)[];
}

/** What a call does next: say it, and with `gather` wait for a key; `finish` alone is as good as none. */
export type Step = { say: string; voice: string; gather?: { action: string; finish: string } } | 'hangup';

const ATTRIBUTES: Record<string, readonly string[]> = {
  Response: [],
  Say: ['voice', 'language', 'loop'],
  Gather: ['input', 'numDigits', 'finishOnKey', 'timeout', 'method', 'action'],
  Pause: ['length'],
  Hangup: [],
  Message: [],
};
const VOICES = new Set(['Polly.Zhiyu cmn-CN', 'Polly.Joanna en-US']);
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @throws Error that says what is wrong, as Twilio's code 12100 does */
export function parseXml(text: string): Element {
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/, '');
  // https://www.w3.org/TR/xml/#charsets
  if (/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(body)) throw new Error('no XML character');
  const open: Element[] = [{ name: '', attributes: {}, children: [] }];
  const top = (): Element => open.at(-1) as Element;
  let at = 0;
  for (const tag of body.matchAll(/<(\/?)([A-Za-z]+)((?:\s+[A-Za-z]+="[^"<]*")*)\s*(\/?)>/g)) {
    addText(top(), body.slice(at, tag.index));
    at = tag.index + tag[0].length;
    const [, closing, name = '', attributes = '', empty] = tag;
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes what is not open`);
      continue;
    }
    const element: Element = { name, attributes: readAttributes(attributes), children: [] };
    top().children.push(element);
    if (!empty) open.push(element);
  }
  addText(top(), body.slice(at));
  const [root, ...rest] = open[0]?.children ?? [];
  if (open.length !== 1 || typeof root !== 'object' || rest.length > 0) throw new Error('no single, closed element');
  return root;
}

function addText(element: Element, raw: string): void {
  if (raw !== '') element.children.push(unescaped(raw));
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([A-Za-z]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  );
}

function unescaped(raw: string): string {
  if (/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/.test(raw)) throw new Error('not escaped');
  return raw.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? '');
}

/** The steps of a call. @throws Error */
export function readCall(text: string): Step[] {
  const response = readResponse(text);
  return response.children.flatMap((verb): Step[] => {
    if (typeof verb === 'string') throw new Error('text outside a verb');
    if (verb.name === 'Hangup') return ['hangup'];
    if (verb.name === 'Say') return [readSay(verb)];
    if (verb.name === 'Gather') return readGather(verb);
    throw new Error(`<${verb.name}> has no place in a call`);
  });
}

/** The text that answers a message; undefined: none. @throws Error */
export function readMessage(text: string): string | undefined {
  const [message, ...more] = readResponse(text).children;
  if (message === undefined) return undefined;
  if (typeof message === 'string' || message.name !== 'Message' || more.length > 0)
    throw new Error('no single message');
  const said = message.children.join('');
  if (said === '' || said.length > 1600) throw new Error('a message of 1 to 1,600 characters');
  return said;
}

function readResponse(text: string): Element {
  const response = parseXml(text);
  if (response.name !== 'Response') throw new Error('no <Response>');
  mustBeKnown(response);
  return response;
}

function mustBeKnown(element: Element): void {
  const known = ATTRIBUTES[element.name];
  if (known === undefined) throw new Error(`<${element.name}> is no verb`);
  const other = Object.keys(element.attributes).find((name) => !known.includes(name));
  if (other !== undefined) throw new Error(`<${element.name}> has no ${other}`);
  for (const child of element.children) if (typeof child !== 'string') mustBeKnown(child);
}

function readSay({ attributes, children }: Element): Exclude<Step, 'hangup'> {
  const say = children.join('');
  const voice = `${attributes.voice} ${attributes.language}`;
  if (!VOICES.has(voice)) throw new Error(`13520: no voice ${voice}`);
  if (say === '' || say.length > 3000 || encodeURIComponent(say).length > 4500)
    throw new Error('13521: too long to say');
  return { say, voice };
}

function readGather({ attributes, children }: Element): Step[] {
  const [said, ...more] = children;
  if (typeof said !== 'object' || said.name !== 'Say' || more.length > 0) throw new Error('13330: gathers in silence');
  if (attributes.numDigits !== '1' || attributes.input !== 'dtmf') throw new Error('gathers more than a key');
  if (!/^[1-9]\d?$/.test(attributes.timeout ?? '')) throw new Error('13314: timeout');
  const { action = '', finishOnKey = '#' } = attributes;
  return [{ ...readSay(said), gather: { action: new URL(action).href, finish: finishOnKey } }];
}
