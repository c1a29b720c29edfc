/** Owns what a person sees before a package is installed: claw's own words on who signed it, what it may do, what was noticed, what changed, and the source. Nothing in it is left to the package but what it says of itself, in quotes. */
import { makeVisible } from '../sandbox/exec/show-act.ts';
import { permissionWords } from '../tools/permissions.ts';
import { HANDED_OVER } from './open-package.ts';
import type { InstallPlan } from './plan-install.ts';
import type { Trust } from './trust.ts';

const TRUST_WORDS: Readonly<Record<Trust, string>> = {
  publisher: 'the publisher of claw',
  known: 'the publisher you agreed to for this name before',
  new: 'NOT KNOWN: nobody here has agreed to this publisher for this name',
  changed: 'NOT KNOWN, and not the publisher that was agreed to for this name before',
};

/** The screen without the source, line by line. */
export function packageScreen(plan: InstallPlan): string {
  const { candidate, examined, installed, alike } = plan;
  const { manifest, keyId, sha256 } = candidate.verified;
  const words = permissionWords(manifest.permissions);
  const place = candidate.registry === HANDED_OVER ? 'a file' : `the registry ${candidate.registry}`;
  const title = `${manifest.name} ${manifest.version}, from ${place}`;
  const lines = [
    installed === undefined ? title : `${title}, in the place of ${installed.version}`,
    `It says of itself: ${JSON.stringify(makeVisible(manifest.description))}`,
    ...toModelLines(plan),
    `By ${JSON.stringify(makeVisible(manifest.author))}, license ${JSON.stringify(makeVisible(manifest.license))}, published ${manifest.published_at}`,
    `Signed by the key ${keyId}: ${TRUST_WORDS[plan.trust]}`,
    `SHA-256 of the package ${sha256}`,
    '',
    words.length === 0
      ? 'It may only compute.'
      : `It may:\n${words.map((word) => `  - ${makeVisible(word)}`).join('\n')}`,
    ...changeLines(plan),
    ...(alike === undefined ? [] : ['', `Its name looks like ${alike}, which is another's. Is it the one you mean?`]),
    ...(examined.findings.length === 0 ? [] : ['', 'Noticed in the source:']),
    ...examined.findings.map(({ line, message }) => `  line ${line}: ${makeVisible(message)}`),
    '',
    trialLine(plan),
  ];
  return lines.join('\n');
}

/** What a model will read of the tool at every turn, where that is something else: it may be an instruction. */
function toModelLines({ candidate, examined }: InstallPlan): string[] {
  const said = examined.description?.description.replaceAll(/\s+/g, ' ').trim();
  if (said === undefined || said === candidate.verified.manifest.description) return [];
  return [`And to the model SOMETHING ELSE: ${JSON.stringify(makeVisible(said))}`];
}

/** The screen and the whole source, for an approval. */
export function packageDetail(plan: InstallPlan): string {
  const { source } = plan.candidate.verified;
  return [packageScreen(plan), '', 'Source:', ...visibleLines(source.split(/\r?\n/))].join('\n');
}

/** `+ 3 lines, - 1 line` */
export function differenceSize({ difference }: Pick<InstallPlan, 'difference'>): { added: number; removed: number } {
  const count = (sign: string): number => difference.filter((line) => line.startsWith(sign)).length;
  return { added: count('+ '), removed: count('- ') };
}

function changeLines(plan: InstallPlan): string[] {
  const { installed, change, difference } = plan;
  if (installed === undefined) return [];
  const { added, removed } = differenceSize(plan);
  const same = change.added.length + change.removed.length === 0 ? ['  may do the same'] : [];
  return [
    '',
    `Compared with ${installed.version}, which is installed:`,
    ...change.added.map((word) => `+ may also ${makeVisible(word)}`),
    ...change.removed.map((word) => `- may no longer ${makeVisible(word)}`),
    ...same,
    difference.length === 0 ? '  the same source' : `  source: ${added} lines came, ${removed} went`,
    ...visibleLines(difference.slice(0, MOST_LINES)),
    ...(difference.length > MOST_LINES ? [`  … and ${difference.length - MOST_LINES} lines more`] : []),
  ];
}

const MOST_LINES = 60;

function visibleLines(lines: readonly string[]): string[] {
  return lines.map((line) => line.split('\t').map(makeVisible).join('\t'));
}

function trialLine({ examined }: InstallPlan): string {
  const { trials } = examined;
  if (trials.length === 0) return 'It brings no examples, so none was tried.';
  const good = trials.filter(({ status }) => status === 'ok').length;
  return `${good} of its ${trials.length} examples were tried behind the wall and answered as they should${
    good === trials.length ? '.' : '; the others ask for what is not granted yet.'
  }`;
}
