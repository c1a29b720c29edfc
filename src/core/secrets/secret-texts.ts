/** Owns which texts of a secret must be hidden when the secret is a JSON object of several: the values of members that are named for what they are. Pure. */

const SECRET_MEMBER = /(token|secret|verifier|password|key)$/i;

/** The texts to hide of `value`: itself, or those of its members when it is a JSON object. */
export function secretTexts(value: string): readonly string[] {
  if (!value.startsWith('{')) return [value];
  try {
    return membersOf(JSON.parse(value));
  } catch {
    return [value];
  }
}

function membersOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' ? (SECRET_MEMBER.test(name) ? [member] : []) : membersOf(member),
  );
}
