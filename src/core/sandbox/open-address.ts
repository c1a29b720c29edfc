/** Owns showing an address in the user's own browser, which outlives claw. The address is one argument of one program; no shell reads it. */
import { spawn } from 'node:child_process';

interface Shower {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts `program` with the address; false when it cannot be started. Nothing is known of what it shows. */
export function openAddress(url: string, shower: Shower): Promise<boolean> {
  const { href, protocol } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return Promise.resolve(false);
  return start(href, shower);
}

/** The same for a page that claw itself wrote into the home. */
export function openOwnPage({ href, protocol }: URL, shower: Shower): Promise<boolean> {
  return protocol === 'file:' ? start(href, shower) : Promise.resolve(false);
}

function start(href: string, { program, env }: Shower): Promise<boolean> {
  const child = spawn(program, [href], { shell: false, detached: true, stdio: 'ignore', env: { ...env } });
  child.unref();
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
}
