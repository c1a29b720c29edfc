/** Lists standing grants. */
import { grantRow } from '../../cli/approval-report.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { grantJson } from '../../core/conversations/approval-json.ts';

export default class ApprovalGrants extends BaseCommand {
  static override summary = 'List what was allowed for longer than once.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<void> {
    const grants = await (await (await this.openApp()).approvals()).grants();
    this.print(grants.map(grantJson), () =>
      grants.length === 0 ? this.texts.cli.none.grants : table(grants.map(grantRow), this.texts),
    );
  }
}
