import { BaseCommand } from '../../cli/base-command.ts';

export default class ConfigPath extends BaseCommand {
  static override summary = 'Show where the configuration is.';
  static override description = 'Prints the path of config.json; with --json also the home and the other files in it.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(ConfigPath);
    const { paths } = (await this.openApp()).config;
    const { home, config, env, secrets } = paths;
    this.print({ home, config, env, secrets, history: paths.configHistory }, () => config);
  }
}
