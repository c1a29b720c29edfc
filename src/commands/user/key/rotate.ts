/** Replaces an API key. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../../cli/base-command.ts';
import { keyJson } from '../../../core/access/access-json.ts';

export default class UserKeyRotate extends BaseCommand {
  static override summary = 'Replace an API key by a new one, shown once; the old one is refused from then on.';
  static override description = 'Without a key, all keys of the user are replaced by one.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice',
    '<%= config.bin %> <%= command.id %> alice claw_3f9a1b7c',
  ];
  static override args = {
    user: Args.string({ description: 'Name or id of the user.', required: true, ignoreStdin: true }),
    key: Args.string({ description: 'Id or prefix of the key.', ignoreStdin: true }),
  };
  static override flags = {
    by: Flags.string({ description: 'Who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserKeyRotate);
    const app = await this.openApp();
    const by = await app.actor(flags.by);
    const { users, keys } = await app.access();
    const owner = await users.find(by, args.user);
    const key = await keys.rotate(by, owner, args.key);
    this.print(
      { ...keyJson(key.row), api_key: key.text },
      () => `The new key of ${owner.username}, shown only now:\n${key.text}`,
    );
  }
}
