/** Owns how an import is told: the kinds one may choose, the stable JSON form, a table for people and what to do next. */
import { IMPORT_KINDS, type ImportKind } from '../core/import/imported.ts';
import type { ImportReport } from '../core/import/import-service.ts';
import type { Told } from '../core/import/tally.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { table } from './table.ts';

/** The kinds of `users, keys`; singular is understood. Throws `usage-invalid`. */
export function readKinds(text: string | undefined): ReadonlySet<ImportKind> | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim().toLowerCase());
  return new Set(words.map(kindNamed));
}

function kindNamed(word: string): ImportKind {
  const kind = IMPORT_KINDS.find((each) => each === word || plural(each) === word);
  if (kind !== undefined) return kind;
  throw new ClawError('usage-invalid', `There is no kind ${JSON.stringify(word)}.`, {
    hint: `The kinds are ${IMPORT_KINDS.map(plural).join(', ')}.`,
  });
}

function plural(kind: ImportKind): string {
  return kind === 'memory' ? 'memories' : `${kind}s`;
}

export function stepText(step: 'read' | 'index', done: number): string {
  return step === 'read' ? `${done} taken over …` : `${done} made searchable …`;
}

/** snake_case, the same keys at every import. */
export function reportJson(report: ImportReport) {
  return {
    source: report.source,
    folder: report.folder,
    dry_run: report.isDry,
    owner: report.owner,
    kinds: report.kinds,
    skipped: report.skipped.map(({ text, ...rest }) => ({ ...rest, reason: text })),
    remarks: report.remarks.map(({ text, ...rest }) => ({ ...rest, remark: text })),
    next: nextSteps(report),
  };
}

export function reportText(report: ImportReport): string {
  const { kinds, label, folder, isDry } = report;
  if (kinds.length === 0) return `Nothing was found in ${folder}.${toldText('Remarks', report.remarks)}`;
  const head = isDry
    ? `This would be taken over from ${label} (${folder}); nothing was written.`
    : `Taken over from ${label} (${folder}).`;
  const rows = table(kinds.map(({ kind, ...counts }) => ({ kind: plural(kind), ...counts })));
  const next = nextSteps(report).map((step) => `  ${step}`);
  const todo = next.length === 0 ? '' : `\n\nNext:\n${next.join('\n')}`;
  return `${head}\n\n${rows}${toldText('Left out', report.skipped)}${toldText('Remarks', report.remarks)}${todo}`;
}

/** Names shown of one sentence; JSON has more. */
const SHOWN = 3;

function toldText(title: string, told: readonly Told[]): string {
  if (told.length === 0) return '';
  const lines = told.map(({ kind, text, count, examples }) => {
    const names = examples.slice(0, SHOWN).join(', ');
    const more = examples.length > 0 && count > SHOWN ? ', …' : '';
    const what = kind === null ? '' : `${count} ${count === 1 ? kind : plural(kind)}: `;
    return `  ${what}${text}${names === '' ? '' : ` (${names}${more})`}`;
  });
  return `\n\n${title}:\n${lines.join('\n')}`;
}

const STEPS: Readonly<Partial<Record<ImportKind, string>>> = {
  user: 'claw user list --all             who there is now',
  conversation: 'claw conversation search WORDS   find what was said',
  memory: 'claw memory list                 what is remembered',
  document: 'claw knowledge list              what answers may cite',
  task: 'claw task list                   they rest; claw task resume ID starts one',
  tool: 'claw tool list                   claw tool approve NAME makes one usable',
  webhook: 'claw webhook list                claw webhook enable ID confirms one',
  secret: 'claw doctor                      checks the keys and settings',
  setting: 'claw config list                 what is set now',
  room: 'claw group list                  the rooms',
};

function nextSteps({ kinds, isDry, source, folder }: ImportReport): string[] {
  const taken = kinds.filter((row) => row.new > 0);
  if (isDry) return taken.length === 0 ? [] : [`claw import ${source} ${folder}`];
  return taken.flatMap(({ kind }) => STEPS[kind] ?? []);
}
