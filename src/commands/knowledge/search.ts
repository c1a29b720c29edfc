/** Searches documents. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { hitText } from '../../cli/knowledge-report.ts';
import { printErr } from '../../cli/print.ts';
import { requirePermission } from '../../core/access/permissions.ts';

export default class KnowledgeSearch extends BaseCommand {
  static override summary = 'Find passages in your documents, best first.';
  static override description = 'What you ask is text: quotes, signs and words such as AND have no special meaning.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> "how do I reset the router"',
    '<%= config.bin %> <%= command.id %> "전세 계약 기간" --limit 3 --json',
  ];
  static override args = { question: Args.string({ description: 'What to look for.', required: true }) };
  static override flags = {
    limit: Flags.integer({ description: 'How many passages.', default: 5, min: 1, max: 100 }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(KnowledgeSearch);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requirePermission({ user, scopes: null }, 'knowledge.read');
    const knowledge = await app.knowledge();
    const options = { signal: this.signal, onNote: printErr };
    const hits = await knowledge.search(user.id, args.question, flags.limit, options);
    if (hits.length === 0) printErr(await knowledge.explainNothing(user.id, args.question));
    this.print(hits, () => hits.map(hitText).join('\n\n'));
  }
}
