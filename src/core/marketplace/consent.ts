/** Owns what a person must say before a plan takes effect, and that nothing less is enough. Pure. */
import { ClawError } from '../kernel/errors.ts';
import type { InstallPlan } from './plan-install.ts';

/** `install`: always. `publisher`: its key is not known for this name. `new-permissions`: an update wants more than what it replaces. `look-alike`: its name could be taken for another. */
export type Question = 'install' | 'publisher' | 'new-permissions' | 'look-alike';

export interface Consent {
  /** To the whole screen. */
  readonly isYes: boolean;
  /** Id of the publisher's key that was looked at. */
  readonly trust?: string | undefined;
  readonly allowsNewPermissions: boolean;
  readonly allowsLookAlike: boolean;
  /** The package that was looked at, when that was at another time than now: a yes is for it alone. */
  readonly sha256?: string | undefined;
}

export function questionsOf({ trust, installed, change, alike }: InstallPlan): Question[] {
  return [
    'install',
    ...(trust === 'new' || trust === 'changed' ? (['publisher'] as const) : []),
    ...(installed !== undefined && change.added.length > 0 ? (['new-permissions'] as const) : []),
    ...(alike === undefined ? [] : (['look-alike'] as const)),
  ];
}

/** Throws `sandbox-refused` for the first question that is open, with what to add, and `conflict` for another package than the one that was looked at. */
export function requireConsent(plan: InstallPlan, consent: Consent): void {
  const { manifest, sha256 } = plan.candidate.verified;
  if (consent.sha256 !== undefined && consent.sha256 !== sha256) {
    throw new ClawError(
      'conflict',
      `${manifest.name} is another package now than the one that was agreed to: ${manifest.version}, ${sha256}.`,
      { hint: 'Look at it anew before you agree.' },
    );
  }
  for (const question of questionsOf(plan)) refuseOpen(question, plan, consent);
}

function refuseOpen(question: Question, plan: InstallPlan, consent: Consent): void {
  const { keyId, manifest } = plan.candidate.verified;
  const { name } = manifest;
  switch (question) {
    case 'look-alike':
      if (consent.allowsLookAlike) return;
      throw new ClawError('sandbox-refused', `${name} looks like ${plan.alike ?? ''}, which is another's.`, {
        hint: 'If you mean this one: --allow-look-alike',
      });
    case 'publisher':
      if (consent.trust === keyId) return;
      throw new ClawError('sandbox-refused', refusedKey(plan, consent.trust), {
        hint: `If you know that this is its publisher's key: --trust ${keyId}`,
      });
    case 'new-permissions':
      if (consent.allowsNewPermissions) return;
      throw new ClawError(
        'sandbox-refused',
        `The new ${name} wants more than before: ${plan.change.added.join('; ')}.`,
        {
          hint: 'To agree to that: --allow-new-permissions',
        },
      );
    case 'install':
      if (consent.isYes) return;
      throw new ClawError('sandbox-refused', `Nobody agreed to installing ${name}.`, { hint: 'To agree: --yes' });
  }
}

function refusedKey({ trust, candidate }: InstallPlan, trusted: string | undefined): string {
  const { keyId, manifest } = candidate.verified;
  if (trusted !== undefined)
    return `${manifest.name} is signed by the key ${keyId}, and ${trusted} is the one that was named as trusted.`;
  if (trust === 'changed')
    return `${manifest.name} is signed by another key than the one that was agreed to for this name before: ${keyId}.`;
  return `${manifest.name} is signed by the key ${keyId}, which nobody has agreed to for this name.`;
}
