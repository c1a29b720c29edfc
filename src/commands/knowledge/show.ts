/** Shows one document. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { shownText } from '../../cli/knowledge-report.ts';
import { requirePermission } from '../../core/access/permissions.ts';
import { shownRow } from '../../core/knowledge/document-row.ts';

export default class KnowledgeShow extends BaseCommand {
  static override summary = 'Show a document with the passages it was cut into.';
  static override examples = ['<%= config.bin %> <%= command.id %> manual.pdf'];
  static override args = { document: Args.string({ description: 'Its id, path or URL.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(KnowledgeShow);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requirePermission({ user, scopes: null }, 'knowledge.read');
    const shown = await (await app.knowledge()).show(user.id, args.document);
    this.print(shownRow(shown), () => shownText(shown));
  }
}
