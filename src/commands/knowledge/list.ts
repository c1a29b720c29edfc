/** Lists documents. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { table } from '../../cli/table.ts';
import { requirePermission } from '../../core/access/permissions.ts';
import { documentRow } from '../../core/knowledge/document-row.ts';

export default class KnowledgeList extends BaseCommand {
  static override summary = 'List your documents, latest change first.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --limit 500 --json',
  ];
  static override flags = {
    limit: Flags.integer({ description: 'How many.', default: 100, min: 1, max: 10_000 }),
    offset: Flags.integer({ description: 'How many to leave out.', default: 0, min: 0 }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(KnowledgeList);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requirePermission({ user, scopes: null }, 'knowledge.read');
    const rows = (await (await app.knowledge()).list(user.id, flags)).map(documentRow);
    this.print(rows, () =>
      rows.length === 0
        ? this.texts.cli.none.documents
        : table(
            rows.map(({ id, title, kind, chunks, updated_at }) => ({
              id,
              title: title.slice(0, 50),
              kind,
              passages: chunks,
              updated: updated_at.slice(0, 16).replace('T', ' '),
            })),
            this.texts,
          ),
    );
  }
}
