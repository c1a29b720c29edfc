import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideUrlText } from '../../../src/core/net/decide-url.ts';
import { decideExec, type ExecLevel } from '../../../src/core/sandbox/exec-policy.ts';
import { DEFAULT_ALLOW } from '../../../src/core/sandbox/exec/grammars.ts';
import { ALLOW, ALLOWED, ASKED, DENIED } from './fixtures/vectors.ts';

let root = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'claw-commands-')));
  for (const name of ['notes.txt', 'data.json', 'old.txt']) writeFileSync(join(root, name), '');
  mkdirSync(join(root, 'sub'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function decide(command: string | string[], level: ExecLevel = 'ask', allow: readonly string[] = ALLOW) {
  const question = { command, level, allow, cwd: root, roots: [{ folder: root, mode: 'write' as const }] };
  return decideExec(question, { checkUrl: (url) => decideUrlText(url) });
}

async function decisions(
  commands: readonly string[],
  level: ExecLevel = 'ask',
  allow = ALLOW,
): Promise<[string, string, string][]> {
  const asked = commands.map(async (command): Promise<[string, string, string]> => {
    const { decision, reason } = await decide(command, level, allow);
    return [command, decision, reason];
  });
  return Promise.all(asked);
}

describe('the exec wall', () => {
  it(`lets ${ALLOWED.length} known forms of allowed programs run`, async () => {
    expect((await decisions(ALLOWED)).filter(([, decision]) => decision !== 'allow')).toEqual([]);
  });

  it(`asks about ${ASKED.length} commands off the list or beyond looking`, async () => {
    expect((await decisions(ASKED)).filter(([, decision]) => decision !== 'ask')).toEqual([]);
  });

  it(`denies ${DENIED.length} commands`, async () => {
    expect(DENIED.length).toBeGreaterThan(600);
    expect((await decisions(DENIED)).filter(([, decision]) => decision !== 'deny')).toEqual([]);
  });

  it('with an allow list only, denies what would be asked', async () => {
    expect((await decisions(ASKED, 'allowlist')).filter(([, decision]) => decision !== 'deny')).toEqual([]);
    expect((await decisions(ALLOWED, 'allowlist')).filter(([, decision]) => decision !== 'allow')).toEqual([]);
  });

  it('switched off, denies everything', async () => {
    expect((await decisions([...ALLOWED, ...ASKED], 'deny')).filter(([, decision]) => decision !== 'deny')).toEqual([]);
  });

  it('with an empty list asks about every known form', async () => {
    expect((await decisions(ALLOWED, 'ask', [])).filter(([, decision]) => decision === 'allow')).toEqual([]);
  });

  it('allows only looking by default', async () => {
    const dangerous = new Set(['curl', 'wget', 'rm', 'node', 'sh', 'env', 'sed', 'awk', 'tee', 'ssh']);
    expect(DEFAULT_ALLOW.filter((program) => dangerous.has(program))).toEqual([]);
  });

  it('at level full runs any trusted program, but still without a shell and without untrusted files', async () => {
    expect((await decide("bash -c 'id'", 'full')).decision).toBe('allow');
    for (const command of ['ls; id', 'ls $(id)', './ls', '/tmp/ls', 'A=b ls'])
      expect((await decide(command, 'full')).decision).toBe('deny');
  });
});

describe('a pattern of the list', () => {
  it.each([
    ['git status', 'git status -s', 'allow'],
    ['git status', 'git log', 'ask'],
    ['git', 'git log', 'allow'],
    ['git push', 'git push', 'allow'],
    ['git push', 'git push origin main', 'allow'],
    ['git push', 'git push --receive-pack=x', 'ask'],
    ['git push', 'git push --force', 'ask'],
    ['git push --force', 'git push --force', 'allow'],
    ['cat notes.txt', 'cat notes.txt', 'allow'],
    ['cat notes.txt', 'cat data.json', 'ask'],
    ['cat /etc/passwd', 'cat /etc/passwd', 'deny'],
    ['curl -o f', 'curl -o f https://a.example', 'deny'],
    ['curl https://a.example/', 'curl https://a.example/x', 'ask'],
    ['curl https://a.example/', 'curl https://a.example/', 'allow'],
    ["grep 'a b'", "grep 'a b' notes.txt", 'allow'],
    ['grep a', "grep 'a b' notes.txt", 'ask'],
    ['cur', 'curl https://a.example/', 'ask'],
    ['curl2', 'curl https://a.example/', 'ask'],
    ['*', 'ls', 'ask'],
    ['', 'ls', 'ask'],
    ['ls; id', 'ls', 'ask'],
    ['wget', 'wget https://a.example/', 'allow'],
    ['wget', 'wget -O x https://a.example/', 'ask'],
    ['wget -O x https://a.example/', 'wget -O x https://a.example/', 'allow'],
    ['node', 'node x.js', 'ask'],
    ['node x.js', 'node x.js', 'ask'],
    ['node x.js', 'node y.js', 'ask'],
    ['nodejs', 'node x.js', 'deny'],
    ['sh', 'sh -c id', 'ask'],
  ])('%s meets %s with %s', async (pattern, command, decision) => {
    expect((await decide(command, 'ask', [pattern])).decision).toBe(decision);
  });
});

describe('a program without a grammar that is on the list', () => {
  const words = 'cp ln dd wget nmap'.split(' ');
  const decisionOf = async (command: string) => (await decide(command, 'ask', words)).decision;

  it('is denied a bare word that is a link or a second name on disk', async () => {
    symlinkSync('/etc/passwd', join(root, 'way'));
    symlinkSync('/etc', join(root, 'ways'));
    for (const command of ['cp way a', 'cp a way', 'cp a ways', 'ln way b', 'dd if=way', 'dd of=ways'])
      expect([command, await decisionOf(command)]).toEqual([command, 'deny']);
    for (const command of ['cp notes.txt copy', 'cp notes.txt sub', 'cp a b'])
      expect([command, await decisionOf(command)]).toEqual([command, 'allow']);
  });

  it('is denied hosts of this machine or its network, also without a scheme', async () => {
    for (const host of [
      '127.0.0.1',
      '127.0.0.1:80/x',
      'localhost',
      'LOCALHOST:1',
      '[::1]/x',
      '10.0.0.1',
      '169.254.169.254/a',
    ])
      expect([host, await decisionOf(`wget ${host}`)]).toEqual([host, 'deny']);
    for (const word of ['a.example', '1.1.1.1', '5', '1.2', '10.1'])
      expect([word, await decisionOf(`nmap ${word}`)]).toEqual([word, 'allow']);
  });

  it('is asked about when the decoded end of an address is a closed name', async () => {
    expect(await decisionOf('wget https://a.example/%2ebashrc')).toBe('ask');
    expect(await decisionOf('wget https://a.example/%2E%65nv')).toBe('ask');
    expect(await decisionOf('wget https://a.example/a%20b.txt')).toBe('allow');
  });
});

describe('words given as a list', () => {
  it('are taken as they are, and judged the same', async () => {
    expect((await decide(['curl', 'https://api.example/?a=1&b=2'])).decision).toBe('allow');
    expect((await decide(['grep', '$HOME; rm *', 'notes.txt'])).decision).toBe('allow');
    expect((await decide(['curl', 'https://api.example/; rm x'])).decision).toBe('allow');
    for (const words of [
      [],
      [''],
      ['curl', '-o', 'f', 'https://a.example'],
      ['ls', 'a\0'],
      ['ls', 'a\nb'],
      ['A=b', 'ls'],
      ['sh', '-c', 'id'],
      ['./ls'],
      ['ls', '/etc'],
    ]) {
      expect([words, (await decide(words)).decision]).toEqual([words, 'deny']);
    }
  });
});

describe('what is shown to the one who approves', () => {
  it('is the parsed act, nothing hidden', async () => {
    expect((await decide('wget  \'a b\'   "c"')).act).toBe("wget 'a b' c");
    expect((await decide(['wget', 'evil\u202egpj.exe', 'a\u200bb', "it's", 'a\u00a0b'])).act).toBe(
      String.raw`wget 'evil\u{202e}gpj.exe' 'a\u{200b}b' 'it'\''s' 'a\u{a0}b'`,
    );
  });
});

describe('any command line', () => {
  it('that is not denied names a bare program and holds no operator outside quotes', async () => {
    const piece = fc.constantFrom(
      'ls',
      'cat',
      'curl',
      ' ',
      ' -l',
      ' notes.txt',
      ';',
      '|',
      '&',
      '>',
      '<',
      '$(id)',
      '`id`',
      '"',
      "'",
      '\\',
      '\n',
      '*',
      '~',
      '$A',
      ' https://a.example/',
      'A=b ',
      '(',
      ')',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const line = pieces.join('');
        const { decision, argv } = await decide(line);
        if (decision === 'deny') return;
        expect(argv[0]).toMatch(/^[a-z][a-z.]*[a-z-]*$/);
        expect(line.replaceAll(/'[^']*'|"[^"$`]*"/g, '')).not.toMatch(/[;|&<>()$`\\\n*]/);
      }),
      { numRuns: 2_000 },
    );
  });
});
