/** Proves the audit trail whole, or names the first row that is not. */
import { BaseCommand } from '../../cli/base-command.ts';
import { printErr } from '../../cli/print.ts';
import { verdictJson } from '../../core/audit/audit-service.ts';
import { ERROR_KINDS } from '../../core/kernel/errors.ts';

const ROWS_PER_REMARK = 200_000;

export default class AuditVerify extends BaseCommand {
  static override summary = 'Check that no row of the audit trail was changed, removed, moved or put in.';
  static override description =
    'Exit code 10 when something is wrong; the first bad row is named. The code of the last row, kept elsewhere, shows later that the trail still contains it.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(AuditVerify);
    const app = await this.openApp();
    let told = 0;
    const onProgress = (checked: number, last: number): void => {
      if (checked - told < ROWS_PER_REMARK) return;
      told = checked;
      printErr(`${checked} rows checked, the last is ${last}.`);
    };
    const verdict = await (await app.audit()).verify({ signal: this.signal, onProgress });
    const { isWhole, rows, problem, remark, firstBadRow } = verdict;
    if (!isWhole) process.exitCode = ERROR_KINDS['data-invalid'].exitCode;
    this.print(verdictJson(verdict), () =>
      isWhole
        ? [`The audit trail is whole: ${rows} rows.`, remark ?? []].flat().join('\n')
        : `The audit trail is broken${firstBadRow === null ? '' : ` at row ${firstBadRow}`}. ${problem}`,
    );
  }
}
