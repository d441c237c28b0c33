/**
 * What stands in a Feishu message: plain text, rich text (`post`), a file or a picture, with its mentions.
 * https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/events/receive
 */
import { z } from 'zod';
import type { InboundFile } from '../../src/core/chat.ts';

const Ids = z.object({ open_id: z.string().optional(), user_id: z.string().optional() });
export const Mention = z.object({ key: z.string(), id: Ids.catch({}), name: z.string().default('') });
type Mention = z.infer<typeof Mention>;

const TextContent = z.object({ text: z.string() });
const FileContent = z.object({ file_key: z.string().min(1), file_name: z.string().optional() });
const ImageContent = z.object({ image_key: z.string().min(1) });
const PostPiece = z.object({
  tag: z.string(),
  text: z.string().optional(),
  href: z.string().optional(),
  user_id: z.string().optional(),
  image_key: z.string().optional(),
  file_key: z.string().optional(),
  file_name: z.string().optional(),
});
const Post = z.object({ title: z.string().default(''), content: z.array(z.array(PostPiece)) });

export interface Content {
  text: string;
  files: InboundFile[];
}

/** Undefined for what is no command and carries no file (stickers, shared chats, calls): nothing to do. */
export function readContent(messageId: string, type: string, content: string): Content | undefined {
  const body = json(content);
  switch (type) {
    case 'text':
      return withText(TextContent.safeParse(body).data?.text);
    case 'post':
      return readPost(messageId, body);
    case 'file':
    case 'media':
    case 'audio': {
      const file = FileContent.safeParse(body).data;
      return file && { text: '', files: [fileOf(messageId, file.file_key, file.file_name)] };
    }
    case 'image': {
      const image = ImageContent.safeParse(body).data;
      return image && { text: '', files: [imageOf(messageId, image.image_key)] };
    }
    default:
      return undefined;
  }
}

/**
 * Mentions stand in the text as `@_user_1`; they become `<@ACCOUNT>`, the bot's own vanishes.
 * One pass over the text: what a mention's name contains is never read again.
 */
export function placeMentions(text: string, mentions: Mention[], bot: string | undefined): string {
  const byKey = new Map(mentions.map((mention) => [mention.key, mention]));
  const placed = text.replace(/@_user_[0-9]+/g, (key) => {
    const mention = byKey.get(key);
    if (mention === undefined) return key;
    const account = mention.id.open_id ?? mention.id.user_id;
    return account === undefined ? `@${mention.name}` : `<@${account}>`;
  });
  return withoutBot(placed, bot).trim();
}

/** While the bot's own id is not known yet, mentions before a command are taken for its. */
function withoutBot(text: string, bot: string | undefined): string {
  if (bot !== undefined) return text.replaceAll(`<@${bot}>`, '');
  return text.replace(/^(\s*<@[^>\s]+>\s*)+(?=[/／])/, '');
}

function readPost(messageId: string, body: unknown): Content | undefined {
  // Sent posts are wrapped in a language, received ones are not: both are read.
  const plain = Post.safeParse(body);
  const post = plain.success ? plain.data : z.record(z.string(), Post).safeParse(body).data;
  const found = post === undefined ? undefined : 'content' in post ? (post as z.infer<typeof Post>) : firstOf(post);
  if (found === undefined) return undefined;
  const lines = found.content.map((line) => line.map(pieceText).join(''));
  const pieces = found.content.flat();
  return {
    text: [found.title, ...lines].filter((line) => line.trim() !== '').join('\n'),
    files: pieces.flatMap((piece) => pieceFile(messageId, piece)),
  };
}

function firstOf(posts: Record<string, z.infer<typeof Post>>): z.infer<typeof Post> | undefined {
  return Object.values(posts)[0];
}

function pieceText(piece: z.infer<typeof PostPiece>): string {
  switch (piece.tag) {
    case 'at':
      // a placeholder like those of a text message, or an id where the platform already put it in
      return piece.user_id?.startsWith('ou_') ? `<@${piece.user_id}>` : (piece.user_id ?? '');
    case 'a':
      return piece.text && piece.href && piece.text !== piece.href
        ? `${piece.text} (${piece.href})`
        : (piece.href ?? piece.text ?? '');
    default:
      return piece.text ?? '';
  }
}

function pieceFile(messageId: string, piece: z.infer<typeof PostPiece>): InboundFile[] {
  if (piece.tag === 'img' && piece.image_key) return [imageOf(messageId, piece.image_key)];
  if (piece.tag === 'media' && piece.file_key) return [fileOf(messageId, piece.file_key, piece.file_name)];
  return [];
}

/** Resources are fetched by message and key, `type` says which kind: `file` for everything but pictures. */
function fileOf(messageId: string, key: string, name: string | undefined): InboundFile {
  return { ref: { message_id: messageId, file_key: key, type: 'file' }, name: name || 'file' };
}
function imageOf(messageId: string, key: string): InboundFile {
  return { ref: { message_id: messageId, file_key: key, type: 'image' }, name: 'image' };
}

function withText(text: string | undefined): Content | undefined {
  return text === undefined ? undefined : { text, files: [] };
}

function json(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
