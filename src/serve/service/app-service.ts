/** Owns what a service of this installation is made of: this Node, this claw, this home. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../core/create-app.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { packageRoot } from '../../core/tools/source/own-program.ts';
import { createService, requireOwner, type Scope, type Service, userIdOf } from './service.ts';
import { isSystemdBooted } from './systemctl.ts';
import type { UnitOptions } from './unit-text.ts';

const SYSTEMCTL = ['/usr/bin/systemctl', '/bin/systemctl', '/run/current-system/sw/bin/systemctl'];

export function appService({ config }: App): Service {
  const program = SYSTEMCTL.find((path) => existsSync(path));
  return createService({
    platform: process.platform,
    isBooted: program !== undefined && isSystemdBooted(),
    systemctl: program ?? '/usr/bin/systemctl',
    env: config.desktop,
    folders: unitFolders({ config }),
  });
}

/** Folders of unit files. */
export function unitFolders({ config }: Pick<App, 'config'>): Readonly<Record<Scope, string>> {
  return { system: '/etc/systemd/system', user: join(config.userConfigFolder, 'systemd', 'user') };
}

/** What to install for this home. Throws `usage-invalid` when a system service has no user, `permission-denied` when the home is not theirs. */
export async function installOptions(app: App, scope: Scope, user: string | undefined): Promise<UnitOptions> {
  const { home } = app.paths;
  const folders = [app.settings.get('WORKSPACE'), app.settings.get('BACKUP_DIR')];
  const writable = folders.filter((folder) => folder !== home && !folder.startsWith(`${home}/`));
  const options = { scope, node: process.execPath, claw: join(packageRoot(), 'bin', 'claw.js'), home, writable };
  if (scope === 'user') return options;
  if (user === undefined) {
    throw new ClawError('usage-invalid', 'A system service needs the user it runs as.', {
      hint: 'Add --user NAME; best one of its own, who owns the home.',
    });
  }
  await requireOwner(home, await userIdOf(user), user);
  return { ...options, user };
}
