import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import {
  listConfigVersions,
  setConfigValue,
  undoConfig,
  unsetConfigValue,
} from '../../../src/core/config/config-file.ts';
import { readConfigMembers } from '../../../src/core/config/config-text.ts';
import { removeMember, setMember } from '../../../src/core/config/edit-config-text.ts';
import { homePaths, type HomePaths } from '../../../src/core/kernel/paths.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const program = join(import.meta.dirname, 'change-config.ts');

function homeWith(text?: string): HomePaths {
  const paths = homePaths(temporaryHome());
  if (text !== undefined) writeFileSync(paths.config, text);
  return paths;
}

const textOf = (paths: HomePaths): string => readFileSync(paths.config, 'utf8');

test('only the bytes of the value change: order, spaces, unknown members and long numbers stay', async () => {
  const paths = homeWith(
    '{\n\t"zebra": 12345678901234567890,\n\t"MAX_TOKENS" : 5 ,\n\t"a": {"MAX_TOKENS": [1, 2.50]}\n}\n',
  );
  await setConfigValue(paths, 'MAX_TOKENS', 77);
  expect(textOf(paths)).toBe(
    '{\n\t"zebra": 12345678901234567890,\n\t"MAX_TOKENS" : 77 ,\n\t"a": {"MAX_TOKENS": [1, 2.50]}\n}\n',
  );
  await setConfigValue(paths, 'LLM_MODEL', 'x');
  expect(textOf(paths)).toContain('[1, 2.50]},\n\t"LLM_MODEL": "x"\n}\n');
  await unsetConfigValue(paths, 'MAX_TOKENS');
  expect(textOf(paths)).toBe(
    '{\n\t"zebra": 12345678901234567890,\n\t"a": {"MAX_TOKENS": [1, 2.50]},\n\t"LLM_MODEL": "x"\n}\n',
  );
});

test('a setting that stands under an alias is changed there, and unset under every name', async () => {
  const paths = homeWith('{"TZ": "UTC", "CLAW_TIMEZONE": "UTC"}');
  await setConfigValue(paths, 'TIMEZONE', 'Asia/Seoul');
  expect(textOf(paths)).toBe('{"TZ": "UTC", "CLAW_TIMEZONE": "Asia/Seoul"}');
  expect(await unsetConfigValue(paths, 'TIMEZONE')).toBe(true);
  expect(JSON.parse(textOf(paths))).toEqual({});
  expect(await unsetConfigValue(paths, 'TIMEZONE')).toBe(false);
});

test('the history tells values before and after, but never those of secrets', async () => {
  const paths = homeWith('{"MAX_TOKENS": 5, "OPENAI_API_KEY": "canary-one"}');
  await setConfigValue(paths, 'MAX_TOKENS', 7);
  await setConfigValue(paths, 'LLM_MODEL', 'x');
  await unsetConfigValue(paths, 'MAX_TOKENS');
  const told = (await listConfigVersions(paths)).map(({ changes }) => changes);
  expect(told.map((changes) => changes.filter(({ name }) => name !== 'OPENAI_API_KEY'))).toEqual([
    [{ name: 'MAX_TOKENS', from: 7 }],
    [{ name: 'LLM_MODEL', to: 'x' }],
    [{ name: 'MAX_TOKENS', from: 5, to: 7 }],
  ]);
  expect(JSON.stringify(told)).not.toContain('canary');
});

test('the file is for its owner only, whatever it was', async () => {
  const paths = homeWith('{}');
  chmodSync(paths.config, 0o644);
  await setConfigValue(paths, 'MAX_TOKENS', 1);
  expect(statSync(paths.config).mode & 0o777).toBe(0o600);
  expect(readdirSync(paths.home).toSorted()).toEqual(['config.json', 'run']);
});

test('the last ten versions are kept', async () => {
  const paths = homeWith();
  for (let value = 1; value <= 13; value += 1) await setConfigValue(paths, 'MAX_TOKENS', value);
  const versions = await listConfigVersions(paths);
  expect(versions.map(({ version }) => version)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4]);
  expect(versions[0]).toMatchObject({ changed: ['MAX_TOKENS'], savedAt: expect.any(Number) });
  expect(readdirSync(paths.configHistory)).toHaveLength(10);
});

test('a change that changes nothing is no version', async () => {
  const paths = homeWith('{"MAX_TOKENS": 5}');
  await setConfigValue(paths, 'MAX_TOKENS', 5);
  expect(await listConfigVersions(paths)).toEqual([]);
});

test('undo goes back step by step and keeps what it replaced', async () => {
  const paths = homeWith();
  await setConfigValue(paths, 'MAX_TOKENS', 1);
  await setConfigValue(paths, 'MAX_TOKENS', 2);
  await undoConfig(paths);
  expect(JSON.parse(textOf(paths))).toEqual({ MAX_TOKENS: 1 });
  expect(readFileSync(join(paths.configHistory, 'undone.json'), 'utf8')).toContain('2');
  await undoConfig(paths);
  expect(JSON.parse(textOf(paths))).toEqual({});
  await expect(undoConfig(paths)).rejects.toMatchObject({ code: 'not-found' });
});

