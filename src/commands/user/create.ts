/** Adds a user. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';

export default class UserCreate extends BaseCommand {
  static override summary = 'Add a user, and show their first API key once.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice',
    '<%= config.bin %> <%= command.id %> alice --role readonly --json',
  ];
  static override args = {
    name: Args.string({ description: 'Name of the user.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    role: Flags.string({ description: 'admin, user or readonly.', default: 'user' }),
    by: Flags.string({ description: 'The admin who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserCreate);
    const app = await this.openApp();
    const by = await app.actor(flags.by);
    const { user, key } = await (await app.access()).users.create(by, { username: args.name, role: flags.role });
    this.print(
      { id: user.id, username: user.username, role: user.role, api_key: key.text },
      () => `${user.username} is here now, with the role ${user.role}. Their API key, shown only now:\n${key.text}`,
    );
  }
}
