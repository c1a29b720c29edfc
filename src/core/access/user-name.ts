/** Owns what a user may be called. Pure. */
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { UserRow } from '../store/users-table.ts';

export type Role = UserRow['role'];

const ROLES: readonly Role[] = ['admin', 'user', 'readonly'];

const MAX_LENGTH = 64;
/** Letters, marks and digits of any script; inside also . _ @ - and single spaces. */
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._@-]| (?! ))*$/u;
/** Characters that show as nothing. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;

/** The name as it is kept: normalised (Unicode NFKC), without spaces around it. Throws `usage-invalid`. */
export function cleanUserName(text: string): string {
  const name = text.normalize('NFKC').trim();
  if (name === '') throw new ClawError('usage-invalid', phrase('blankUserName'));
  if ([...name].length > MAX_LENGTH) {
    throw new ClawError('usage-invalid', `A user name has at most ${MAX_LENGTH} characters.`);
  }
  if (!NAME.test(name) || UNSEEN.test(name)) {
    throw new ClawError(
      'usage-invalid',
      'A user name is made of letters, digits, spaces and . _ @ -, and begins with a letter or digit.',
    );
  }
  return name;
}

/** Throws `usage-invalid` naming the roles there are. */
export function roleNamed(text: string): Role {
  const role = ROLES.find((each) => each === text);
  if (role === undefined) {
    throw new ClawError('usage-invalid', phrase('noRole', JSON.stringify(text)), {
      hint: `The roles are ${ROLES.join(', ')}.`,
    });
  }
  return role;
}
