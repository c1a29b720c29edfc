/** Owns the list of checks: reading it tells what is looked at. */
import { homeChecks, type HomeFacts } from './home-checks.ts';
import { machineChecks, type MachineFacts } from './machine-checks.ts';
import type { Check } from './run-checks.ts';
import { serverChecks, type ServerFacts } from './server-checks.ts';
import { serviceChecks, type ServiceFacts } from './service-checks.ts';
import { settingChecks, type SettingFacts } from './setting-checks.ts';
import { storeChecks, type StoreFacts } from './store-checks.ts';
import { workChecks, type WorkFacts } from './work-checks.ts';

/** What the checks look at, by family; each function is called when its check runs. */
export interface DoctorFacts {
  readonly home: HomeFacts;
  readonly settings: SettingFacts;
  readonly store: StoreFacts;
  readonly services: ServiceFacts;
  readonly server: ServerFacts;
  readonly work: WorkFacts;
  readonly machine: MachineFacts;
}

const FAMILIES: readonly ((facts: DoctorFacts) => readonly Check[])[] = [
  ({ home }) => homeChecks(home),
  ({ settings }) => settingChecks(settings),
  ({ store }) => storeChecks(store),
  ({ services }) => serviceChecks(services),
  ({ server }) => serverChecks(server),
  ({ work }) => workChecks(work),
  ({ machine }) => machineChecks(machine),
];

export function allChecks(facts: DoctorFacts): readonly Check[] {
  return FAMILIES.flatMap((family) => family(facts));
}
