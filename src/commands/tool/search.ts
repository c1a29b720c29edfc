/** Searches the registries. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { printErr } from '../../cli/print.ts';
import { table } from '../../cli/table.ts';
import { safeText } from '../../core/kernel/terminal-text.ts';
import { foundJson } from '../../core/marketplace/marketplace-json.ts';
import { permissionWords } from '../../core/tools/permissions.ts';

export default class ToolSearch extends BaseCommand {
  static override summary = 'List the tools that registries have, or those with every word of a text.';
  static override description =
    'A registry that is missing, damaged, not signed or older than before is left out with a remark; the others go on.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> csv',
    '<%= config.bin %> <%= command.id %> "convert units" --json',
  ];
  static override args = { text: Args.string({ description: 'Words of name, description or tags.' }) };

  async run(): Promise<void> {
    const { args } = await this.parse(ToolSearch);
    const marketplace = await (await this.openApp()).marketplace();
    const { found, remarks } = await marketplace.search(args.text ?? '', this.signal);
    for (const remark of remarks) printErr(safeText(remark));
    const rows = found.map(({ entry, from, installed, revoked }) => ({
      name: entry.name,
      version: entry.version,
      installed: revoked === null ? (installed ?? '') : 'revoked',
      registry: from.location,
      may: permissionWords(entry.permissions).join('; ') || 'only compute',
      description: entry.description,
    }));
    this.print(found.map(foundJson), () =>
      rows.length === 0 ? this.texts.cli.none.toolsFound : safeText(table(rows, this.texts)),
    );
  }
}
