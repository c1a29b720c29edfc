/** Adds documents. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { addSource, embedAdded, reportFailures, reportText } from '../../cli/knowledge-input.ts';
import { requirePermission } from '../../core/access/permissions.ts';

export default class KnowledgeAdd extends BaseCommand {
  static override summary = 'Add a file, a folder, a web page or text to your documents.';
  static override description =
    'Reads text, Markdown, JSON, CSV, HTML, PDF, DOCX and source code. Adding a source again brings it up to date: only what changed is indexed.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> manual.pdf',
    '<%= config.bin %> <%= command.id %> ~/notes --watch',
    '<%= config.bin %> <%= command.id %> https://example.com/guide',
    '<%= config.bin %> <%= command.id %> --jsonl documents.jsonl',
  ];
  static override args = {
    source: Args.string({ description: 'A path, a URL, or - for stdin.', required: true }),
  };
  static override flags = {
    jsonl: Flags.boolean({ description: 'Each line is {"id": …, "title": …, "content": …}.' }),
    title: Flags.string({ description: "Its title, instead of the document's own.", exclusive: ['jsonl'] }),
    name: Flags.string({ description: 'For stdin: a file name whose ending tells what it is.', helpValue: 'note.csv' }),
    watch: Flags.boolean({ description: 'For a folder: `claw serve` keeps it in step from now on.' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(KnowledgeAdd);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requirePermission({ user, scopes: null }, 'knowledge.change');
    const knowledge = await app.knowledge();
    const report = await addSource(knowledge, user, args.source, flags, this.signal);
    await embedAdded(knowledge, { ownerId: user.id, signal: this.signal });
    reportFailures(report);
    this.print(report, () => reportText(report));
  }
}
