/** Owns what oclif is told about this installation. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Config } from '@oclif/core';

/** oclif's view of the package in `root`, from the manifest in `dist`; without one it loads every command found there. */
export async function loadConfig(root: string, dist: string): Promise<Config> {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, string>;
  const commands = { strategy: 'pattern', target: './commands' } as const;
  const pjson = {
    name,
    version,
    type: 'module',
    oclif: { bin: 'claw', dirname: 'claw', topicSeparator: ' ', commands },
  };
  return Config.load({ root: dist, pjson: pjson as never, userPlugins: false, devPlugins: false });
}
