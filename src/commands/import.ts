/** Takes over the home of another assistant. */
import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { readKinds, reportJson, reportText, stepText } from '../cli/import-report.ts';
import { showProgress } from '../cli/print.ts';
import { IMPORT_SOURCES } from '../core/import/imported.ts';

export default class Import extends BaseCommand {
  static override summary = 'Move in from another assistant: what it knew, said and planned.';
  static override description =
    'Nothing in the folder is changed, and nothing of it is run: tasks rest until you resume them, webhooks are off until you confirm them, tools wait for your approval. Running it again takes over only what is new; what is here is never put over.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> flux ~/flux-openclaw --dry-run',
    '<%= config.bin %> <%= command.id %> nanoclaw ~/nanoclaw --only users,conversations,memories',
    '<%= config.bin %> <%= command.id %> openclaw ~/.openclaw --user anna --json',
  ];
  static override args = {
    source: Args.string({ required: true, ignoreStdin: true, options: [...IMPORT_SOURCES], description: 'Which one.' }),
    folder: Args.string({ required: true, ignoreStdin: true, description: 'The folder in which it ran.' }),
  };
  static override flags = {
    'dry-run': Flags.boolean({ description: 'Tell what would be taken over, and write nothing.' }),
    only: Flags.string({ description: 'Kinds to take over: users, keys, memories …', helpValue: 'KINDS' }),
    activate: Flags.boolean({ description: 'Tasks that were active there are active at once.' }),
    user: Flags.string({ description: 'Whose it becomes what had no owner there; else the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Import);
    const app = await this.openApp();
    const request = {
      source: args.source as (typeof IMPORT_SOURCES)[number],
      folder: resolve(args.folder),
      isDry: flags['dry-run'],
      only: readKinds(flags.only),
      activates: flags.activate,
      owner: await app.user(flags.user),
      signal: this.signal,
      onProgress: (step: 'read' | 'index', done: number) => showProgress(stepText(step, done)),
    };
    const imports = await app.imports();
    const report = await imports.run(await app.actor(), request).finally(() => showProgress(''));
    this.print(reportJson(report), () => reportText(report));
  }
}
