/** Owns the Web API of the stand-in: methods over the messages of a made-up workspace. Written from https://docs.slack.dev/reference/methods */
import { refusal, type SlackAnswer, type SlackCall, type SlackPost } from './slack-wire.ts';

export const BOT = { userId: 'U0BOT', botId: 'B0BOT', name: 'claw', teamId: 'T0001' } as const;

export interface Workspace {
  readonly users: Map<string, string>;
  readonly channels: Map<string, SlackPost[]>;
  readonly files: Map<string, StoredFile>;
  readonly whispers: { channel: string; user: string; text: string }[];
  readonly nextTs: () => string;
  /** Where the stand-in is reached: `http://127.0.0.1:port`. */
  origin: string;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  bytes: Buffer;
  isShared: boolean;
}

type Method = (args: SlackCall['args'], space: Workspace) => SlackAnswer;

/** Longest text that Slack takes. */
const MAX_TEXT = 40_000;

const METHODS: Readonly<Record<string, Method>> = {
  'auth.test': () => ({
    ok: true,
    url: 'https://example.slack.com/',
    team: 'Example',
    user: BOT.name,
    team_id: BOT.teamId,
    user_id: BOT.userId,
    bot_id: BOT.botId,
  }),
  'users.info': ({ user = '' }, { users }) => {
    const name = users.get(user);
    if (name === undefined) return refusal('user_not_found');
    return { ok: true, user: { id: user, name: name.toLowerCase(), profile: { display_name: name, real_name: name } } };
  },
  'conversations.info': ({ channel = '' }, { channels }) =>
    channels.has(channel)
      ? { ok: true, channel: { id: channel, name: `room-${channel.toLowerCase()}` } }
      : refusal('channel_not_found'),
  'conversations.history': (args, space) => history(args, space, (post) => post.thread_ts === undefined),
  'conversations.replies': (args, space) =>
    history(args, space, (post) => post.ts === args['ts'] || post.thread_ts === args['ts']),
  'chat.postMessage': postMessage,
  'chat.postEphemeral': ({ channel = '', user = '', text = '' }, { whispers, nextTs }) => {
    whispers.push({ channel, user, text });
    return { ok: true, message_ts: nextTs() };
  },
  'chat.update': ({ channel = '', ts = '', text = '', blocks }, { channels }) => {
    const post = channels.get(channel)?.find((each) => each.ts === ts);
    if (post === undefined) return refusal('message_not_found');
    if (post.bot_id !== BOT.botId) return refusal('cant_update_message');
    Object.assign(post, { text, edited: true, ...(blocks === undefined ? {} : { blocks: JSON.parse(blocks) }) });
    return { ok: true, channel, ts, text };
  },
  'files.info': ({ file = '' }, space) => {
    const stored = space.files.get(file);
    return stored === undefined ? refusal('file_not_found') : { ok: true, file: describeFile(stored, space.origin) };
  },
  'files.getUploadURLExternal': ({ filename = '', length }, { files, origin }) => {
    if (filename === '' || !(Number(length) > 0)) return refusal('invalid_arguments');
    const id = `F${String(files.size + 1).padStart(4, '0')}`;
    files.set(id, { id, name: filename, mediaType: 'text/plain', bytes: Buffer.alloc(0), isShared: false });
    return { ok: true, upload_url: `${origin}/upload/${id}`, file_id: id };
  },
  'files.completeUploadExternal': completeUpload,
};

export function callMethod({ method, args }: SlackCall, space: Workspace): SlackAnswer {
  return METHODS[method]?.(args, space) ?? refusal('unknown_method');
}

function postMessage(args: SlackCall['args'], { channels, nextTs }: Workspace): SlackAnswer {
  const { channel = '', text = '', thread_ts, blocks, metadata } = args;
  const posts = channels.get(channel);
  if (posts === undefined) return refusal('channel_not_found');
  if (text === '' && blocks === undefined) return refusal('no_text');
  if (text.length > MAX_TEXT) return refusal('msg_too_long');
  const post: SlackPost = {
    ts: nextTs(),
    text,
    user: BOT.userId,
    bot_id: BOT.botId,
    ...(thread_ts === undefined ? {} : { thread_ts }),
    ...(blocks === undefined ? {} : { blocks: JSON.parse(blocks) as unknown }),
    ...(metadata === undefined ? {} : { metadata: JSON.parse(metadata) as unknown }),
  };
  posts.push(post);
  return { ok: true, channel, ts: post.ts, message: post };
}

/** Newest first, in pages; metadata only for who asks for it. */
function history(args: SlackCall['args'], { channels }: Workspace, isMeant: (post: SlackPost) => boolean): SlackAnswer {
  const posts = channels.get(args['channel'] ?? '');
  if (posts === undefined) return refusal('channel_not_found');
  const oldest = Number(args['oldest'] ?? 0);
  const latest = args['inclusive'] === 'true' ? Number(args['latest'] ?? Infinity) : Infinity;
  const meant = posts.filter((post) => isMeant(post) && Number(post.ts) >= oldest && Number(post.ts) <= latest);
  const from = Number(args['cursor'] ?? 0);
  const limit = Number(args['limit'] ?? 100);
  const page = meant.toReversed().slice(from, from + limit);
  const hasMore = from + limit < meant.length;
  const isFull = args['include_all_metadata'] === 'true';
  return {
    ok: true,
    messages: isFull ? page : page.map((post) => ({ ...post, metadata: undefined })),
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? String(from + limit) : '' },
  };
}

function completeUpload(args: SlackCall['args'], { channels, files, nextTs }: Workspace): SlackAnswer {
  const named = JSON.parse(args['files'] ?? '[]') as { id: string; title?: string }[];
  const posts = channels.get(args['channel_id'] ?? '');
  if (posts === undefined) return refusal('channel_not_found');
  const found = named.flatMap(({ id }) => files.get(id) ?? []);
  if (found.length !== named.length) return refusal('file_not_found');
  for (const file of found) file.isShared = true;
  const thread = args['thread_ts'] === undefined ? {} : { thread_ts: args['thread_ts'] };
  const shared = found.map(({ id, name }) => ({ id, name }));
  const by = { user: BOT.userId, bot_id: BOT.botId };
  posts.push({ ts: nextTs(), text: args['initial_comment'] ?? '', ...by, files: shared, ...thread });
  return { ok: true, files: named };
}

/** A file as events and files.info describe it. */
export function describeFile({ id, name, mediaType, bytes }: StoredFile, origin: string) {
  const address = `${origin}/files-pri/T0001-${id}/${encodeURIComponent(name)}`;
  return {
    id,
    name,
    mimetype: mediaType,
    size: bytes.length,
    mode: 'hosted',
    url_private: address,
    url_private_download: `${address}?download=1`,
  };
}
