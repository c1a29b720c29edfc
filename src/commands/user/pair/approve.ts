/** Lets the person with a pairing code in. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../../cli/base-command.ts';
import { pairingJson } from '../../../core/access/access-json.ts';
import { safeLine } from '../../../core/kernel/terminal-text.ts';

export default class UserPairApprove extends BaseCommand {
  static override summary = 'Let in the person who has this pairing code.';
  static override description =
    'They become a user of their own with the role user, or with --user another account of somebody who is known. Five wrong codes lock this for ten minutes.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> K7QM-3WXD',
    '<%= config.bin %> <%= command.id %> K7QM-3WXD --user owner',
  ];
  static override args = { code: Args.string({ description: 'The code the person told you.', required: true }) };
  static override flags = {
    user: Flags.string({ description: 'The user they are, when claw knows them already.' }),
    by: Flags.string({ description: 'The admin who decides, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserPairApprove);
    const app = await this.openApp();
    const by = await app.user(flags.by);
    const { pairing, user } = await (await app.pairing()).approve(args.code, by, flags.user);
    this.print(
      { ...pairingJson(pairing, app.clock.now()), user: user.username },
      () => `${safeLine(pairing.person_name)} on ${pairing.channel} is ${user.username} now and may talk.`,
    );
  }
}
