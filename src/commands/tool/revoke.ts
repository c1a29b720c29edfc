/** Calls a published package back. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { keyFlag } from '../../cli/package-source.ts';
import { recordAct } from '../../cli/record-act.ts';
import { registryChange, registryFlags } from '../../cli/registry-change.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { revokePackage } from '../../core/marketplace/publish-package.ts';

export default class ToolRevoke extends BaseCommand {
  static override summary = 'Call a package of a registry of yours back; homes that installed it switch it off.';
  static override description = 'A revocation is never taken back. Publish a higher version instead.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> dice@1.0.0 --registry ./registry --reason "Only sixes."',
    '<%= config.bin %> <%= command.id %> --key-id 0123456789abcdef --registry . --reason Stolen',
  ];
  static override args = { package: Args.string({ description: 'NAME, or NAME@VERSION.' }) };
  static override flags = {
    ...registryFlags,
    key: keyFlag,
    'key-id': Flags.string({ description: 'Everything that this key has signed.', helpValue: 'ID' }),
    reason: Flags.string({ description: 'Why, for those who installed it.', required: true, helpValue: 'TEXT' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolRevoke);
    const [name, version] = (args.package ?? '').split('@', 2);
    const what = {
      ...(name ? { name } : {}),
      ...(version === undefined ? {} : { version }),
      ...(flags['key-id'] === undefined ? {} : { key_id: flags['key-id'] }),
    };
    if (what.name === undefined && what.key_id === undefined)
      throw new ClawError('usage-invalid', 'What is to be revoked? Name a package or --key-id.');
    const app = await this.openApp();
    const { sequence, name: registry } = await revokePackage(await registryChange(app, flags), what, flags.reason);
    const row = { ...what, reason: flags.reason, registry, sequence };
    await recordAct(app, 'tool.revoke', { target: args.package ?? flags['key-id'] ?? '', detail: row });
    this.print(row, () => `Revoked in the registry ${registry}, sequence ${sequence}.`);
  }
}
