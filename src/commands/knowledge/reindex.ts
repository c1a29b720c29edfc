/** Makes the index of documents anew, or checks it. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { embedAdded } from '../../cli/knowledge-input.ts';
import { printErr } from '../../cli/print.ts';
import { requireAdmin } from '../../core/access/local-user.ts';

export default class KnowledgeReindex extends BaseCommand {
  static override summary = 'Make the index of all documents anew from their stored text, and check it.';
  static override description =
    'Passages without a vector of the present EMBEDDING_MODEL get one. Exit code 10 when the index is not right.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --check --json',
  ];
  static override flags = { check: Flags.boolean({ description: 'Only check it.' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(KnowledgeReindex);
    const app = await this.openApp();
    const user = await app.user();
    requireAdmin(user);
    const knowledge = await app.knowledge();
    if (!flags.check) {
      printErr(`${await knowledge.rebuild(user)} passages indexed anew`);
      const embedded = await embedAdded(knowledge, { retryRefused: true, signal: this.signal });
      if (embedded > 0) printErr(`${embedded} passages got a vector`);
    }
    const check = await knowledge.check();
    if (!check.ok) process.exitCode = 10;
    const unfinished = check.unfinished === 0 ? '' : ` ${check.unfinished} documents were cut off: add them again.`;
    this.print(check, () =>
      check.ok ? `The index is right: ${check.indexed} passages.${unfinished}` : check.problems.join('\n'),
    );
  }
}
