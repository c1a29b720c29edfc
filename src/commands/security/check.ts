/** Says what the walls would decide on URLs, paths or commands, without doing any of it. */
import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { readValues } from '../../cli/read-values.ts';
import { table } from '../../cli/table.ts';
import { makeVisible } from '../../core/sandbox/exec/show-act.ts';
import { DEFAULT_ALLOW } from '../../core/sandbox/exec/grammars.ts';
import { resolveBySystem, resolveByTable } from '../../core/net/resolve.ts';
import { checkSecurity, readResolveTable, type SecurityQuestion } from '../../core/tools/security-check.ts';

export default class SecurityCheck extends BaseCommand {
  static override summary = 'Say what the walls decide on URLs, paths or commands, without doing any of it.';
  static override description = `Each VALUE is one URL, path or command line; - reads them from stdin, one a line. A command may also be a JSON array of its words. Exit code 0 means that all were judged, whatever the verdicts.`;
  static override examples = [
    `<%= config.bin %> <%= command.id %> url http://169.254.169.254/ --json`,
    `printf '%s\\n' http://a.example | <%= config.bin %> <%= command.id %> url - --resolve 'a.example=127.0.0.1' --json`,
    `<%= config.bin %> <%= command.id %> path ../../etc/passwd --root . --mode write`,
    `<%= config.bin %> <%= command.id %> exec 'curl https://api.example/x' --allow curl`,
  ];
  static override strict = false;
  static override args = {
    kind: Args.string({
      description: 'What the values are.',
      options: ['url', 'path', 'exec'],
      required: true,
      ignoreStdin: true,
    }),
    value: Args.string({ description: 'What to judge; - for lines on stdin.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    resolve: Flags.string({
      description: "NAME=IP in place of DNS; '*=IP' answers for every other name.",
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=IP',
    }),
    root: Flags.string({ description: 'The granted folder; the working folder when absent.', helpValue: 'DIR' }),
    mode: Flags.option({
      description: 'How the path would be used.',
      options: ['read', 'write'] as const,
      default: 'read',
    })(),
    allow: Flags.string({
      description: 'A program or command that is on the list, in place of the usual list.',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: "'PROGRAM [ARGS]'",
    }),
    level: Flags.option({
      description: 'How commands off the list are met.',
      options: ['deny', 'allowlist', 'ask', 'full'] as const,
      default: 'ask',
    })(),
  };

  async run(): Promise<void> {
    const { args, argv, flags } = await this.parse(SecurityCheck);
    const { home } = (await this.openApp()).paths;
    const dns = flags.resolve && resolveByTable(readResolveTable(flags.resolve));
    const root = { folder: resolve(flags.root ?? '.'), mode: flags.mode };
    const { allow = DEFAULT_ALLOW, mode, level } = flags;
    const questions: Record<string, SecurityQuestion> = {
      url: { kind: 'url', resolve: dns ?? resolveBySystem },
      path: { kind: 'path', root, mode, home },
      exec: { kind: 'exec', allow, level, root, home, ...(dns && { resolve: dns }) },
    };
    const values = await readValues((argv as string[]).slice(1));
    const question = questions[args.kind];
    const judged = question === undefined ? [] : await checkSecurity(question, values);
    this.print(judged, () => table(judged.map((row) => ({ ...row, value: makeVisible(row.value) }))));
  }
}
