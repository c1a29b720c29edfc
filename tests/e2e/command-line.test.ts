import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runClaw, runClawJson } from './run-claw.ts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'dist', 'oclif.manifest.json'), 'utf8')) as {
  commands: Record<string, unknown>;
};
const commandNames = Object.keys(manifest.commands).map((id) => id.replaceAll(':', ' '));

describe('claw', () => {
  it('prints its version and platform', async () => {
    const { stdout, code } = await runClaw(['--version']);
    expect(stdout).toMatch(/^claw\/\d+\.\d+\.\d+ \w+-\w+ node-v\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });

  it('prints the root help with the table of exit codes, with and without --help', async () => {
    const plain = await runClaw([]);
    const asked = await runClaw(['--help']);
    expect(plain.stdout).toBe(asked.stdout);
    expect(asked.stdout).toContain('EXIT CODES');
    expect(asked.stdout).toMatch(/^ {2}130 {2}cancelled$/m);
    expect(asked.code).toBe(0);
  });

  it('takes -h and -v for --help and --version', async () => {
    expect((await runClaw(['-h'])).stdout).toBe((await runClaw(['--help'])).stdout);
    expect((await runClaw(['completion', '-h'])).stdout).toBe((await runClaw(['completion', '--help'])).stdout);
    expect((await runClaw(['-v'])).stdout).toBe((await runClaw(['--version'])).stdout);
  });

  it('takes "help COMMAND" for "COMMAND --help"', async () => {
    const [first, second] = [await runClaw(['help', 'completion']), await runClaw(['completion', '--help'])];
    expect(first.stdout).toBe(second.stdout);
    expect(first.stdout).toContain('EXAMPLES');
  });

  it('does not take --help behind -- for a request for help', async () => {
    const { code, stderr } = await runClaw(['completion', '--', '--help']);
    expect(code).toBe(2);
    expect(stderr).toContain('Expected --help to be one of');
  });

  it('answers an unknown command with exit 2 and the nearest name', async () => {
    const { code, stderr, stdout } = await runClaw(['completoin', 'bash']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Did you mean "claw completion"?');
  });

  it('answers a topic alone with its help, and with exit 2 when a program asks', async () => {
    const alone = await runClaw(['config']);
    expect(alone.stdout).toBe((await runClaw(['config', '--help'])).stdout);
    expect(alone.code).toBe(0);
    const { json, code } = await runClawJson(['config']);
    expect(json).toMatchObject({ error: { code: 'usage-invalid', message: 'claw config needs a command.' } });
    expect(code).toBe(2);
  });

  it('looks for the nearest name inside a topic', async () => {
    const { stderr } = await runClaw(['config', 'gte']);
    expect(stderr).toContain('Did you mean "claw config get"?');
  });

  it('answers an unknown option with exit 2', async () => {
    const { code, stderr } = await runClaw(['completion', 'bash', '--colour']);
    expect(code).toBe(2);
    expect(stderr).toContain('--colour');
  });

  it('answers an option without a command with exit 2', async () => {
    const { code, stderr } = await runClaw(['--colour']);
    expect(code).toBe(2);
    expect(stderr).toContain('--colour');
  });

  it('prints a failure as one JSON value on stdout with --json', async () => {
    const { json, code, stderr } = await runClawJson(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { code: 'usage-invalid' } });
    expect(stderr).toBe('');
  });

  it('shows an example and the flags of every command in its help, within 80 columns', async () => {
    expect(commandNames.length).toBeGreaterThan(10);
    for (const name of commandNames) {
      const { stdout, code } = await runClaw([...name.split(' '), '--help']);
      expect(code, name).toBe(0);
      for (const part of ['EXAMPLES', '--json', '--home']) expect(stdout, name).toContain(part);
      const widest = Math.max(...stdout.split('\n').map((line) => line.length));
      expect(widest, name).toBeLessThanOrEqual(80);
    }
  });

  it('describes every topic', async () => {
    const { stdout } = await runClaw(['--help']);
    const rows = stdout.slice(stdout.indexOf('COMMANDS'), stdout.indexOf('FLAGS')).split('\n').slice(1);
    for (const row of rows.filter((line) => line !== '')) expect(row).toMatch(/^ {2}([a-z-]+ {2,}| {6,})\S/);
  });
});
