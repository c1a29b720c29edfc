import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Environment } from '../../../src/core/config/home.ts';
import type { Settings } from '../../../src/core/config/load-settings.ts';
import { type Config, openConfig } from '../../../src/core/config/open-config.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

interface Given {
  readonly flags?: Record<string, string>;
  readonly environment?: Environment;
  readonly homeEnv?: string;
  readonly cwdEnv?: string;
  readonly config?: string | Record<string, unknown>;
}

function open({ flags = {}, environment = {}, homeEnv, cwdEnv, config }: Given): Config {
  const home = temporaryHome();
  const cwd = temporaryHome();
  if (homeEnv !== undefined) writeFileSync(join(home, '.env'), homeEnv);
  if (cwdEnv !== undefined) writeFileSync(join(cwd, '.env'), cwdEnv);
  const text = typeof config === 'string' ? config : JSON.stringify(config, null, 2);
  if (config !== undefined) writeFileSync(join(home, 'config.json'), text);
  return openConfig({ home, overrides: flags, environment, cwd });
}

const settingsOf = (given: Given): Settings => open(given).unchecked();

test('the strongest place wins: flag, environment, .env of the home, .env of the working directory, config.json, default', () => {
  const given = {
    flags: { MAX_TOKENS: '1' },
    environment: { MAX_TOKENS: '2' },
    homeEnv: 'MAX_TOKENS=3',
    cwdEnv: 'MAX_TOKENS=4',
    config: { MAX_TOKENS: 5 },
  };
  const order = ['flags', 'environment', 'homeEnv', 'cwdEnv', 'config'] as const;
  const sources = ['flag', 'environment', 'home-env', 'cwd-env', 'config'];
  for (const [index, strongest] of order.entries()) {
    const settings = settingsOf(Object.fromEntries(order.slice(index).map((place) => [place, given[place]])));
    expect([strongest, settings.get('MAX_TOKENS')]).toEqual([strongest, index + 1]);
    expect(settings.resolve('MAX_TOKENS').source).toBe(sources[index]);
  }
  expect(settingsOf({}).get('MAX_TOKENS')).toBe(4096);
});

test('a value tells the file and line it comes from', () => {
  expect(settingsOf({ homeEnv: '# note\nMAX_TOKENS=3' }).resolve('MAX_TOKENS').place).toMatch(/\/\.env:2$/);
  expect(settingsOf({ config: '{\n\n"MAX_TOKENS": 3}' }).resolve('MAX_TOKENS').place).toMatch(/config\.json:3$/);
});

test('an empty value is not set', () => {
  const settings = settingsOf({ environment: { MAX_TOKENS: ' ' }, homeEnv: 'MAX_TOKENS=', config: { MAX_TOKENS: 7 } });
  expect(settings.get('MAX_TOKENS')).toBe(7);
});

test('the names of one setting are one: CLAW_ counts first, then the aliases', () => {
  expect(settingsOf({ environment: { CLAW_MAX_TOKENS: '1', MAX_TOKENS: '2' } }).get('MAX_TOKENS')).toBe(1);
  expect(settingsOf({ environment: { TZ: 'Asia/Seoul' } }).get('TIMEZONE')).toBe('Asia/Seoul');
  expect(settingsOf({ environment: { TIMEZONE: 'UTC', TZ: 'Asia/Seoul' } }).get('TIMEZONE')).toBe('UTC');
  expect(settingsOf({ config: { CLAW_LLM_MODEL: 'x' } }).get('LLM_MODEL')).toBe('x');
});

test.each([
  [{ flags: { MAX_TOKENS: 'abc' } }, /MAX_TOKENS from the command line must be a whole number from 1 .*"abc"/],
  [{ environment: { MAX_TOKENS: 'abc' } }, /MAX_TOKENS from the environment/],
  [{ homeEnv: '\nMAX_TOKENS=abc' }, /MAX_TOKENS from \/.*\/\.env:2/],
  [{ config: { STREAMING_ENABLED: 'maybe' } }, /STREAMING_ENABLED from \/.*\/config\.json:2 must be true or false/],
  [{ config: { WS_ALLOWED_ORIGINS: { a: 1 } } }, /WS_ALLOWED_ORIGINS/],
])('a wrong value is refused by name and place: %j', (given: Given, message) => {
  const config = open(given);
  expect(() => config.valid()).toThrow(message);
  expect(config.unchecked().problems[0]?.exitCode).toBe(3);
  expect(config.unchecked().get('MAX_HISTORY')).toBe(50);
});

