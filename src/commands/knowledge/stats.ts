/** Counts documents. */
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { count } from '../../cli/knowledge-input.ts';
import { requirePermission } from '../../core/access/permissions.ts';

export default class KnowledgeStats extends BaseCommand {
  static override summary = 'Show how many documents and passages you have, and which folders are watched.';
  static override examples = ['<%= config.bin %> <%= command.id %> --json'];
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(KnowledgeStats);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requirePermission({ user, scopes: null }, 'knowledge.read');
    const knowledge = await app.knowledge();
    const { documents, chunks, bytes, vectors } = await knowledge.stats(user.id);
    const folders = (await knowledge.folders(user.id)).map(({ path, checked_at: at }) => ({
      path,
      checked_at: at === null ? null : new Date(at).toISOString(),
    }));
    this.print({ documents, chunks, bytes, vectors, folders }, () =>
      [
        `${count(documents, 'document')}, ${count(chunks, 'passage')}, ${(bytes / 1024 / 1024).toFixed(1)} MB read`,
        ...(vectors === null
          ? []
          : [`${vectors} of them with a vector of ${app.settings.get('EMBEDDING_MODEL') ?? ''}`]),
        ...folders.map(({ path, checked_at }) => `watched: ${path} (last look: ${checked_at ?? 'never'})`),
      ].join('\n'),
    );
  }
}
