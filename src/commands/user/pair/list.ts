/** Lists who asks to be let in. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../../cli/base-command.ts';
import { pairingRow } from '../../../cli/pairing-report.ts';
import { table } from '../../../cli/table.ts';
import { pairingJson } from '../../../core/access/access-json.ts';

export default class UserPairList extends BaseCommand {
  static override summary = 'List the people who got a pairing code and wait.';
  static override description = 'The codes are not shown: ask the person for theirs, so that you know whom you let in.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];
  static override flags = { all: Flags.boolean({ description: 'Also those that were decided or have expired.' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(UserPairList);
    const app = await this.openApp();
    const rows = await (await app.pairing()).list({ all: flags.all });
    const now = app.clock.now();
    this.print(
      rows.map((row) => pairingJson(row, now)),
      () =>
        rows.length === 0
          ? this.texts.cli.none.pairings
          : table(
              rows.map((row) => pairingRow(row, now)),
              this.texts,
            ),
    );
  }
}
