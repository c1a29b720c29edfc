/** Owns who asks: a user, how they proved it, and from where. Every surface makes one at its edge; everything behind it asks the actor, never the surface. */
import type { Doer } from '../store/audit-table.ts';
import type { UserRow as User } from '../store/users-table.ts';

/** How an actor proved who they are. `terminal`: whoever may run the program on this home. `loopback`: authentication is off. `owner-token`: a token of the settings. */
type Proof = 'terminal' | 'api-key' | 'owner-token' | 'access-token' | 'session' | 'loopback' | 'channel' | 'task';

export interface Actor {
  readonly user: User;
  readonly via: Proof;
  /** Id of the key, token family or session that was shown; null when nothing was. */
  readonly credentialId: string | null;
  /** Actions the credential is good for, as in the permission table, or `noun.*`; null: everything its user may do. */
  readonly scopes: readonly string[] | null;
  /** Where they speak from: an address, `terminal`, `telegram:42`. */
  readonly from: string;
}

/** Whoever runs the program on this home, as the user they chose to be. */
export function terminalActor(user: User): Actor {
  return { user, via: 'terminal', credentialId: null, scopes: null, from: 'terminal' };
}

/** The actor as services want them for the audit trail: the user, how they proved it, and from where. */
export function doerOf({ user, via, from }: Pick<Actor, 'user' | 'via' | 'from'>): User & Doer {
  return { ...user, via, from };
}
