/** Makes a signed package of a tool. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { packageFlags, signTool } from '../../cli/package-source.ts';
import { writeNewFile } from '../../cli/write-new-file.ts';
import { packPackage, verifyPackage } from '../../core/marketplace/package-format.ts';

export default class ToolPack extends BaseCommand {
  static override summary = 'Make a signed package of a tool, for others to install.';
  static override description =
    'The tool is examined as at each installation: findings, its own description in the wall, trials of its examples. What would be refused there is refused here.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ./dice.ts --version 1.0.0 --author "Ada Example" --tag games',
  ];
  static override args = { file: Args.string({ description: 'A .ts or .js file.', required: true }) };
  static override flags = {
    ...packageFlags,
    out: Flags.string({ description: 'The file to write (default: NAME-VERSION.clawpkg here).', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolPack);
    const app = await this.openApp();
    const parts = await signTool(app, args.file, flags, this.signal);
    const { manifest, sha256, keyId } = verifyPackage(parts);
    const { name, version, permissions } = manifest;
    const file = flags.out ?? `${name}-${version}.clawpkg`;
    const bytes = await writeNewFile(file, packPackage(parts));
    this.print({ name, version, file, bytes, sha256, key_id: keyId, permissions }, () =>
      [`${file}: ${name} ${version}, ${bytes} bytes, signed by ${keyId}.`, `sha256 ${sha256}`].join('\n'),
    );
  }
}
