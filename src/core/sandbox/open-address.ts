/** Owns showing an address in the user's own browser, which outlives claw. The address is one argument of one program; no shell reads it. */
import { spawn } from 'node:child_process';

/** Starts `program` with the address; false when it cannot be started. Nothing is known of what it shows. */
export function openAddress(
  url: string,
  { program, env }: { readonly program: string; readonly env: Readonly<Record<string, string>> },
): Promise<boolean> {
  const { href, protocol } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return Promise.resolve(false);
  const child = spawn(program, [href], { shell: false, detached: true, stdio: 'ignore', env: { ...env } });
  child.unref();
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
}
