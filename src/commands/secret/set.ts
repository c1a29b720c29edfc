import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { recordAct } from '../../cli/record-act.ts';
import { readSecret } from '../../cli/read-secret.ts';
import { checkSecretValue, secretNamed } from '../../core/config/prepare-change.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { phrase } from '../../core/kernel/language/phrase.ts';

export default class SecretSet extends BaseCommand {
  static override summary = 'Keep a secret: in the keychain of the system, or in an encrypted file.';
  static override description =
    'Asks for the value without showing it, or reads it from stdin; never from the command line.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ANTHROPIC_API_KEY',
    '<%= config.bin %> <%= command.id %> WEATHER_KEY --host api.example.com < key.txt',
  ];
  static override args = {
    name: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Name of the secret, such as OPENAI_API_KEY.',
    }),
    value: Args.string({ hidden: true, ignoreStdin: true }),
  };
  static override flags = {
    host: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'A host tools may send it to; may be given several times.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretSet);
    const hint = `Run "claw secret set ${args.name}" and type it, or send it by a pipe.`;
    if (args.value !== undefined) throw new ClawError('usage-invalid', phrase('secretNotOnLine'), { hint });
    const name = secretNamed(args.name);
    const app = await this.openApp();
    const secrets = await app.secrets();
    const value = await readSecret(`Value of ${name}`);
    checkSecretValue(name, value);
    const hosts = (flags.host ?? []).map((host) => host.toLowerCase());
    const kept = await secrets.set(name, { value, hosts });
    await recordAct(app, 'secret.set', { target: name, detail: { hosts, store: kept } });
    const where = kept === 'keychain' ? 'the keychain of this system' : 'the encrypted file secrets.sealed';
    this.print({ name, hosts, source: kept }, () => `${name} is kept in ${where}.`);
  }
}
