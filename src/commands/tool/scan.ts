/** Looks over all tools. */
import { BaseCommand } from '../../cli/base-command.ts';
import { scanTools } from '../../cli/tool-scan.ts';
import { safeText } from '../../core/kernel/terminal-text.ts';

export default class ToolScan extends BaseCommand {
  static override summary = 'Look over every tool in the tools folder again, and say what stands out.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    const { registry, admin } = await (await this.openApp()).tools();
    const found = await scanTools(registry, admin, this.signal);
    const lines = found.flatMap(({ name, state, reason, findings }) => [
      `${name}  ${state}${reason === null ? '' : `: ${reason}`}`,
      ...findings.map(({ line, message }) => `  line ${line}: ${message}`),
    ]);
    this.print(found, () =>
      safeText(lines.length === 0 ? 'There are no tools but those that ship with claw.' : lines.join('\n')),
    );
  }
}
