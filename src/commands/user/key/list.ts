/** Lists API keys. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../../cli/base-command.ts';
import { table } from '../../../cli/table.ts';
import { keyRow } from '../../../cli/user-report.ts';
import { keyJson } from '../../../core/access/access-json.ts';

export default class UserKeyList extends BaseCommand {
  static override summary = 'List the API keys of a user; never the keys themselves.';
  static override examples = ['<%= config.bin %> <%= command.id %> alice'];
  static override args = {
    user: Args.string({ description: 'Name or id of the user.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    all: Flags.boolean({ description: 'Also those that are revoked or have expired.' }),
    by: Flags.string({ description: 'Who asks, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserKeyList);
    const app = await this.openApp();
    const by = await app.actor(flags.by);
    const { users, keys } = await app.access();
    const owner = await users.find(by, args.user);
    const found = await keys.list(by, owner, flags);
    const now = app.clock.now();
    this.print(found.map(keyJson), () =>
      found.length === 0
        ? `${owner.username} has no key.`
        : table(
            found.map((key) => keyRow(key, now)),
            this.texts,
          ),
    );
  }
}
