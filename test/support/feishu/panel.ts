/** The slash-command panel's interface, and how the fake says no. */
import { randomUUID } from 'node:crypto';
import { isJson } from './card-rules.ts';

/** An answer with a code other than 0. */
export class Refused extends Error {
  readonly code: number;
  readonly status: number;
  readonly headers: Record<string, string>;
  constructor(code: number, message: string, status = 400, headers: Record<string, string> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

export interface RegisteredCommand {
  command_id: string;
  command: string;
  description: { default_value: string };
}

/** `commands` is changed in place; at most 100, names unique and without the slash. */
export function commandPanel(
  commands: RegisteredCommand[],
  method: string,
  id: string | undefined,
  body: Record<string, unknown>,
): Record<string, unknown> {
  if (id !== undefined) return oneCommand(commands, method, id, body);
  if (method === 'GET') return { data: { items: commands, has_more: false } };
  const command = String(body.command ?? '');
  if (commands.some((entry) => entry.command === command)) throw new Refused(40000030, 'command already exists');
  if (commands.length >= 100) throw new Refused(40000032, 'too many commands');
  if (command === '' || command.startsWith('/')) throw new Refused(40000029, 'invalid command name');
  const entry = { command_id: randomUUID(), command, description: descriptionOf(body) };
  commands.push(entry);
  return { data: { command_id: entry.command_id } };
}

function oneCommand(
  commands: RegisteredCommand[],
  method: string,
  id: string,
  body: Record<string, unknown>,
): Record<string, unknown> {
  const at = commands.findIndex((entry) => entry.command_id === id);
  const entry = commands[at];
  if (entry === undefined) throw new Refused(40000033, 'no such command', 404);
  if (method === 'DELETE') commands.splice(at, 1);
  else if (method === 'PATCH') entry.description = descriptionOf(body);
  return { data: {} };
}

function descriptionOf(body: Record<string, unknown>): { default_value: string } {
  const description = isJson(body.description) ? body.description : {};
  if (typeof description.default_value !== 'string') throw new Refused(40000028, 'description is missing');
  return { default_value: description.default_value };
}
