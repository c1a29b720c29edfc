/** Removes documents. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { count } from '../../cli/knowledge-input.ts';
import { requirePermission } from '../../core/access/permissions.ts';

export default class KnowledgeRemove extends BaseCommand {
  static override summary = 'Remove a document, or a folder with all that came from it. Your files stay.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> manual.pdf',
    '<%= config.bin %> <%= command.id %> ~/notes',
  ];
  static override args = { document: Args.string({ description: 'Id, path, URL or folder.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(KnowledgeRemove);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requirePermission({ user, scopes: null }, 'knowledge.change');
    const removed = await (await app.knowledge()).remove(user, args.document);
    this.print({ removed }, () => `Removed ${count(removed, 'document')}.`);
  }
}
