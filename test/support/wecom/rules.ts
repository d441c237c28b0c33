/**
 * What WeCom's pages say a message must be, each breach with its error code: path/90236 (app messages), path/91770 (robots), path/90313
 * (codes). Where a page says "建议不超过", the real platform cuts in silence; here it is a fault, since nobody would see it there.
 */
import { z } from 'zod';

export interface Fault {
  code: number;
  said: string;
}

/** Half-width signs take half a place. */
function places(text: string): number {
  return [...text].reduce((sum, sign) => sum + ((sign.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2), 0) / 2;
}
const bytes = (text: string): number => new TextEncoder().encode(text).length;
const chars = (most: number) =>
  z
    .string()
    .min(1)
    .refine((text) => places(text) <= most, `longer than ${most}`);
const url = z
  .string()
  .regex(/^https?:\/\/\S+$/)
  .refine((text) => bytes(text) <= 1024, 'an address of more than 1024 bytes');
const jump = z.strictObject({ type: z.literal(1), url });

const Fact = z.union([
  z.strictObject({ keyname: chars(5), value: chars(30) }),
  z.strictObject({ type: z.literal(1), url, keyname: chars(5), value: chars(30) }),
]);
const key = z
  .string()
  .min(1)
  .refine((text) => bytes(text) <= 1024, 'a key of more than 1024 bytes');
const Common = {
  task_id: z.string().regex(/^[0-9A-Za-z_@-]{1,128}$/),
  main_title: z.strictObject({ title: chars(36), desc: chars(44).optional() }),
  quote_area: z.strictObject({ type: z.literal(0), quote_text: chars(160) }).optional(),
  sub_title_text: chars(160).optional(),
  horizontal_content_list: z.array(Fact).max(6).optional(),
};
const TextNotice = z.strictObject({
  card_type: z.literal('text_notice'),
  ...Common,
  jump_list: z
    .array(z.strictObject({ type: z.literal(1), title: chars(18), url }))
    .max(3)
    .optional(),
  card_action: jump,
});
const ButtonInteraction = z.strictObject({
  card_type: z.literal('button_interaction'),
  ...Common,
  card_action: jump.optional(),
  button_list: z
    .array(z.strictObject({ text: chars(10), style: z.int().min(1).max(4), key }))
    .min(1)
    .max(6)
    .refine((list) => new Set(list.map((one) => one.key)).size === list.length, 'a key that comes twice'),
});
export const Template = z.discriminatedUnion('card_type', [TextNotice, ButtonInteraction]);
export type Template = z.infer<typeof Template>;

const AppMessage = z
  .strictObject({
    touser: z.string().min(1),
    agentid: z.int(),
    msgtype: z.enum(['text', 'template_card']),
    text: z.strictObject({ content: z.string().min(1) }).optional(),
    template_card: Template.optional(),
    enable_id_trans: z.union([z.literal(0), z.literal(1)]).optional(),
    enable_duplicate_check: z.union([z.literal(0), z.literal(1)]).optional(),
    duplicate_check_interval: z.int().positive().max(14_400).optional(),
  })
  .refine((message) => message[message.msgtype] !== undefined, 'no content of that type');
export type AppMessage = z.infer<typeof AppMessage>;

const RobotMessage = z.strictObject({
  msgtype: z.literal('markdown'),
  markdown: z.strictObject({ content: z.string().min(1) }),
});
export type RobotMessage = z.infer<typeof RobotMessage>;

const Update = z
  .strictObject({
    userids: z.array(z.string()).min(1).max(1000),
    agentid: z.int(),
    response_code: z.string().min(1),
    button: z.strictObject({ replace_name: chars(10) }).optional(),
    template_card: Template.optional(),
  })
  .refine((change) => (change.button === undefined) !== (change.template_card === undefined), 'one of the two');
export type Update = z.infer<typeof Update>;

type Read<T> = { ok: T } | { fault: Fault };

function read<T>(schema: z.ZodType<T>, raw: string): Read<T> {
  // "不能包含\uxxxx格式的字符"
  if (/\\u[0-9a-f]{4}/i.test(raw)) return { fault: { code: 40033, said: 'invalid charset' } };
  const parsed = schema.safeParse(JSON.parse(raw));
  if (parsed.success) return { ok: parsed.data };
  const task = parsed.error.issues.some((issue) => issue.path.includes('task_id'));
  return { fault: { code: task ? 42014 : 40058, said: z.prettifyError(parsed.error) } };
}

export function readAppMessage(raw: string): Read<AppMessage> {
  const message = read(AppMessage, raw);
  if ('ok' in message && bytes(message.ok.text?.content ?? '') > 2048)
    return { fault: { code: 45002, said: 'content over 2048 bytes would be cut' } };
  return message;
}

export function readRobotMessage(raw: string): Read<RobotMessage> {
  const message = read(RobotMessage, raw);
  if ('ok' in message && bytes(message.ok.markdown.content) > 4096)
    return { fault: { code: 45002, said: 'content over 4096 bytes' } };
  return message;
}

export const readUpdate = (raw: string): Read<Update> => read(Update, raw);
