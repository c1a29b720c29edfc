/** Owns the service `knowledge` of tools: the documents of the person the assistant works for, and never another's. */
import { z } from 'zod';
import { requirePermission } from '../access/permissions.ts';
import { ClawError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/messages.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Knowledge } from '../knowledge/knowledge-service.ts';
import type { GuardedFiles } from '../sandbox/files.ts';
import type { Store } from '../store/store.ts';
import type { Service } from '../tools/call-tool.ts';

interface KnowledgeToolDeps {
  readonly store: Pick<Store, 'users'>;
  readonly knowledge: Knowledge;
  readonly workspace: { readonly folder: string; readonly files: GuardedFiles; readonly maxBytes: number };
}

const SEARCH = z.strictObject({ query: z.string().max(10_000), limit: z.int().min(1).max(20) });
const ADD = z.strictObject({
  path: z.string().min(1).max(1000).optional(),
  text: z.string().max(100_000).optional(),
  title: z.string().max(300).optional(),
});
const MOST_LISTED = 100;

/** Methods `search`, `list` and `add`. What is added by a tool counts as outside content for good. */
export function createKnowledgeTool({ store, knowledge, workspace }: KnowledgeToolDeps): Service {
  return async (method, args, { call }) => {
    const user = await store.users.byId(call.userId);
    if (user === undefined) throw new ClawError('not-found', phrase('noSuchUser'));
    requirePermission({ user, scopes: null }, method === 'add' ? 'knowledge.change' : 'knowledge.read');
    switch (method) {
      case 'search': {
        const { query, limit } = read(SEARCH, args);
        const hits = await knowledge.search(user.id, query, limit, { signal: call.signal });
        const remark = hits.length > 0 ? '' : await knowledge.explainNothing(user.id, query);
        return { hits: hits.map((hit) => ({ ...hit })), remark };
      }
      case 'list': {
        const rows = await knowledge.list(user.id, { limit: MOST_LISTED, offset: 0 });
        return rows.map(({ id, title, source, chunks }) => ({ id, title, source, passages: chunks }));
      }
      case 'add': {
        const { path, text, title } = read(ADD, args);
        const by = { ...user, via: 'turn', from: call.conversationId ?? 'turn' };
        const named = title === undefined ? {} : { title };
        const added =
          path === undefined
            ? await knowledge.addText(by, { content: text ?? '', provenance: 'file', ...named })
            : await knowledge.addFileIn(by, workspace, path, named);
        return { id: added.id, title: added.title, outcome: added.outcome, passages: added.chunks };
      }
      default:
        throw new ClawError('sandbox-refused', `the service knowledge cannot ${JSON.stringify(method)}`);
    }
  };
}

function read<T>(schema: z.ZodType<T>, args: JsonObject): T {
  const { success, data, error } = schema.safeParse(args);
  if (success) return data;
  throw new ClawError('data-invalid', `the question does not fit: ${error.issues[0]?.message ?? ''}`);
}
