/** Makes the search index of messages anew, or checks it. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { printErr } from '../../cli/print.ts';
import { requireAdmin } from '../../core/access/local-user.ts';

export default class ConversationReindex extends BaseCommand {
  static override summary = 'Make the search index of all conversations anew, and check it.';
  static override description = 'Exit code 10 when the index is not right.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --check --json',
  ];
  static override flags = { check: Flags.boolean({ description: 'Only check it.' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConversationReindex);
    const app = await this.openApp();
    requireAdmin(await app.user());
    const service = await app.conversations();
    if (!flags.check) printErr(`${await service.rebuildIndex(this.signal)} messages indexed anew`);
    const check = await service.checkIndex();
    if (!check.ok) process.exitCode = 10;
    const waiting = check.waiting === 0 ? '' : ` ${check.waiting} wait for the next search.`;
    this.print(check, () =>
      check.ok ? `The index is right: ${check.indexed} messages.${waiting}` : check.problems.join('\n'),
    );
  }
}
