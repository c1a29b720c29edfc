/** Measures memory in this process: planted facts found again among distractors, recall for a turn with 10,000 memories of one user, search with 100,000 of many. Prints figures as JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/core/kernel/clock.ts';
import { newId } from '../src/core/kernel/ids.ts';
import { userHolder } from '../src/core/memory/memory.ts';
import { recall } from '../src/core/memory/recall.ts';
import { openStore } from '../src/core/store/store.ts';
import type { Figure } from './figure.ts';
import { median, percentile } from './statistics.ts';

const USERS = 450;
const EACH = 200;
const LARGE = 10_000;
const QUESTIONS = 200;
const NOUNS =
  'garden ticket invoice printer bicycle teacher recipe battery contract museum 회의 여행 보험 병원 학교 식당 창고 약속'.split(
    ' ',
  );
const VERBS = 'likes keeps paid lost moved visited repaired ordered 좋아한다 샀다 옮겼다 예약했다'.split(' ');
const pick = (words: readonly string[], at: number): string => words[at % words.length] ?? '';
const distractor = (at: number): string =>
  `${pick(VERBS, at * 7)} the ${pick(NOUNS, at * 13)} number ${at} near ${pick(NOUNS, at * 5 + 3)}`;
/** Facts with the question that asks for them: word order, particles and forms differ. */
const PLANTED = [
  ['name of my dog', 'the dog is called Biscuit', 'what is my dog called?', 'Biscuit'],
  ['allergy', 'allergic to walnuts', 'which foods am I allergic to?', 'walnuts'],
  ['생일', '5월 3일', '제 생일이 언제였죠?', '5월 3일'],
  ['출근 방법', '지하철 2호선으로 출근한다', '나는 지하철을 몇 호선 타?', '2호선'],
  ['passport', 'expires in March 2031', 'when does the passport expire?', '2031'],
  ['단골 카페', '카페는 달빛제과', '단골 카페가 어디지?', '달빛제과'],
] as const;

const home = mkdtempSync(join(tmpdir(), 'claw-bench-memory-'));
const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 0 });
let made = 0;

async function plant(user: string, facts: readonly (readonly [key: string, value: string])[]): Promise<void> {
  await store.users.insertIfAbsent({ id: user, username: user, role: 'user', state: 'active', created_at: 0 });
  const holder = userHolder(user);
  await store.transaction(async ({ memories }) => {
    for (const [key, value] of facts) {
      made += 1;
      await memories.insert({
        id: newId(),
        holder: holder.name,
        user_id: user,
        category: 'facts',
        key,
        value,
        importance: 1 + (made % 5),
        expires_at: null,
        state: 'active',
        reason: null,
        origin: 'person',
        why: 'bench',
        conversation_id: null,
        created_at: made,
        updated_at: made,
        archived_at: null,
      });
    }
  });
}

const distractors = (count: number): (readonly [string, string])[] =>
  Array.from({ length: count }, (_, at) => [`note ${made + at}`, distractor(made + at)] as const);

/** Milliseconds of the clock and of the processor, for each question; the machine may be busy with other things. */
async function times(work: (at: number) => Promise<unknown>): Promise<{ clock: number[]; cpu: number[] }> {
  const taken = { clock: [] as number[], cpu: [] as number[] };
  for (let at = 0; at < QUESTIONS; at += 1) {
    const started = performance.now();
    const before = process.cpuUsage();
    await work(at);
    const { user, system } = process.cpuUsage(before);
    taken.cpu.push((user + system) / 1000);
    taken.clock.push(performance.now() - started);
  }
  return taken;
}

const planted = PLANTED.map(([key, value]) => [key, value] as const);
for (let user = 0; user < USERS; user += 1)
  await plant(`user${user}`, [...distractors(EACH - planted.length), ...planted]);
await plant('large', [...distractors(LARGE), ...planted]);

let first = 0;
let five = 0;
let told = 0;
for (const user of ['user7', 'user321', 'large']) {
  for (const [, , question, answer] of PLANTED) {
    const rows = await store.memories.search(userHolder(user).name, question, { now: 0, limit: 5 });
    if (rows[0]?.value.includes(answer)) first += 1;
    if (rows.some(({ value }) => value.includes(answer))) five += 1;
    const asked = { conversationId: 'none', userId: user, text: question, shown: [] };
    if ((await recall({ store, clock: systemClock, maxTokens: 1200 }, asked))?.includes(answer)) told += 1;
  }
}
const asked = PLANTED.length * 3;
const question = (at: number): string => PLANTED[at % PLANTED.length]?.[2] ?? '';
const searched = await times((at) =>
  store.memories.search(userHolder(`user${at}`).name, question(at), { now: 0, limit: 10 }),
);
const recalled = await times((at) =>
  recall(
    { store, clock: systemClock, maxTokens: 1200 },
    { conversationId: 'none', userId: 'large', text: question(at), shown: [] },
  ),
);
await store.close();
rmSync(home, { recursive: true, force: true });

function figuresOf(
  name: string,
  scale: string,
  { clock, cpu }: Awaited<ReturnType<typeof times>>,
  atMost: number,
): Figure[] {
  return [
    { name: `${name} p50, ${scale}`, value: median(clock), unit: 'ms', note },
    {
      name: `${name} p95, ${scale}`,
      value: percentile(clock, 0.95),
      unit: 'ms',
      note: 'by the clock, on whatever else runs',
    },
    { name: `${name} p95 of CPU, ${scale}`, value: percentile(cpu, 0.95), unit: 'ms', atMost, note },
  ];
}

const note = `${QUESTIONS} questions, ${made} memories`;
const figures: Figure[] = [
  {
    name: 'memory recall@1',
    value: (100 * first) / asked,
    unit: '%',
    note: `${asked} planted facts among distractors`,
  },
  { name: 'memory recall@5', value: (100 * five) / asked, unit: '%', atLeast: 95 },
  { name: 'memory told to the turn', value: (100 * told) / asked, unit: '%', atLeast: 95, note: '1,200 tokens' },
  ...figuresOf('memory search', '100,000', searched, 5),
  ...figuresOf('memory for a turn', 'user with 10,000', recalled, 5),
];
process.stdout.write(JSON.stringify(figures));
