/** What npm runs after an install in a clone: the build. An install without development packages keeps the dist it has. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

function canBuild() {
  try {
    createRequire(import.meta.url).resolve('esbuild');
    return true;
  } catch {
    return false;
  }
}

if (canBuild()) {
  const { status } = spawnSync(process.execPath, [join(folder, 'build.ts'), '--clean'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  process.stderr.write('claw: development packages are left out of this install, so dist is not built here\n');
}