test('every wrong value is told at once', () => {
  const config = open({ environment: { MAX_TOKENS: 'abc', WS_PORT: '-1' } });
  expect(() => config.valid()).toThrow(/MAX_TOKENS[\s\S]*WS_PORT/);
});

test('a wrong secret is refused without being shown', () => {
  const config = open({ environment: { JWT_SECRET: 'hush-hush' } });
  expect(() => config.valid()).toThrow(/JWT_SECRET from the environment must be at least 32 characters/);
  expect(config.unchecked().problems.map(String).join()).not.toContain('hush-hush');
});

test('a secret in config.json is refused', () => {
  const config = open({ config: { OPENAI_API_KEY: 'hush-hush' } });
  expect(() => config.valid()).toThrow(/OPENAI_API_KEY is a secret and must not stand in .*config\.json/);
  expect(config.unchecked().problems.map(String).join()).not.toContain('hush-hush');
});

test('unknown names are no failure: they are remarked on with the nearest known one', () => {
  const config = open({
    config: { MAX_TOKNES: 5, plugins: { a: 1 } },
    environment: { CLAW_LOG_LEVLE: 'info', PATH: '/' },
  });
  expect(config.valid().get('MAX_TOKENS')).toBe(4096);
  expect(config.unchecked().remarks).toEqual([
    'CLAW_LOG_LEVLE in the environment is no setting and has no effect. Did you mean LOG_LEVEL?',
    expect.stringMatching(/^MAX_TOKNES in .*config\.json:2 is no setting .* Did you mean MAX_TOKENS\?$/),
    expect.stringMatching(/^plugins in .*config\.json:3 is no setting and has no effect\.$/),
  ]);
});

test("other people's names in .env files are no business of claw", () => {
  expect(settingsOf({ cwdEnv: 'DATABASE_URL=x\nMAX_TOKNES=1', homeEnv: 'WEATHER_API_KEY=x' }).remarks).toEqual([]);
});

test('a .env file cannot name the home', () => {
  const settings = settingsOf({ homeEnv: 'CLAW_HOME=/elsewhere' });
  expect(settings.remarks).toEqual([expect.stringContaining('CLAW_HOME')]);
});

test('a working directory that opens a door is remarked on', () => {
  expect(settingsOf({ cwdEnv: 'WS_ALLOW_REMOTE=true' }).remarks).toEqual([
    expect.stringMatching(/^WS_ALLOW_REMOTE comes from .*\.env:1, a file of the working directory\.$/),
  ]);
});

test('a working directory cannot have the key of the user sent elsewhere', () => {
  const address = 'OPENAI_BASE_URL=https://collector.example.com';
  expect(() => open({ cwdEnv: address }).valid()).toThrow(/OPENAI_BASE_URL from .*\.env:1, .* is not trusted/);
  expect(
    open({ cwdEnv: `${address}\nOPENAI_API_KEY=own-key` })
      .valid()
      .get('OPENAI_BASE_URL'),
  ).toContain('collector');
  expect(open({ homeEnv: address }).valid().get('OPENAI_BASE_URL')).toContain('collector');
  const loopback = 'OPENAI_BASE_URL=http://127.0.0.1:9';
  expect(open({ cwdEnv: loopback }).valid().get('OPENAI_BASE_URL')).toBe('http://127.0.0.1:9');
  const lookalike = 'OPENAI_BASE_URL=http://127.0.0.1.example.com';
  expect(() => open({ cwdEnv: lookalike }).valid()).toThrow('not trusted');
});

test('a working directory cannot have a program started', () => {
  const command = 'BACKUP_COMMAND=python3 -c pass';
  expect(() => open({ cwdEnv: command }).valid()).toThrow(/BACKUP_COMMAND from .*\.env:1, .* is not trusted/);
  expect(() => open({ cwdEnv: command }).unchecked().get('BACKUP_COMMAND')).toThrow('not trusted');
  expect(open({ homeEnv: command }).valid().get('BACKUP_COMMAND')).toBe('python3 -c pass');
});

