/** Copies the audit trail out. */
import { Flags } from '@oclif/core';
import { auditFilter, auditFilterFlags } from '../../cli/audit-flags.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { printText } from '../../cli/print.ts';
import { writeNewPages } from '../../cli/write-new-file.ts';
import type { ExportFormat } from '../../core/audit/audit-service.ts';

export default class AuditExport extends BaseCommand {
  static override summary = 'Write the audit trail as JSON lines or CSV, oldest row first.';
  static override description =
    'In CSV, a cell that a spreadsheet would take for a formula gets an apostrophe before it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --since 30d > audit.jsonl',
    '<%= config.bin %> <%= command.id %> --format csv --out audit.csv',
  ];
  static override flags = {
    ...auditFilterFlags,
    format: Flags.string({ description: 'What to make of it.', options: ['jsonl', 'csv'], default: 'jsonl' }),
    out: Flags.string({ char: 'o', description: 'A new file to write, instead of stdout.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditExport);
    const app = await this.openApp();
    const filter = auditFilter(flags, app.clock.now());
    const isShown = flags.json && flags.out === undefined;
    const pages = (await app.audit()).export(isShown ? 'jsonl' : (flags.format as ExportFormat), filter);
    if (flags.out !== undefined) {
      const file = flags.out;
      const bytes = await writeNewPages(file, pages);
      this.print({ file, bytes }, () => `Written: ${file} (${bytes} bytes)`);
      return;
    }
    if (!isShown) {
      for await (const page of pages) printText(page);
      return;
    }
    const text = (await Array.fromAsync(pages)).join('');
    const rows: unknown[] = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
    this.print(rows, () => text);
  }
}
