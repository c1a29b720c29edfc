/** Owns the service `memory` of tools: what the assistant remembers, for the room or the person it talks with, and never for another. */
import { z } from 'zod';
import { requirePermission } from '../access/permissions.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { holderOf, memoryCategory, memoryExpiry, type MemoryHolder, type MemorySource } from '../memory/memory.ts';
import type { MemoryService } from '../memory/memory-service.ts';
import type { MemoryRow } from '../store/memory-schema.ts';
import type { Store } from '../store/store.ts';
import type { Service } from '../tools/call-tool.ts';

interface MemoryToolDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly memory: MemoryService;
}

const CATEGORY = z.string().max(40).transform(memoryCategory);
const ADD = z.strictObject({
  category: CATEGORY,
  key: z.string().max(200),
  value: z.string().max(4_000),
  importance: z.number().optional(),
  expires: z.string().max(40).optional(),
});
const SEARCH = z.strictObject({ query: z.string().max(10_000), category: CATEGORY.optional() });
const LIST = z.strictObject({ category: CATEGORY.optional() });
const FORGET = z.strictObject({ key: z.string().max(200), category: CATEGORY.optional() });

const MOST_LISTED = 100;

/** Methods `add`, `update`, `search`, `list` and `forget`. Refuses users who may not remember. */
export function createMemoryTool({ store, clock, memory }: MemoryToolDeps): Service {
  return async (method, args, { call, tool }) => {
    const user = await store.users.byId(call.userId);
    if (user === undefined) throw new ClawError('not-found', phrase('noSuchUser'));
    const isRead = method === 'search' || method === 'list';
    requirePermission({ user, scopes: null }, isRead ? 'memory.read' : 'memory.change');
    const holder = await holderOf(store, call);
    const { conversationId } = call;
    const why = `${tool.name} saved it${conversationId === null ? '' : ` in conversation ${conversationId}`} for ${user.username}`;
    const source: MemorySource = { origin: 'tool', why, conversationId };
    switch (method) {
      case 'add':
        return add(memory, holder, read(ADD, args), { source, now: clock.now() });
      case 'update': {
        const input = read(ADD, args);
        await memory.find(holder, `${input.category}/${input.key}`);
        return add(memory, holder, input, { source, now: clock.now() });
      }
      case 'search': {
        const { query, category } = read(SEARCH, args);
        const found = await memory.search(holder, query, { limit: 20 });
        return listed(category === undefined ? found : found.filter((row) => row.category === category));
      }
      case 'list':
        return listed(await memory.list(holder, read(LIST, args)));
      case 'forget': {
        const { key, category } = read(FORGET, args);
        const row = await memory.remove(holder, category === undefined ? key : `${category}/${key}`);
        return { forgotten: nameOf(row), note: 'It is in the archive and is not recalled any more.' };
      }
      default:
        throw new ClawError('sandbox-refused', `the service memory cannot ${JSON.stringify(method)}`);
    }
  };
}

async function add(
  memory: MemoryService,
  holder: MemoryHolder,
  input: z.infer<typeof ADD>,
  { source, now }: { readonly source: MemorySource; readonly now: number },
): Promise<JsonValue> {
  const { expires, importance, ...rest } = input;
  const done = await memory.add(
    holder,
    {
      ...rest,
      ...(importance === undefined ? {} : { importance }),
      ...(expires === undefined ? {} : { expiresAt: memoryExpiry(expires, now) }),
    },
    source,
  );
  return {
    saved: nameOf(done.memory),
    value: done.memory.value,
    ...(done.replaced === undefined ? {} : { replaced: done.replaced }),
    ...(done.archived.length === 0 ? {} : { archived: done.archived.map(nameOf) }),
  };
}

function listed(rows: readonly MemoryRow[]): JsonValue {
  const memories = rows.slice(0, MOST_LISTED).map((row) => ({ name: nameOf(row), value: row.value }));
  return { found: rows.length, memories };
}

const nameOf = ({ category, key }: MemoryRow): string => `${category}/${key}`;

function read<T>(shape: z.ZodType<T>, args: JsonObject): T {
  const result = shape.safeParse(args);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ClawError('data-invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`);
}
