import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TelegramServer, TOKEN } from '../fakes/telegram/telegram-server.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';
import { textWidth } from '../../src/core/kernel/text-width.ts';
import { openTerminal } from './pty.ts';
import { runClaw } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

const HANGUL = /[가-힣]/u;
const KOREAN = { CLAW_LANG: 'ko' };
/** Nothing but the locale speaks. */
const byLocale = (env: Record<string, string>): Record<string, string> => ({ CLAW_LANG: '', ...env });

describe('the language of the command line', () => {
  it.each([
    [KOREAN, true],
    [byLocale({ LANG: 'ko_KR.UTF-8' }), true],
    [byLocale({ LANG: 'C' }), false],
    [byLocale({ LANG: 'ko_KR.UTF-8', LC_ALL: 'en_US.UTF-8' }), false],
    [byLocale({ LANG: 'en_US.UTF-8', LC_MESSAGES: 'ko_KR.UTF-8' }), true],
    [{ CLAW_LANG: 'en', LANG: 'ko_KR.UTF-8' }, false],
  ])('of help follows %j', async (env, isKorean) => {
    const { stdout, code } = await runClaw(['--help'], { env });
    expect(code).toBe(0);
    expect(HANGUL.test(stdout)).toBe(isKorean);
  });

  it('of help is that of the home: a setting outranks the locale', async () => {
    const home = temporaryHome();
    const env = byLocale({ LANG: 'C' });
    expect((await runClaw(['config', 'set', 'CLAW_LANG', 'ko'], { home, env })).code).toBe(0);
    expect((await runClaw(['task', '--help'], { home, env })).stdout).toContain('예약된 작업.');
    const elsewhere = temporaryHome();
    expect((await runClaw(['task', '--help', '--home', home], { home: elsewhere, env })).stdout).toMatch(HANGUL);
    expect((await runClaw(['task', '--help'], { home: elsewhere, env })).stdout).not.toMatch(HANGUL);
  });

  it('that nobody speaks is remarked on, and English is taken', async () => {
    const env = byLocale({ CLAW_LANG: 'xx', LANG: 'C' });
    const { stdout, stderr, code } = await runClaw(['task', 'list'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('No tasks.');
    expect(stderr).toContain('CLAW_LANG from the environment must be one of en, ko; it has no effect.');
    expect((await runClaw(['--help'], { env })).stdout).toContain('USAGE');
  });

  it('is that of errors and their next step', async () => {
    const home = temporaryHome();
    const missing = await runClaw(['task', 'show', 'nope'], { home, env: KOREAN });
    expect(missing.stderr).toBe('claw: "nope" 작업이 없어요.\n      `claw task list`로 볼 수 있어요.\n');
    expect(missing.code).toBe(6);
    const unknown = await runClaw(['tasks'], { home, env: KOREAN });
    expect(unknown.stderr).toBe('claw: "claw tasks" 명령은 없어요.\n      혹시 "claw task"인가요?\n');
    const usage = await runClaw(['task', 'show'], { home, env: KOREAN });
    expect(usage.stderr).toContain('claw: 필요한 인수가 빠졌어요: ID.');
    expect((await runClaw(['task', 'list', '--foo'], { home, env: KOREAN })).stderr).toContain('--foo 옵션은 없어요.');
  });

  it('is that of lists, of a first run and of the remark that no model is set up', async () => {
    const home = temporaryHome();
    const init = await runClaw(['init', '--defaults'], { home, env: KOREAN });
    expect(init.stdout).toBe(`홈이 준비됐어요: ${home}\n다음 단계: claw chat\n`);
    expect((await runClaw(['task', 'list'], { home, env: KOREAN })).stdout).toContain('예약된 작업이 없어요.');
    const answer = await runClaw(['chat', '-p', '2 더하기 3은?'], { home, env: KOREAN });
    expect(answer.stdout).toContain('5');
    expect(answer.stderr).toContain('오프라인 모드예요. 설정된 모델 제공자가 없어요.');
    const rows = (await runClaw(['user', 'list'], { home, env: KOREAN })).stdout.split('\n');
    expect(rows[0]).toMatch(/^이름 +역할 +상태 +등록일$/);
    // The second column begins at the same place in the header and below it.
    const column = (row: string, word: string): number => textWidth(row.slice(0, row.indexOf(word)));
    expect(column(rows[1] ?? '', 'admin')).toBe(column(rows[0] ?? '', '역할'));
  });

  it('never changes what programs read', async () => {
    const home = temporaryHome();
    await runClaw(['init', '--defaults'], { home });
    const commands = [
      ['task', 'list'],
      ['task', 'show', 'nope'],
      ['user', 'list'],
      ['budget', 'list'],
      ['tool', 'list'],
      ['config', 'get', 'MAX_TOKENS'],
      ['model', 'set', 'nobody/nothing'],
      ['task', 'list', '--foo'],
      ['tasks'],
    ];
    for (const command of commands) {
      const english = await runClaw([...command, '--json'], { home });
      const korean = await runClaw([...command, '--json'], { home, env: KOREAN });
      expect(korean.stdout, command.join(' ')).toBe(english.stdout);
      expect(korean.code, command.join(' ')).toBe(english.code);
    }
  });

  it('never changes the events of a turn, the log or the audit trail', async () => {
    const homes = await Promise.all(
      [{}, KOREAN].map(async (env) => {
        const home = temporaryHome();
        const args = ['chat', '-p', 'what is 2 plus 3?', '--output-format', 'stream-json'];
        const { stdout } = await runClaw(args, { home, env });
        const notices = stdout.split('\n').filter((line) => line.includes('"type":"notice"'));
        const audit = await runClaw(['audit', 'list', '--json'], { home, env });
        return { notices, audit: audit.stdout };
      }),
    );
    expect(homes[0]?.notices.length).toBeGreaterThan(0);
    expect(homes[1]?.notices).toEqual(homes[0]?.notices);
    expect(homes[1]?.audit).not.toMatch(HANGUL);
  });
});

describe('a screen in Korean', () => {
  it('fits into 40 columns and says what it does', async () => {
    const terminal = openTerminal(['chat'], { columns: 40, env: KOREAN });
    await terminal.shows('무엇이든 물어보세요');
    await terminal.shows('오프라인 모드예요');
    await terminal.say('2 더하기 3은?');
    await terminal.shows(/\n5\n/);
    await terminal.say('/help');
    await terminal.shows((each) => each.history().includes('새 대화 시작'));
    await terminal.say('/modle');
    await terminal.shows('/modle 명령어는 없어요.');
    await terminal.shows('혹시 /model인가요?');
    for (const line of terminal.history().split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(40);
    terminal.write('\x03');
    await terminal.shows('Ctrl-C를 한 번 더 누르면 나가요');
    terminal.write('\x03');
    expect((await terminal.exited).code).toBe(0);
  });
});

describe('a bot in Korean', () => {
  it('greets, helps and introduces itself to strangers in the language of the home', async () => {
    const server = await new TelegramServer().listen();
    onTestFinished(() => server.close());
    const home = temporaryHome();
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'config.json'), '{"CLAW_LANG": "ko"}\n');
    const env = {
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_ALLOWED_USERS: '42',
      TELEGRAM_API_ROOT: server.url,
      LLM_MODEL: 'offline',
      CLAW_LANG: '',
    };
    const serve = await startServe({ home, env });
    const ask = async (text: string): Promise<string> => {
      const before = server.textsIn(42).length;
      server.say(text, { entities: [{ type: 'bot_command', offset: 0, length: text.length }] });
      await server.until(() => server.textsIn(42).length > before);
      return server.textsIn(42).at(-1) ?? '';
    };
    const help = await ask('/help');
    expect(help).toContain('/reset – 새 대화 시작하기');
    expect(help).toContain('멘션');
    expect(await ask('/stop')).toBe('지금은 하고 있는 일이 없어요.');
    expect(await ask('/usage')).toContain('오늘: 사용 없음');
    server.say('안녕', { chat: { id: 77, type: 'private' }, from: { id: 77, is_bot: false, first_name: 'Sam' } });
    await server.until(() => server.textsIn(77).length > 0);
    expect(server.textsIn(77)[0]).toContain('저를 운영하는 분께 이 코드를 알려 주세요:');
    expect(await serve.stop()).toBe(0);
  });
});