test('the .env of the home counts as that of the home when it is also in the working directory', () => {
  const home = temporaryHome();
  writeFileSync(join(home, '.env'), 'WS_ALLOW_REMOTE=true');
  const settings = openConfig({ home, overrides: {}, environment: {}, cwd: home }).valid();
  expect(settings.resolve('WS_ALLOW_REMOTE').source).toBe('home-env');
  const link = join(temporaryHome(), 'link');
  symlinkSync(home, link);
  const linked = openConfig({ home, overrides: {}, environment: {}, cwd: link }).valid();
  expect(linked.resolve('WS_ALLOW_REMOTE').source).toBe('home-env');
});

test('a folder called .env is no settings file', () => {
  const cwd = temporaryHome();
  mkdirSync(join(cwd, '.env'));
  const config = openConfig({ home: temporaryHome(), overrides: {}, environment: {}, cwd });
  expect(config.valid().get('MAX_TOKENS')).toBe(4096);
});

test.each([
  ['{"MAX_TOKENS": 5,}', /config\.json is not valid JSON: .*(position|line)/],
  ['', /config\.json is empty/],
  ['[]', /config\.json does not hold an object/],
])('a damaged config.json is told with its position: %j', (config, message) => {
  const opened = open({ config });
  expect(() => opened.valid()).toThrow(message);
  expect(opened.unchecked().problems[0]?.exitCode).toBe(10);
});

test('paths begin at the home of claw or of the user, never at the working directory', () => {
  const config = open({ environment: { BACKUP_DIR: 'copies', REPLAY_FILE: '/tmp/x.jsonl' } });
  expect(config.valid().get('BACKUP_DIR')).toBe(join(config.paths.home, 'copies'));
  expect(config.valid().get('REPLAY_FILE')).toBe('/tmp/x.jsonl');
  expect(config.valid().get('MOUNT_ALLOWLIST_PATH')).toMatch(/^\/.*\/\.config\/claw\/mount-allowlist\.json$/);
});

test('a secret of a tool is found in the environment, then in the .env files', () => {
  const settings = settingsOf({ environment: { CLAW_A_KEY: '1' }, homeEnv: 'A_KEY=2\nB_KEY=3', cwdEnv: 'B_KEY=4' });
  expect(settings.lookUp('A_KEY')).toMatchObject({ value: '1', source: 'environment' });
  expect(settings.lookUp('B_KEY')).toMatchObject({ value: '3', source: 'home-env' });
  expect(settings.lookUp('C_KEY')).toBeUndefined();
});

test('an alias of a secret is that secret', () => {
  expect(settingsOf({ environment: { GEMINI_API_KEY: 'made-up' } }).lookUp('GOOGLE_API_KEY')?.value).toBe('made-up');
});

test('the texts to hide are those of secrets by name', () => {
  const settings = settingsOf({
    environment: { OPENAI_API_KEY: 'k1', X_TOKEN: 'true', Y_TOKEN: 'long enough' },
    homeEnv: 'Z_PASSWORD=also long enough\nMAX_TOKENS=12345678',
  });
  expect(settings.secretTexts).toEqual(['k1', 'long enough', 'also long enough']);
});

test.each([
  [{}, 'en'],
  [{ LANG: 'ko_KR.UTF-8' }, 'ko'],
  [{ LANG: 'ko' }, 'ko'],
  [{ LANG: 'kok_IN' }, 'en'],
  [{ LANG: 'ko_KR', LC_ALL: 'en_US' }, 'en'],
  [{ LANG: 'en_US', CLAW_LANG: 'ko' }, 'ko'],
  [{ LANG: 'ko_KR', CLAW_LANG: 'klingon' }, 'ko'],
] as const)('the language of %j is %s', (environment, language) => {
  expect(settingsOf({ environment }).language).toBe(language);
});

test('a language that claw does not speak is remarked on, and stops nothing', () => {
  const settings = settingsOf({ environment: { CLAW_LANG: 'xx' } });
  expect(settings.problems).toEqual([]);
  expect(settings.language).toBe('en');
  expect(settings.remarks).toEqual(['CLAW_LANG from the environment must be one of en, ko; it has no effect.']);
});

test('settings are read anew after a reload', () => {
  const config = open({ config: { MAX_TOKENS: 1 } });
  expect(config.valid().get('MAX_TOKENS')).toBe(1);
  writeFileSync(config.paths.config, '{"MAX_TOKENS": 2}');
  expect(config.valid().get('MAX_TOKENS')).toBe(1);
  config.reload();
  expect(config.valid().get('MAX_TOKENS')).toBe(2);
});
