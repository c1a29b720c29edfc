/** Lists the registries. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { printErr } from '../../cli/print.ts';
import { table } from '../../cli/table.ts';
import { requireAdmin } from '../../core/access/local-user.ts';
import { safeText } from '../../core/kernel/terminal-text.ts';
import { registryJson } from '../../core/marketplace/marketplace-json.ts';

export default class ToolRegistries extends BaseCommand {
  static override summary = 'List the registries that tools are installed from, with their keys.';
  static override description =
    'The setting MARKETPLACE_REGISTRIES names them. The key a registry is first seen with is remembered; --forget learns it anew, after its owner told you of a new one.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --forget https://example.com/tools/',
  ];
  static override flags = {
    forget: Flags.string({ description: 'Forget the key and the newest list of this one.', helpValue: 'REGISTRY' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ToolRegistries);
    const app = await this.openApp();
    const marketplace = await app.marketplace();
    if (flags.forget !== undefined) {
      const user = await app.user(flags.user);
      requireAdmin(user);
      await marketplace.forgetRegistry(flags.forget, user);
      return this.print({ forgotten: flags.forget }, () => `The key of ${flags.forget} is forgotten.`);
    }
    const { loaded, remarks } = await marketplace.registries(this.signal);
    for (const remark of remarks) printErr(safeText(remark));
    const rows = loaded.map(registryJson).map(({ remark: _remark, ...row }) => row);
    this.print(loaded.map(registryJson), () =>
      rows.length === 0 ? this.texts.cli.none.registries : safeText(table(rows, this.texts)),
    );
  }
}
