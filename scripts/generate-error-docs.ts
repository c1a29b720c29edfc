/** Generates docs/errors.md from the table of error codes. */
import { exitCodeTable } from '../src/cli/report-error.ts';
import { ERROR_KINDS } from '../src/core/kernel/errors.ts';
import { emitGenerated } from './generated-file.ts';

const kinds = Object.entries(ERROR_KINDS).map(
  ([code, { exitCode, httpStatus, meaning }]) => `| \`${code}\` | ${exitCode} | ${httpStatus} | ${meaning} |`,
);
const exits = exitCodeTable().map(([exitCode, codes]) => `| ${exitCode} | ${codes} |`);

emitGenerated(
  'docs/errors.md',
  `# Errors

Generated from \`src/core/kernel/errors.ts\`; change it there.

Every expected failure has a code that stays the same between versions. On the command line it is said on stderr with the
next step, and with \`--json\` it is one value on stdout: \`{"error": {"code", "message", "hint"}}\`.

| code | exit code | HTTP status | meaning |
|---|---|---|---|
${kinds.join('\n')}

## Exit codes

| exit code | errors |
|---|---|
${exits.join('\n')}
| 143 | stopped by SIGTERM |
`,
  'scripts/generate-error-docs.ts',
);
