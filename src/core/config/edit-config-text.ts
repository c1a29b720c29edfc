/** Owns the change of one member of config.json: every other byte stays, and a change that would do more is refused. Pure. */
import { type ConfigMember, readConfigMembers } from './config-text.ts';

/** `text` with `name` set to `value`: in place where it stands, else as the last member. `path` is for messages. */
export function setMember(text: string, name: string, value: unknown, path: string): string {
  const members = readConfigMembers(text, path);
  const written = JSON.stringify(value);
  const standing = members.findLast((member) => member.name === name);
  const last = members.at(-1);
  let changed: string;
  if (standing !== undefined) {
    changed = text.slice(0, standing.valueStart) + written + text.slice(standing.end);
  } else if (last === undefined) {
    changed = text.replace(/\{\s*\}/, () => `{\n  ${JSON.stringify(name)}: ${written}\n}`);
  } else {
    const gap = /\s*$/.exec(text.slice(0, last.start))?.[0] ?? ' ';
    changed = `${text.slice(0, last.end)},${gap}${JSON.stringify(name)}: ${written}${text.slice(last.end)}`;
  }
  requireSame(members, readConfigMembers(changed, path), name);
  return changed;
}

/** `text` without any member called `name`. */
export function removeMember(text: string, name: string, path: string): string {
  const members = readConfigMembers(text, path);
  const index = members.findLastIndex((member) => member.name === name);
  const member = members[index];
  if (member === undefined) return text;
  const next = members[index + 1];
  const previous = members[index - 1];
  const from = next === undefined && previous !== undefined ? previous.end : member.start;
  const changed = text.slice(0, from) + text.slice(next?.start ?? member.end);
  requireSame(members, readConfigMembers(changed, path), name);
  return removeMember(changed, name, path);
}

/** A member that differs between two texts; a value is absent where the member is. */
export interface MemberChange {
  readonly name: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** Members whose value differs between two texts, in the order they stand. */
export function changedMembers(before: string, after: string, path: string): readonly MemberChange[] {
  const [old, fresh] = [before, after].map((text) => {
    const members = readConfigMembers(text, path);
    return new Map<string, unknown>(members.map(({ name, value }) => [name, value]));
  });
  const names = new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])]);
  const written = (members: typeof old, name: string) => JSON.stringify(members?.get(name));
  return [...names]
    .filter((name) => written(old, name) !== written(fresh, name))
    .map((name) => ({
      name,
      ...(old?.has(name) === true ? { from: old.get(name) } : {}),
      ...(fresh?.has(name) === true ? { to: fresh.get(name) } : {}),
    }));
}

/** Throws when members other than `name` were lost, added or changed: such a text is never written. */
function requireSame(before: readonly ConfigMember[], after: readonly ConfigMember[], name: string): void {
  const others = (members: readonly ConfigMember[]): string =>
    JSON.stringify(members.filter((member) => member.name !== name).map((member) => [member.name, member.value]));
  if (others(before) !== others(after)) throw new Error(`setting ${name} would have changed other members`);
}
