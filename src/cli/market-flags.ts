/** Owns the flags by which a person agrees to a package, and the question on the terminal when they are missing. */
import { Flags } from '@oclif/core';
import { safeText } from '../core/kernel/terminal-text.ts';
import { type Consent, questionsOf } from '../core/marketplace/consent.ts';
import { packageScreen } from '../core/marketplace/package-screen.ts';
import type { InstallPlan } from '../core/marketplace/plan-install.ts';
import { confirm } from './confirm.ts';
import { printErr } from './print.ts';

export const consentFlags = {
  yes: Flags.boolean({
    description: 'Agree to what the screen says, without a question. It agrees to no publisher that is not known.',
  }),
  trust: Flags.string({ description: 'Agree to the publisher with this key.', helpValue: 'KEY_ID' }),
  'allow-look-alike': Flags.boolean({ description: 'Take a package although its name looks like that of another.' }),
};

export const newPermissionsFlag = Flags.boolean({
  description: 'Agree to an update that wants more than the version before.',
});

export const dryRunFlag = Flags.boolean({ description: 'Check and try everything, and install nothing.' });

interface Given {
  readonly yes: boolean;
  readonly trust?: string | undefined;
  readonly 'allow-look-alike': boolean;
  readonly 'allow-new-permissions'?: boolean;
}

/** Shows the screen and asks; with --yes the flags are the answer. A key that is not the one agreed to before, and a look-alike, want their flag also from who sits there. Throws `cancelled`, and `usage-invalid` where nobody can answer. */
export async function askConsent(plan: InstallPlan, flags: Given): Promise<Consent> {
  const given = {
    isYes: flags.yes,
    trust: flags.trust,
    allowsNewPermissions: flags['allow-new-permissions'] ?? false,
    allowsLookAlike: flags['allow-look-alike'],
  };
  printErr(safeText(packageScreen(plan)));
  if (flags.yes) return given;
  const { keyId } = plan.candidate.verified;
  const isOpen = questionsOf(plan).includes('publisher') && plan.trust === 'new' && flags.trust === undefined;
  await confirm(isOpen ? `Trust the publisher ${keyId} and install it?` : 'Install it?', false);
  return { ...given, isYes: true, allowsNewPermissions: true, trust: isOpen ? keyId : flags.trust };
}