test('undo goes back to a chosen version', async () => {
  const paths = homeWith();
  for (const value of [1, 2, 3, 4]) await setConfigValue(paths, 'MAX_TOKENS', value);
  await undoConfig(paths, 2);
  expect(JSON.parse(textOf(paths))).toEqual({ MAX_TOKENS: 1 });
  await expect(undoConfig(paths, 9)).rejects.toThrow('There is no version 9');
});

test('a damaged file is not written over, and undo mends it', async () => {
  const paths = homeWith();
  await setConfigValue(paths, 'MAX_TOKENS', 1);
  await setConfigValue(paths, 'MAX_TOKENS', 2);
  writeFileSync(paths.config, '{"MAX_TOKENS": 2');
  await expect(setConfigValue(paths, 'MAX_TOKENS', 3)).rejects.toMatchObject({ code: 'data-invalid' });
  expect(textOf(paths)).toBe('{"MAX_TOKENS": 2');
  await undoConfig(paths);
  expect(JSON.parse(textOf(paths))).toEqual({ MAX_TOKENS: 1 });
});

test('a secret that was written in by hand is not kept in the history', async () => {
  const paths = homeWith('{"OPENAI_API_KEY": "made-up-value", "MAX_TOKENS": 5}');
  await unsetConfigValue(paths, 'OPENAI_API_KEY');
  const kept = readdirSync(paths.configHistory).map((file) => readFileSync(join(paths.configHistory, file), 'utf8'));
  expect(kept).toHaveLength(1);
  expect(kept.join()).not.toContain('made-up-value');
});

test('a folder that cannot be written is told as such', async () => {
  const paths = homeWith('{}');
  mkdirSync(paths.run);
  writeFileSync(paths.configHistory, 'in the way');
  await expect(setConfigValue(paths, 'MAX_TOKENS', 1)).rejects.toThrow(/EEXIST|ENOTDIR/);
  expect(textOf(paths)).toBe('{}');
});

test('eight processes that set different settings at once lose none', async () => {
  const paths = homeWith('{"unknown": true}');
  const names = Array.from({ length: 8 }, (_, index) => `NAME_${index}`);
  await Promise.all(
    names.map(async (name) => {
      const child = spawn(process.execPath, [program, paths.home, name, '5'], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      expect((await once(child, 'exit'))[0]).toBe(0);
    }),
  );
  expect(JSON.parse(textOf(paths))).toEqual({ unknown: true, ...Object.fromEntries(names.map((name) => [name, 5])) });
});

test('A59: killed at any instant of a change, the file is the old or the new one, and the next change works', async () => {
  const paths = homeWith('{"kept": [1, 2, 3]}');
  for (let round = 0; round < 12; round += 1) {
    const child = spawn(process.execPath, [program, paths.home, 'LLM_MODEL', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    // Any instant will do: the moment of the kill is what varies.
    await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 20));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { kept, LLM_MODEL: model = '' } = JSON.parse(textOf(paths)) as { kept: unknown; LLM_MODEL?: string };
    expect(kept).toEqual([1, 2, 3]);
    expect(model).toMatch(/^x*$/);
  }
  await setConfigValue(paths, 'LLM_MODEL', 'after');
  expect(JSON.parse(textOf(paths))).toMatchObject({ LLM_MODEL: 'after' });
  expect(existsSync(join(paths.run, 'config.lock'))).toBe(false);
});

const json = fc.oneof(
  fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 }),
  fc.constant({}),
);

test('setting and removing a member leaves every other as it was', () => {
  const spaces = fc.constantFrom(undefined, 1, '\t');
  fc.assert(
    fc.property(
      json,
      fc.string({ maxLength: 5 }),
      fc.jsonValue({ maxDepth: 2 }),
      spaces,
      (object, name, value, space) => {
        const text = JSON.stringify(object, null, space);
        const set = setMember(text, name, value, 'x');
        const wanted = new Map([...Object.entries(JSON.parse(text)), [name, JSON.parse(JSON.stringify(value))]]);
        const members = readConfigMembers(set, 'x');
        expect(new Map(members.map((member) => [member.name, member.value]))).toEqual(wanted);
        expect(Object.keys(JSON.parse(set)).toSorted()).toEqual([...wanted.keys()].toSorted());
        wanted.delete(name);
        const left = readConfigMembers(removeMember(set, name, 'x'), 'x');
        expect(new Map(left.map((member) => [member.name, member.value]))).toEqual(wanted);
      },
    ),
    { numRuns: 500 },
  );
});
