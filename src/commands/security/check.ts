/** Says what the walls would decide on URLs, paths or commands, without doing any of it. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { readValues } from '../../cli/read-values.ts';
import { table } from '../../cli/table.ts';
import { makeVisible } from '../../core/sandbox/exec/show-act.ts';
import { checkSecurity } from '../../core/tools/security-check.ts';

export default class SecurityCheck extends BaseCommand {
  static override summary = 'Say what the walls decide on URLs, paths or commands, without doing any of it.';
  static override description =
    'Each VALUE is one URL, path or command line; - reads them from stdin, one a line. A command may also be a JSON array of its words. Exit code 0 means that all were judged, whatever the verdicts.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> url http://169.254.169.254/ --json',
    "echo http://a.example | <%= config.bin %> <%= command.id %> url - --resolve '*=127.0.0.1'",
    '<%= config.bin %> <%= command.id %> path ../../etc/passwd --root . --mode write',
    "<%= config.bin %> <%= command.id %> exec 'curl https://api.example/x' --allow curl",
  ];
  static override strict = false;
  static override args = {
    kind: Args.string({ description: 'What the values are.', options: ['url', 'path', 'exec'], required: true }),
    value: Args.string({ description: 'What to judge; - for lines on stdin.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    resolve: many({ description: "In place of DNS; '*=IP' answers for every other name.", helpValue: 'NAME=IP' }),
    root: Flags.string({ description: 'The granted folder; the working folder when absent.', helpValue: 'DIR' }),
    mode: Flags.string({ description: 'How a path would be used.', options: ['read', 'write'], default: 'read' }),
    allow: many({ description: 'On the list of commands, in place of the usual list.', helpValue: "'PROGRAM [ARGS]'" }),
    argv: Flags.boolean({ description: 'The values are the words of one command.' }),
    level: Flags.string({
      description: 'How commands off the list are met.',
      options: ['deny', 'allowlist', 'ask', 'full'],
      default: 'ask',
    }),
  };

  async run(): Promise<void> {
    const { args, argv, flags } = await this.parse(SecurityCheck);
    const { home } = (await this.openApp()).paths;
    const words = (argv as string[]).slice(1);
    const values = flags.argv ? [JSON.stringify(words)] : await readValues(words);
    const judged = await checkSecurity({ ...flags, kind: args.kind, home, cwd: process.cwd() }, values);
    const rows = judged.map((row) => ({ ...row, value: makeVisible(row.value) }));
    this.print(judged, () => table(rows, this.texts));
  }
}

function many(options: { description: string; helpValue: string }) {
  return Flags.string({ ...options, multiple: true, multipleNonGreedy: true });
}
