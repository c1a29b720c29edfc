/** Makes an API key. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../../cli/base-command.ts';
import { keyJson } from '../../../core/access/access-json.ts';

const DAY_MS = 86_400_000;

export default class UserKeyCreate extends BaseCommand {
  static override summary = 'Make an API key for a user and show it once.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice --name laptop',
    '<%= config.bin %> <%= command.id %> alice --scope chat.send --days 30',
  ];
  static override args = {
    user: Args.string({ description: 'Name or id of the user.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    name: Flags.string({ description: 'What the key is for.' }),
    scope: Flags.string({
      description: 'An action it is good for, such as chat.send or conversation.*; may be given several times.',
      multiple: true,
      multipleNonGreedy: true,
    }),
    days: Flags.integer({ description: 'Days until it ends; without, it does not end.', min: 1, max: 3650 }),
    by: Flags.string({ description: 'Who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserKeyCreate);
    const app = await this.openApp();
    const by = await app.actor(flags.by);
    const { users, keys } = await app.access();
    const owner = await users.find(by, args.user);
    const expiresInMs = flags.days === undefined ? undefined : flags.days * DAY_MS;
    const key = await keys.create(by, owner, { name: flags.name, scopes: flags.scope, expiresInMs });
    this.print(
      { ...keyJson(key.row), api_key: key.text },
      () => `A key of ${owner.username}, shown only now:\n${key.text}`,
    );
  }
}
