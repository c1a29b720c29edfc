/** Owns what people of chat platforms may do besides talking: commands, and answers to requests for approval. */
import type { User } from '../access/local-user.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Store } from '../store/store.ts';
import type { ApprovalService } from './approvals.ts';
import type { ButtonPress, IncomingMessage } from './channel-messages.ts';
import { type GateRules, isAllowed } from './gate.ts';

export interface PlatformPeopleDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly approvals: () => Promise<ApprovalService>;
}

export function createPlatformPeople({ store, clock, approvals }: PlatformPeopleDeps) {
  const personOf = async (
    person: { channel: string; sender: { id: string } },
    allowed: boolean,
  ): Promise<User | undefined> => {
    if (!allowed) return undefined;
    const username = `${person.channel}-${person.sender.id}`;
    const now = clock.now();
    await store.users.insertIfAbsent({ id: newId(now), username, role: 'user', state: 'active', created_at: now });
    return store.users.byName(username);
  };
  return {
    personOf,
    greetStranger: async (_message: IncomingMessage): Promise<string> => '',
    command: async (
      _message: IncomingMessage,
      _user: User,
      _interrupt: (conversationId: string) => boolean,
    ): Promise<string | undefined> => undefined,
    /** Answers a press on a button of a request for approval. */
    async press(press: ButtonPress, rules: GateRules): Promise<string> {
      const user = await personOf(press, isAllowed(rules, { ...press, isDirect: false }));
      if (user === undefined) return 'I do not know you.';
      const [, verb, id] = /^(approve|deny):(\S+)$/.exec(press.value) ?? [];
      if (id === undefined) return 'This button means nothing any more.';
      try {
        const isApproved = verb === 'approve';
        await (await approvals()).decide(id, { isApproved, scope: 'once', by: user.id });
        return isApproved ? 'Allowed once.' : 'Denied.';
      } catch (error) {
        return error instanceof ClawError ? error.message : `It did not work: ${toError(error).name}`;
      }
    },
  };
}
