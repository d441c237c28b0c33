/**
 * Channels that the product makes: names, invitations and pins, refused as Slack refuses them.
 * https://docs.slack.dev/reference/methods/conversations.create, …/conversations.invite, …/pins.add
 */
import { invalid, Refusal } from './refusal.ts';
import type { Obj } from './validate.ts';
import type { FakeChannel, World } from './world.ts';

type Method = { scope: string | undefined; args: string[]; run: (args: Obj, world: World) => Obj };

/** Everything here is done to private channels, so it takes the scopes for those. */
export const roomMethods: Record<string, Method> = {
  'conversations.create': { scope: 'groups:write', args: ['name', 'is_private', 'team_id'], run: create },
  'conversations.list': {
    scope: 'groups:read',
    args: ['types', 'exclude_archived', 'limit', 'cursor', 'team_id'],
    run: list,
  },
  'conversations.invite': { scope: 'groups:write', args: ['channel', 'users', 'force'], run: invite },
  'conversations.setTopic': { scope: 'groups:write', args: ['channel', 'topic'], run: describe('topic') },
  'conversations.setPurpose': { scope: 'groups:write', args: ['channel', 'purpose'], run: describe('purpose') },
  'pins.add': { scope: 'pins:write', args: ['channel', 'timestamp'], run: pin },
};

function create(args: Obj, world: World): Obj {
  const name = String(args.name ?? '');
  if (args.is_private !== true) throw new Refusal('missing_scope', { needed: 'channels:manage' });
  if (name === '') throw new Refusal('invalid_name_required');
  if (name.length > 80) throw new Refusal('invalid_name_maxlength');
  if (!/^[a-z0-9_-]+$/.test(name)) throw new Refusal('invalid_name_specials');
  if (!/[a-z0-9]/.test(name)) throw new Refusal('invalid_name_punctuation');
  if ([...world.channels.values()].some((channel) => channel.name === name)) throw new Refusal('name_taken');
  const id = world.next('C0R');
  const created = Math.floor(world.options.clock().getTime() / 1000);
  const channel = world.addChannel({ id, name, private: true, creator: world.botUser, created });
  world.touch();
  return { channel: seen(channel) };
}

const seen = ({ id, name, creator, created, archived }: FakeChannel): Obj => ({
  id,
  name,
  creator,
  created,
  is_private: true,
  is_archived: archived,
});

/** A bot sees the private channels that it is in, and no others. */
function list(args: Obj, world: World): Obj {
  const limit = Number(args.limit ?? 100);
  if (!(limit > 0 && limit < 1000)) throw new Refusal('invalid_limit');
  if (args.types !== 'private_channel') throw new Refusal('invalid_types');
  const from = Number(args.cursor ?? 0);
  const all = [...world.channels.values()].filter(
    (channel) =>
      channel.private && channel.botIn && !channel.with && !(args.exclude_archived === true && channel.archived),
  );
  const next = from + limit < all.length ? String(from + limit) : '';
  return { channels: all.slice(from, from + limit).map(seen), response_metadata: { next_cursor: next } };
}

function roomOf(id: unknown, world: World): FakeChannel {
  const channel = world.channels.get(String(id));
  if (!channel || (channel.private && !channel.botIn)) throw new Refusal('channel_not_found');
  if (channel.with) throw new Refusal('method_not_supported_for_channel_type');
  if (channel.archived) throw new Refusal('is_archived');
  if (!channel.botIn) throw new Refusal('not_in_channel');
  return channel;
}

/** Without `force` one who cannot be invited keeps all the others out. */
function invite(args: Obj, world: World): Obj {
  const channel = roomOf(args.channel, world);
  const users = String(args.users ?? '').split(',');
  if (users.some((user) => user === '')) throw new Refusal('no_user');
  if (users.length > 1000) throw new Refusal('too_many_users');
  const errors = users.flatMap((user) => {
    const error = whyNot(user, channel, world);
    return error === undefined ? [] : [{ user, ok: false, error }];
  });
  const [first] = errors;
  if (first && (args.force !== true || errors.length === users.length)) throw new Refusal(first.error, { errors });
  for (const user of users) if (!errors.some((one) => one.user === user)) channel.members.add(user);
  world.touch();
  return { channel: seen(channel), ...(errors.length > 0 && { errors }) };
}

function whyNot(id: string, channel: FakeChannel, world: World): string | undefined {
  const user = world.users.get(id);
  if (id === world.botUser) return 'cant_invite_self';
  if (!user || user.deleted) return 'user_not_found';
  if (channel.members.has(id)) return 'already_in_channel';
  if (user.guest) return 'ura_max_channels';
  return user.team === world.options.team ? undefined : 'cant_invite';
}

function describe(what: 'topic' | 'purpose') {
  return (args: Obj, world: World): Obj => {
    const channel = roomOf(args.channel, world);
    const text = String(args[what] ?? '');
    if (text.length > 250) throw new Refusal('too_long');
    channel[what] = text;
    return { [what]: text };
  };
}

function pin(args: Obj, world: World): Obj {
  const channel = roomOf(args.channel, world);
  const ts = String(args.timestamp ?? '');
  if (ts === '') throw invalid(['timestamp is missing']);
  if (!world.messages.some((one) => one.channel === channel.id && one.ts === ts && !one.ephemeralFor))
    throw new Refusal('message_not_found');
  if (channel.pins.includes(ts)) throw new Refusal('already_pinned');
  channel.pins.push(ts);
  world.touch();
  return {};
}
