/** Backups through the built program: made while it is used, proved, put back, killed in the middle. */
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dump, flipped } from '../core/backup/backup-kit.ts';
import { ROOT, runClaw, startClaw, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

const KILLER = join(ROOT, 'tests', 'fakes', 'kill-at-rename.ts');

interface Made {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly schema: number;
}

const remember = (home: string, what: string) => runClaw(['chat', '-p', `remember my cat is called ${what}`], { home });
const memories = async (home: string): Promise<string> =>
  (await runClaw(['memory', 'list', '--json'], { home })).stdout;

/** The restore itself is a new row of the audit trail. */
const withoutAudit = (tables: string): unknown[] =>
  (JSON.parse(tables) as [string, unknown][]).filter(([name]) => !name.startsWith('audit_'));

async function backUp(home: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Made> {
  const { stdout, stderr, code } = await runClaw(['backup', 'create', '--json', ...args], { home, env });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Made;
}

describe('claw backup', () => {
  test(
    'A60: what was backed up while the server runs comes back in an empty home, secrets stay out',
    { timeout: 60_000 },
    async () => {
      const home = await temporaryDirectory();
      await remember(home, 'Momo');
      await runClaw(['secret', 'set', 'SHOP_KEY'], { home, input: 'canary-0123456789abcdef' });
      writeFileSync(join(home, '.env'), 'SHOP_TOKEN=canary-fedcba9876543210\nMAX_HISTORY=40\n');
      const serve = await startServe({ home });
      const made = await backUp(home);
      expect(made).toEqual({
        file: expect.stringContaining(join(home, 'backups')) as string,
        bytes: readFileSync(made.file).length,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        schema: expect.any(Number) as number,
        files: expect.any(Number) as number,
        encrypted: false,
        skipped: [],
      });
      await serve.stop();
      const other = await temporaryDirectory();
      const restored = await runClaw(['backup', 'restore', made.file, '--yes', '--json'], { home: other });
      expect(JSON.parse(restored.stdout)).toMatchObject({ sha256: made.sha256, before: null });
      expect(await memories(other)).toContain('Momo');
      const verified = await runClaw(['audit', 'verify', '--json'], { home: other });
      expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true });
      const files = readdirSync(other, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
      for (const { parentPath, name } of files) {
        expect(readFileSync(join(parentPath, name), 'latin1'), name).not.toMatch(/canary-/);
      }
      expect(readFileSync(join(other, '.env'), 'utf8')).toContain('MAX_HISTORY=40');
    },
  );

  test(
    'B59: restoring brings the old values back; what is no backup, and what is not there, are told apart',
    { timeout: 60_000 },
    async () => {
      const home = await temporaryDirectory();
      await remember(home, 'Momo');
      const { file } = await backUp(home);
      const before = dump(home);
      await remember(home, 'Nabi');
      expect((await runClaw(['backup', 'restore', file, '--yes'], { home })).code).toBe(0);
      expect(await memories(home)).toContain('Momo');
      expect(await memories(home)).not.toContain('Nabi');
      expect(withoutAudit(dump(home))).toEqual(withoutAudit(before));
      writeFileSync(join(home, 'note.txt'), 'no backup');
      const none = await runClaw(['backup', 'restore', join(home, 'note.txt'), '--yes'], { home });
      expect([none.code, none.stderr]).toEqual([10, expect.stringContaining('is no backup of claw')]);
      const missing = await runClaw(['backup', 'restore', 'nothing.zst', '--yes'], { home });
      expect([missing.code, missing.stderr]).toEqual([6, expect.stringContaining('There is no file')]);
    },
  );

  test(
    'a flipped byte is found with exit code 10; a restore waits for the server to be stopped',
    { timeout: 60_000 },
    async () => {
      const home = await temporaryDirectory();
      await remember(home, 'Momo');
      const { file, bytes } = await backUp(home);
      writeFileSync(join(home, 'bad.zst'), flipped(file, Math.floor(bytes / 2)));
      const bad = await runClaw(['backup', 'verify', join(home, 'bad.zst'), '--json'], { home });
      expect([bad.code, bad.stdout]).toEqual([10, expect.stringContaining('damaged')]);
      expect((await runClaw(['backup', 'verify', file], { home })).code).toBe(0);
      const serve = await startServe({ home });
      const refused = await runClaw(['backup', 'restore', file, '--yes'], { home });
      expect([refused.code, refused.stderr]).toEqual([7, expect.stringContaining('claw service stop')]);
      expect(await serve.stop()).toBe(0);
    },
  );

  test(
    'an encrypted one opens with its pass-phrase alone, and a command gets the file of each',
    { timeout: 60_000 },
    async () => {
      const home = await temporaryDirectory();
      await remember(home, 'Momo');
      const env = {
        BACKUP_PASSPHRASE: 'a long pass-phrase',
        BACKUP_COMMAND: 'cp --target-directory=backups/../copies',
      };
      const failed = await runClaw(['backup', 'create'], { home, env });
      expect([failed.code, failed.stderr]).toEqual([
        8,
        expect.stringContaining('The backup was written, but BACKUP_COMMAND'),
      ]);
      const copies = await temporaryDirectory();
      const { file } = await backUp(home, [], { ...env, BACKUP_COMMAND: `cp --target-directory=${copies}` });
      expect(file).toMatch(/\.enc$/);
      expect(readdirSync(copies)).toHaveLength(1);
      expect((await runClaw(['backup', 'verify', file], { home })).code).toBe(4);
      expect(
        (await runClaw(['backup', 'verify', file], { home, env: { BACKUP_PASSPHRASE: 'another pass-phrase' } })).code,
      ).toBe(4);
      expect((await runClaw(['backup', 'verify', file], { home, env })).code).toBe(0);
    },
  );

  test(
    'one that is killed while it is written leaves no backup, and the next one is whole',
    { timeout: 60_000 },
    async () => {
      const home = await temporaryDirectory();
      await remember(home, 'Momo');
      mkdirSync(join(home, 'knowledge'), { recursive: true });
      writeFileSync(join(home, 'knowledge', 'large.bin'), randomBytes(40_000_000));
      mkdirSync(join(home, 'backups'), { recursive: true });
      const run = await startClaw(['backup', 'create'], { home });
      for await (const { filename } of watch(join(home, 'backups'))) {
        if (filename?.endsWith('.part') === true) break;
      }
      run.kill('SIGKILL');
      await once(run, 'exit');
      expect((await runClaw(['backup', 'list', '--json'], { home })).stdout.trim()).toBe('[]');
      const { file } = await backUp(home);
      expect((await runClaw(['backup', 'verify', file], { home })).code).toBe(0);
    },
  );

  test('a restore killed anywhere in its swap is finished by whatever runs next', { timeout: 180_000 }, async () => {
    const home = await temporaryDirectory();
    await remember(home, 'Momo');
    writeFileSync(join(home, 'instruction.md'), 'old');
    const { file } = await backUp(home);
    const template = await temporaryDirectory();
    await remember(template, 'Nabi');
    let killed = 0;
    for (let at = 1; ; at += 1) {
      const target = await temporaryDirectory();
      cpSync(template, target, { recursive: true });
      const env = { NODE_OPTIONS: `--import ${KILLER}`, KILL_AT: String(at) };
      const run = await startClaw(['backup', 'restore', file, '--yes'], { home: target, env });
      const [, signal] = (await once(run, 'exit')) as [number | null, NodeJS.Signals | null];
      const found = await memories(target);
      if (signal === null) {
        expect(found).toContain('Momo');
        break;
      }
      killed += 1;
      const isOld = found.includes('Nabi');
      expect([isOld, found.includes('Momo')], `killed at ${at}`).toEqual([isOld, !isOld]);
      if (!isOld) expect(readFileSync(join(target, 'instruction.md'), 'utf8')).toBe('old');
      const audit = await runClaw(['audit', 'verify', '--json'], { home: target });
      expect(JSON.parse(audit.stdout), `killed at ${at}`).toMatchObject({ ok: true });
    }
    expect(killed).toBeGreaterThan(4);
  });

  test('no file is written over, and no bad number is taken', async () => {
    const home = await temporaryDirectory();
    await remember(home, 'Momo');
    const wrong = await runClaw(['backup', 'create', '--output', join(home, 'claw.db')], { home });
    expect([wrong.code, wrong.stderr]).toEqual([7, expect.stringContaining('exists already')]);
    expect((await runClaw(['backup', 'prune', '--keep', '0'], { home })).code).toBe(2);
    expect((await runClaw(['backup', 'list', '--json'], { home })).stdout.trim()).toBe('[]');
  });
});
