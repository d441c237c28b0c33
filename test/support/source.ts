/**
 * Reads a source file just far enough for the architecture rules: its imports, and its code without comments and
 * strings. No compiler: TypeScript 7 has no API for it, and the rules must run in a moment.
 */

export interface Import {
  from: string;
  line: number;
  /** `export … from`: a name that passes through */
  passesOn: boolean;
}

export interface Source {
  imports: Import[];
  /** the same length and lines as the text, with comments, strings and regular expressions blanked */
  code: string;
}

export function readSource(text: string): Source {
  const code = mask(text);
  return { code, imports: findImports(text, code) };
}

export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

const STATEMENT = /\b(import|export)\b([^;'"`()=]*?\bfrom)?\s*(?=['"])/g;
const CALL = /\b(?:import|require)\s*\(\s*(?=['"`])/g;

/** The keywords are sought in the masked code, where no string can pretend; the name is read from the text. */
function findImports(text: string, code: string): Import[] {
  const found: Import[] = [];
  const add = (match: RegExpExecArray, passesOn: boolean) => {
    const open = match.index + match[0].length;
    const close = text.indexOf(text.charAt(open), open + 1);
    found.push({ from: text.slice(open + 1, close), line: lineAt(text, match.index), passesOn });
  };
  for (const match of code.matchAll(STATEMENT)) {
    // `export 'x'` is no statement; `export type T = 'x'` has an equals sign and does not come here
    if (match[1] === 'import' || match[2] !== undefined) add(match, match[1] === 'export');
  }
  for (const match of code.matchAll(CALL)) add(match, false);
  return found.sort((a, b) => a.line - b.line);
}

/** After these a slash begins a regular expression; after a name, a number or a closing bracket it divides. */
const BEFORE_REGEX = /(?:^|[=(,:;[!&|?{}+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|await|yield))\s*$/;

/** Quotes stay where they are, and code inside `${…}` stays code. */
function mask(text: string): string {
  const out = text.split('');
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i += 1) if (out[i] !== '\n') out[i] = ' ';
  };
  /** for each open template, how many braces are open inside its `${` */
  const templates: number[] = [];
  let at = 0;
  while (at < text.length) {
    const here = text.charAt(at);
    const end = endOfBlank(text, at, out);
    if (end !== undefined) {
      const quoted = here === "'" || here === '"';
      blank(quoted ? at + 1 : at, quoted ? end - 1 : end);
      at = end;
    } else if (here === '`' || (here === '}' && templates.at(-1) === 0)) {
      if (here === '}') templates.pop();
      const stop = endOfTemplatePart(text, at + 1);
      blank(at + 1, stop.at);
      if (stop.opens) templates.push(0);
      at = stop.at + (stop.opens ? 2 : 1);
    } else {
      const depth = templates.length - 1;
      if (depth >= 0 && here === '{') templates[depth] = (templates[depth] ?? 0) + 1;
      if (depth >= 0 && here === '}') templates[depth] = (templates[depth] ?? 0) - 1;
      at += 1;
    }
  }
  return out.join('');
}

/** The end of the comment, string or regular expression that begins here; undefined if none does. */
function endOfBlank(text: string, at: number, before: readonly string[]): number | undefined {
  const two = text.slice(at, at + 2);
  if (two === '//') return endOr(text, text.indexOf('\n', at));
  if (two === '/*') return endOr(text, text.indexOf('*/', at) + 2, 1);
  const here = text.charAt(at);
  if (here === "'" || here === '"') return endOfString(text, at);
  if (here === '/' && BEFORE_REGEX.test(before.slice(Math.max(0, at - 40), at).join(''))) return endOfRegex(text, at);
  return undefined;
}

const endOr = (text: string, found: number, none = -1) => (found === none ? text.length : found);

function endOfString(text: string, at: number): number {
  const quote = text.charAt(at);
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === quote || text[i] === '\n') return i + 1;
  }
  return text.length;
}

function endOfRegex(text: string, at: number): number {
  let inClass = false;
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '[') inClass = true;
    else if (text[i] === ']') inClass = false;
    else if (text[i] === '\n' || (text[i] === '/' && !inClass)) return i + 1;
  }
  return text.length;
}

function endOfTemplatePart(text: string, at: number): { at: number; opens: boolean } {
  for (let i = at; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '`') return { at: i, opens: false };
    else if (text[i] === '$' && text[i + 1] === '{') return { at: i, opens: true };
  }
  return { at: text.length, opens: false };
}
