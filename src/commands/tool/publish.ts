/** Adds a package to a registry. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { isSourceFile, openPackage, packageFlags, signTool } from '../../cli/package-source.ts';
import { recordAct } from '../../cli/record-act.ts';
import { registryChange, registryFlags, shippedNames } from '../../cli/registry-change.ts';
import { publishPackage } from '../../core/marketplace/publish-package.ts';

export default class ToolPublish extends BaseCommand {
  static override summary = 'Add a tool to a registry of yours: a folder that others read, from disk or over https.';
  static override description =
    'TOOL is a source file, a .clawpkg file or the folder of a package. The registry is made at its first use; its sequence rises with each change. A published version never changes, and a name stays with its key.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ./dice.ts --registry ./registry --version 1.0.0',
    '<%= config.bin %> <%= command.id %> dice-1.0.0.clawpkg --registry ./registry',
  ];
  static override args = { tool: Args.string({ description: 'A file or a folder.', required: true }) };
  static override flags = { ...packageFlags, ...registryFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolPublish);
    const app = await this.openApp();
    const parts = isSourceFile(args.tool)
      ? await signTool(app, args.tool, flags, this.signal)
      : await openPackage(app, args.tool, this.signal);
    const change = await registryChange(app, flags);
    const { verified, registry } = await publishPackage(change, parts, await shippedNames(app));
    const { name, version } = verified.manifest;
    const { sequence } = registry;
    const row = { registry: registry.name, sequence, sha256: verified.sha256, key_id: verified.keyId };
    await recordAct(app, 'tool.publish', { target: `${name}@${version}`, detail: row });
    this.print(
      { name, version, ...row, folder: change.folder },
      () => `${name} ${version} is in the registry ${registry.name}, sequence ${sequence}.`,
    );
  }
}
