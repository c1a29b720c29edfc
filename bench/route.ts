/** Measures the decision which model a request goes to: on the half of its evaluation set that rules were not tuned on, and how long it takes. Runs as a process of its own and prints its figures as JSON. */
import { prepareRoutes, routeRequest } from '../src/core/agent/route/route-request.ts';
import { adversarial, routeSet } from '../tests/core/agent/route/route-set.ts';
import type { Figure } from './figure.ts';
import { percentile } from './statistics.ts';

const ROUNDS = 20;

const { tuned, heldOut } = routeSet();
const isSentLight = (text: string): boolean => routeRequest({ text }).tier === 'light';
const light = heldOut.filter(({ isLight }) => isLight);
const needing = heldOut.filter(({ isLight }) => !isLight);
const caught = light.filter(({ text }) => isSentLight(text)).length;
const wrong = needing.filter(({ text }) => isSentLight(text)).length;
const disguised = adversarial();

prepareRoutes();
const times: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { text } of [...tuned, ...heldOut]) {
    const started = performance.now();
    routeRequest({ text });
    times.push(performance.now() - started);
  }
}

const figures: readonly Figure[] = [
  {
    name: 'light requests of the held-out half that are caught',
    value: (caught / light.length) * 100,
    unit: '%',
    atLeast: 60,
    note: `${caught} of ${light.length}`,
  },
  {
    name: 'requests of the held-out half that need tools, sent light',
    value: (wrong / needing.length) * 100,
    unit: '%',
    atMost: 0,
    note: `${wrong} of ${needing.length}`,
  },
  {
    name: 'disguised requests sent light',
    value: (disguised.filter(isSentLight).length / disguised.length) * 100,
    unit: '%',
    atMost: 0,
    note: `of ${disguised.length}`,
  },
  {
    name: 'decision which model a request goes to, p99',
    value: percentile(times, 0.99),
    unit: 'ms',
    atMost: 1,
    note: `${times.length} decisions`,
  },
];
process.stdout.write(`${JSON.stringify(figures)}\n`);
