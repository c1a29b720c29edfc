/** Owns which checks of the doctor belong together. Pure. */

export const GROUPS = ['server', 'store', 'settings', 'services', 'backups', 'home'] as const;
export type Group = (typeof GROUPS)[number];

const OF: Readonly<Record<string, Group>> = {
  server: 'server',
  'server-version': 'server',
  'server-crashes': 'server',
  'server-memory': 'server',
  'stale-files': 'server',
  ports: 'server',
  channels: 'server',
  'service-unit': 'server',
  'dead-letters': 'server',
  tasks: 'server',
  spool: 'server',
  store: 'store',
  'foreign-keys': 'store',
  schema: 'store',
  'write-ahead-log': 'store',
  audit: 'store',
  'memory-index': 'store',
  'conversation-index': 'store',
  'knowledge-index': 'store',
  secrets: 'services',
  providers: 'services',
  'provider-addresses': 'services',
  accounts: 'services',
  'local-models': 'services',
  tools: 'services',
  sandbox: 'services',
  'container-engine': 'services',
  browser: 'services',
  backups: 'backups',
  'backup-proof': 'backups',
  settings: 'settings',
  'setting-names': 'settings',
  'outranked-settings': 'settings',
  'setting-aliases': 'settings',
  'working-directory': 'settings',
  'env-files': 'settings',
  'other-home': 'settings',
  'time-zone': 'settings',
  clock: 'settings',
};

/** Checks by group, in the order of the groups; one that is new belongs to the home. */
export function grouped<Check extends { readonly check: string }>(
  checks: readonly Check[],
): readonly (readonly [Group, readonly Check[]])[] {
  const by = Map.groupBy(checks, ({ check }) => OF[check] ?? 'home');
  return GROUPS.flatMap((group) => {
    const found = by.get(group);
    return found === undefined ? [] : [[group, found] as const];
  });
}
