/**
 * The slash-command panel: what people see when they type `/` to the bot. It is discovery only: what they pick arrives as
 * an ordinary text message. https://open.feishu.cn/document/mcp_open_tools/agent-best-practices/agent-supports-slash-commands
 */
import { z } from 'zod';
import type { Feishu } from './deliver.ts';
import { shorten } from './elements.ts';
import { PANEL_COMMANDS } from './limits.ts';

export interface PanelCommand {
  command: string;
  description: string;
}

const PATH = '/open-apis/application/v7/app_slash_commands';
const DESCRIPTION = 90;
const Registered = z.object({
  command_id: z.string().min(1),
  command: z.string(),
  description: z.object({ default_value: z.string().default('') }).default({ default_value: '' }),
});
type Registered = z.infer<typeof Registered>;
const Listed = z.object({
  data: z
    .object({
      items: z.array(Registered).nullish(),
      has_more: z.boolean().optional(),
      page_token: z.string().optional(),
    })
    .nullish(),
});

export interface Command {
  command: string;
  aliases: string[];
  description: string;
}

/** By this ending we know our own entries again: those of an administrator's making are never touched. */
const MARK = ' · 会签';
/** Names that every client takes; others (Chinese ones) are typed, and shown behind the description. */
const PORTABLE = /^[a-z0-9][a-z0-9_-]{0,31}$/;

export function entries(commands: Command[]): PanelCommand[] {
  return commands.slice(0, PANEL_COMMANDS).flatMap(({ command, aliases, description }) => {
    const name = command.replace(/^\//, '');
    if (!PORTABLE.test(name)) return [];
    const also = aliases.map((alias) => `/${alias.replace(/^\//, '')}`).join(' ');
    const said = also === '' ? description : `${description} (${also})`;
    return [{ command: name, description: `${shorten(said, DESCRIPTION)}${MARK}` }];
  });
}

export interface PanelPlan {
  create: PanelCommand[];
  patch: { id: string; description: string }[];
  remove: string[];
}

/** What must change so that the panel shows our commands, and no commands of ours that are no more. */
export function plan(wanted: PanelCommand[], there: Registered[]): PanelPlan {
  const byName = new Map(there.map((entry) => [entry.command, entry]));
  const names = new Set(wanted.map(({ command }) => command));
  const isOurs = (entry: Registered) => entry.description.default_value.endsWith(MARK);
  return {
    create: wanted.filter(({ command }) => !byName.has(command)),
    patch: wanted.flatMap(({ command, description }) => {
      const entry = byName.get(command);
      if (entry === undefined || !isOurs(entry) || entry.description.default_value === description) return [];
      return [{ id: entry.command_id, description }];
    }),
    remove: there.filter((entry) => isOurs(entry) && !names.has(entry.command)).map(({ command_id }) => command_id),
  };
}

/** Brings the panel to what is wanted; done twice, the second time changes nothing. @throws DeliveryError */
export async function registerPanel(feishu: Feishu, commands: Command[]): Promise<PanelPlan> {
  const todo = plan(entries(commands), await list(feishu));
  for (const id of todo.remove) await feishu.call({ method: 'DELETE', url: `${PATH}/${encodeURIComponent(id)}` });
  for (const { id, description } of todo.patch) {
    const data = { description: { default_value: description } };
    await feishu.call({ method: 'PATCH', url: `${PATH}/${encodeURIComponent(id)}`, data });
  }
  for (const { command, description } of todo.create) {
    await feishu.call({ method: 'POST', url: PATH, data: { command, description: { default_value: description } } });
  }
  return todo;
}

async function list(feishu: Feishu): Promise<Registered[]> {
  const all: Registered[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < 10; page += 1) {
    const params = { page_size: 50, page_token: pageToken };
    const answer = Listed.parse(await feishu.call({ method: 'GET', url: PATH, params }));
    all.push(...(answer.data?.items ?? []));
    pageToken = answer.data?.has_more ? answer.data.page_token : undefined;
    if (pageToken === undefined) break;
  }
  return all;
}
