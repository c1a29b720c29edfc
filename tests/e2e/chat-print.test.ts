import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import {
  HANG,
  startModelServer,
  type ModelServer,
  type ReplySource,
  type SeenRequest,
} from '../fakes/llm/model-server.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';
import { runClaw, runClawJson, startClaw } from './run-claw.ts';

const MODEL = 'anthropic/claude-sonnet-5';

/** A stand-in for Anthropic and the settings that point claw at it. */
async function anthropic(...replies: ReplySource[]): Promise<{ server: ModelServer; env: Record<string, string> }> {
  const server = await startModelServer(replies);
  onTestFinished(() => server.close());
  return { server, env: { ANTHROPIC_API_KEY: 'made-up-key', ANTHROPIC_BASE_URL: server.url, LLM_RETRY_COUNT: '0' } };
}

/** Request number `index` (from 0) that the stand-in got. */
function seen(server: ModelServer, index: number): SeenRequest {
  const request = server.requests[index];
  if (request === undefined) throw new Error(`The stand-in got ${server.requests.length} requests only.`);
  return request;
}

const says = (...text: string[]): ReplySource => ({ pieces: anthropicWire.speak({ text }) });

describe('claw chat --print, offline', () => {
  it.each(['2 더하기 3은?', 'what is 2 plus 3'])('answers %s with 5 by the tool', async (question) => {
    const { stdout, code } = await runClaw(['chat', '-p', question]);
    expect(stdout).toContain('5');
    expect(code).toBe(0);
  });

  it('reads the question from stdin, with - and without', async () => {
    expect((await runClaw(['chat', '-p', '-'], { input: '4 plus 4\n' })).stdout).toBe('8\n');
    expect((await runClaw(['chat', '--print'], { input: '4 plus 5' })).stdout).toBe('9\n');
  });

  it('joins a question and piped text', async () => {
    expect((await runClaw(['chat', '-p', 'what is 4'], { input: 'plus 6' })).stdout).toBe('10\n');
  });

  it('prints when stdout is no terminal and a question is there', async () => {
    expect((await runClaw(['chat', '3 plus 3'])).stdout).toBe('6\n');
  });

  it('answers line after line when nothing but a pipe is there', async () => {
    const { stdout, code } = await runClaw(['chat'], { input: '1 plus 1\n2 곱하기 8은?\n' });
    expect(stdout).toBe('2\n16\n');
    expect(code).toBe(0);
  });

  it('takes a question that begins with a dash', async () => {
    expect((await runClaw(['chat', '-p', '-5 plus 3'])).stdout).toBe('-2\n');
  });

  it('says what it is as JSON', async () => {
    const { json, code } = await runClawJson(['chat', '-p', '2 plus 3']);
    expect(code).toBe(0);
    expect(json).toEqual({
      text: '5',
      conversation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      turn_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      model: expect.stringMatching(/^offline\//),
      stop_reason: 'complete',
      usage: { input_tokens: 0, output_tokens: 0, cached_tokens: 0, cost_usd: 0 },
      tools: [{ name: 'add_two_numbers', status: 'ok', ms: expect.any(Number) }],
    });
  });

  it('says what happens as one event a line', async () => {
    const { stdout } = await runClaw(['chat', '-p', '2 plus 3', '--output-format', 'stream-json']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events[0]).toMatchObject({ type: 'turn-start', resumed: false });
    expect(events.find(({ type }) => type === 'tool-start')).toMatchObject({
      name: 'add_two_numbers',
      input: { a: 2, b: 3 },
    });
    expect(events.find(({ type }) => type === 'tool-end')).toMatchObject({ status: 'ok', output: '5' });
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', text: '5', stop_reason: 'complete' });
  });

  it('goes on with a conversation by its id, its beginning, or as the last one', async () => {
    const home = temporaryHome();
    const first = (await runClawJson(['chat', '-p', '1 plus 1'], { home })).json as { conversation_id: string };
    for (const words of [
      ['--continue'],
      ['--resume', first.conversation_id],
      ['--resume', first.conversation_id.slice(0, 13)],
    ]) {
      const { json } = await runClawJson(['chat', '-p', '2 plus 2', ...words], { home });
      expect(json).toMatchObject({ conversation_id: first.conversation_id });
    }
  });

  it('refuses what it does not know with the code of the reason', async () => {
    expect((await runClaw(['chat', '-p', 'x', '--resume', 'nope'])).code).toBe(6);
    expect((await runClaw(['chat', '-p', 'x', '--user', 'nobody'])).code).toBe(6);
    expect((await runClaw(['chat', '-p', 'x', '--max-cost', '-1'])).code).toBe(2);
    expect((await runClaw(['chat', '-p'])).code).toBe(2);
    const { code, stderr, stdout } = await runClaw(['chat', '-p', 'x', '--model', MODEL]);
    expect(code).toBe(4);
    expect(stderr).toContain('ANTHROPIC_API_KEY');
    expect(stdout).toBe('');
  });

  it('attaches a file, and refuses secrets as JSON too', async () => {
    const cwd = temporaryHome();
    writeFileSync(join(cwd, '.env'), 'KEY=made-up');
    const { json, code } = await runClawJson(['chat', '-p', 'read @.env'], { cwd });
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { code: 'usage-invalid', message: expect.stringContaining('.env') } });
  });
});

