import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';

export default class SecretList extends BaseCommand {
  static override summary =
    'List the names of secrets, where they are kept and the hosts they may go to. Never values.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(SecretList);
    const secrets = await (await this.openApp()).secrets();
    const list = await secrets.list();
    this.print(
      list.map(({ name, hosts, source }) => ({ name, hosts, source })),
      () =>
        list.length === 0
          ? this.texts.cli.none.secrets
          : table(
              list.map(({ name, hosts, source }) => ({ name, source, hosts: hosts.join(', ') })),
              this.texts,
            ),
    );
  }
}
