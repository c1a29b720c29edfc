/** Refuses a pairing code. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../../cli/base-command.ts';
import { pairingJson } from '../../../core/access/access-json.ts';
import { safeLine } from '../../../core/kernel/terminal-text.ts';

export default class UserPairDeny extends BaseCommand {
  static override summary = 'Refuse someone who got a pairing code.';
  static override description = 'They get no other code for an hour.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> K7QM-3WXD',
    '<%= config.bin %> <%= command.id %> 019aa0f3-7c1e',
  ];
  static override args = {
    code: Args.string({ description: 'The code, or the id of the request or its beginning.', required: true }),
  };
  static override flags = {
    by: Flags.string({ description: 'The admin who decides, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserPairDeny);
    const app = await this.openApp();
    const pairing = await (await app.pairing()).deny(args.code, await app.user(flags.by));
    this.print(
      pairingJson(pairing, app.clock.now()),
      () => `${safeLine(pairing.person_name)} on ${pairing.channel} stays outside.`,
    );
  }
}