describe('claw chat --print with a model', () => {
  it('streams its text and books tokens and cost', async () => {
    const { env, server } = await anthropic(says('Hel', 'lo, ', '세계'));
    const home = temporaryHome();
    const { stdout, code } = await runClaw(['chat', '-p', 'hi', '--model', MODEL], { env, home });
    expect({ stdout, code }).toEqual({ stdout: 'Hello, 세계\n', code: 0 });
    expect(anthropicWire.complaints(seen(server, 0))).toEqual([]);
    const { json } = await runClawJson(['chat', '-p', 'again', '--model', MODEL, '--continue'], { env, home });
    expect(json).toMatchObject({
      text: 'Hello, 세계',
      model: MODEL,
      usage: { input_tokens: 120, output_tokens: 30, cost_usd: expect.any(Number) },
    });
    expect(anthropicWire.texts(seen(server, 1)).join('|')).toMatch(/hi.*Hello, 세계.*again/s);
  });

  it('runs a tool call it asks for and sends the result back with its id', async () => {
    const call = { id: 'toolu_made_up_1', name: 'add_two_numbers', input: { a: 2, b: 3 } };
    const { env, server } = await anthropic(
      { pieces: anthropicWire.speak({ calls: [call], stop: 'tool-calls' }) },
      says('It is 5.'),
    );
    const { json } = await runClawJson(['chat', '-p', 'add', '--model', MODEL], { env });
    expect(json).toMatchObject({
      text: 'It is 5.',
      tools: [{ name: 'add_two_numbers', status: 'ok' }],
      usage: { input_tokens: 240, output_tokens: 60 },
    });
    expect(anthropicWire.results(seen(server, 1))).toEqual([{ id: 'toolu_made_up_1', output: '5' }]);
  });

  it('B36: streams deltas in order, then exactly one end whose text is all of them joined', async () => {
    const call = { id: 'toolu_made_up_1', name: 'add_two_numbers', input: { a: 2, b: 3 } };
    const thinks = { pieces: anthropicWire.speak({ text: ['Let me ', 'add. '], calls: [call], stop: 'tool-calls' }) };
    const { env } = await anthropic(thinks, says('It ', 'is ', '5.'));
    const { stdout } = await runClaw(['chat', '-p', 'add', '--model', MODEL, '--output-format', 'stream-json'], {
      env,
    });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; text?: string });
    const joined = events
      .filter(({ type }) => type === 'text-delta')
      .map(({ text }) => text)
      .join('');
    expect(events.filter(({ type }) => type === 'turn-end')).toEqual([events.at(-1)]);
    expect(events.at(-1)?.text).toBe(joined);
    expect(joined).toMatch(/^Let me add\.\s+It is 5\.$/);
  });

  it('offers no tools with --no-tools', async () => {
    const { env, server } = await anthropic(says('ok'));
    await runClaw(['chat', '-p', 'hi', '--no-tools', '--model', MODEL], { env });
    expect(server.requests[0]?.body).not.toHaveProperty('tools');
  });

  it('sends piped text and an attached file with the question', async () => {
    const { env, server } = await anthropic(says('ok'));
    const cwd = temporaryHome();
    writeFileSync(join(cwd, 'notes.md'), '우유 사기');
    await runClaw(['chat', '-p', 'sum up @notes.md', '--model', MODEL], { env, cwd, input: 'and this' });
    const text = anthropicWire.texts(seen(server, 0)).join('');
    expect(text).toContain('<file name="notes.md">\n우유 사기\n</file>');
    expect(text).toContain('sum up @notes.md\n\nand this');
  });

  it('keeps the text of an answer that hit the limit, and ends with 11', async () => {
    const { env } = await anthropic({ pieces: anthropicWire.speak({ text: ['half'], stop: 'max-output-tokens' }) });
    const { stdout, stderr, code } = await runClaw(['chat', '-p', 'hi', '--model', MODEL], { env });
    expect({ stdout, code }).toEqual({ stdout: 'half\n', code: 11 });
    expect(stderr).not.toBe('');
  });

  it('ends with 8 when the provider fails, 4 when it refuses the key', async () => {
    const failing = await anthropic({
      status: 500,
      headers: { 'content-type': 'application/json' },
      pieces: [JSON.stringify(anthropicWire.errorBody(500, 'broken'))],
    });
    expect((await runClaw(['chat', '-p', 'hi', '--model', MODEL], { env: failing.env })).code).toBe(8);
    const refusing = await anthropic({
      status: 401,
      headers: { 'content-type': 'application/json' },
      pieces: [JSON.stringify(anthropicWire.errorBody(401, 'bad key'))],
    });
    const { code, json } = await runClawJson(['chat', '-p', 'hi', '--model', MODEL], { env: refusing.env });
    expect(code).toBe(4);
    expect(json).toMatchObject({ stop_reason: 'error', error: { code: 'auth-rejected' } });
  });

  it('keeps what was said when it is interrupted, and ends with 130', async () => {
    const { env, server } = await anthropic({ pieces: [...anthropicWire.opening(), HANG] });
    const home = temporaryHome();
    const child = await startClaw(['chat', '-p', 'hi', '--model', MODEL], { env, home });
    child.stdin.end();
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout === '') child.kill('SIGINT');
      stdout += text;
    });
    await server.arrived(1);
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, stdout }).toEqual({ code: 130, stdout: 'Hello\n' });
    const { stdout: kept } = await runClaw(['conversation', 'list', '--json'], { home });
    const [{ id } = { id: '' }] = JSON.parse(kept) as { id: string }[];
    expect((await runClaw(['conversation', 'show', id], { home })).stdout).toContain('Hello');
  });
});
