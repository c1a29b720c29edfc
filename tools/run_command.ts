import { defineTool, z } from 'claw/tool';

interface Ran {
  code: number | null;
  stopped?: string;
  stdout: string;
  stderr: string;
}

export default defineTool({
  name: 'run_command',
  description:
    'Runs one program with its arguments in the workspace. No shell: no pipes, redirections or variables. What is not allowed yet is refused or put before the user.',
  input: z.object({
    command: z
      .union([z.string().min(1).max(10_000), z.array(z.string().max(10_000)).min(1).max(500)])
      .describe('Such as git status; or its words.'),
    input: z.string().max(1_000_000).optional().describe('Its standard input.'),
  }),
  permissions: { host: ['programs'] },
  parallel: false,
  async run(request, ctx) {
    const { code, stopped, stdout, stderr } = (await ctx.host('programs').call('run', request)) as Ran;
    if (stopped !== undefined) throw new Error(`it was stopped (${stopped})\n${stdout}${stderr}`);
    const errors = stderr === '' ? '' : `\n[stderr]\n${stderr}`;
    if (code === 0) return `${stdout}${errors}`;
    return `${stdout}${errors}\n[exit code ${code}]`;
  },
});
