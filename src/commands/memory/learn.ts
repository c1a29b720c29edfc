/** Learns from a conversation now, and shows what was learned when. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { permittedUser } from '../../cli/permitted-user.ts';
import { table } from '../../cli/table.ts';
import { passJson } from '../../core/conversations/learning/pass-json.ts';

export default class MemoryLearn extends BaseCommand {
  static override summary = 'Look at ended conversations for things to remember, and show what came of it.';
  static override description =
    'A conversation ends with /new, when you leave the chat, with /reset on a platform, or when it was quiet for LEARNING_IDLE_MINUTES while the server runs. What was not looked at yet is looked at now.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> 01993b --json',
  ];
  static override args = { conversation: Args.string({ description: 'A conversation that ends now.' }) };
  static override flags = {
    limit: Flags.integer({ description: 'How many to show.', default: 20, min: 1, max: 1000 }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MemoryLearn);
    const app = await this.openApp();
    const user = await permittedUser(app, flags.user, 'memory.change');
    const learning = await app.learning();
    if (args.conversation !== undefined)
      await learning.end((await (await app.conversations()).find(user.id, args.conversation)).id);
    await learning.run(this.signal, user.id);
    const passes = (await learning.passes(user.id, flags.limit)).map(passJson);
    this.print(passes, () => (passes.length === 0 ? this.texts.cli.none.learned : table(passes, this.texts)));
  }
}
