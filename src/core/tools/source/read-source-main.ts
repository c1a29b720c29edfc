/** Owns the process that reads a tool's source: strips its types and lists the findings. A parser that falls over a hostile file falls here and not in the server. Reads stdin, prints one JSON value; runs nothing of what it reads. */
import { parseSync } from 'oxc-parser';
import { type Finding, scanProgram } from './scan-program.ts';

// Imported by name, these would take a fifth of its time.
const { readFileSync } = process.getBuiltinModule('node:fs');
const { stripTypeScriptTypes } = process.getBuiltinModule('node:module');

const source = readFileSync(0, 'utf8');
const isTypeScript = process.argv[2] === 'ts';
process.stdout.write(JSON.stringify(readSource()));

function readSource(): { code: string | null; findings: readonly Finding[] } {
  const { program, errors } = parseSync(isTypeScript ? 'tool.ts' : 'tool.js', source, { sourceType: 'module' });
  const wrong = errors.map(({ message, labels }) => {
    const line = source.slice(0, labels[0]?.start ?? 0).split('\n').length;
    return { rule: 'syntax-error' as const, line, message };
  });
  if (wrong.length > 0) return { code: null, findings: wrong.slice(0, 20) };
  const findings = scanProgram(program, source).slice(0, 200);
  if (!isTypeScript) return { code: source, findings };
  try {
    return { code: stripTypeScriptTypes(source), findings };
  } catch (error) {
    const [message = ''] = (error as Error).message.trim().split('\n');
    return { code: null, findings: [{ rule: 'types-not-strippable', line: 1, message }, ...findings] };
  }
}
