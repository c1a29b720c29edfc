/** Begins a tool. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { writeNewFile } from '../../cli/write-new-file.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { phrase } from '../../core/kernel/language/phrase.ts';
import { isToolName, NAME_RULE } from '../../core/tools/registry/tool-name.ts';
import { toolTemplate } from '../../core/tools/tool-template.ts';

export default class ToolNew extends BaseCommand {
  static override summary = 'Write the beginning of a tool into the tools folder; an existing file is never touched.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> my_tool',
    '<%= config.bin %> <%= command.id %> my_tool --folder .',
  ];
  static override args = { name: Args.string({ description: `Its name: ${NAME_RULE}.`, required: true }) };
  static override flags = { folder: Flags.string({ description: 'Write it here instead.', helpValue: 'DIR' }) };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolNew);
    if (!isToolName(args.name))
      throw new ClawError('usage-invalid', `${JSON.stringify(args.name)} is no name of a tool.`, {
        hint: `Use ${NAME_RULE}.`,
      });
    const app = await this.openApp();
    const taken = (await (await app.tools()).registry.entries()).find(({ name }) => name === args.name);
    if (taken !== undefined)
      throw new ClawError('conflict', phrase('toolExists', args.name), {
        hint: `claw tool info ${args.name}`,
      });
    const folder = flags.folder === undefined ? app.paths.tools : resolve(flags.folder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${args.name}.ts`);
    await writeNewFile(file, toolTemplate(args.name));
    this.print({ name: args.name, file }, () => `${file}\nTry it with: claw tool test ${args.name}`);
  }
}
