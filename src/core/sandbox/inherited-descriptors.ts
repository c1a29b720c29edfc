/** Owns the list of this process's descriptors that a child would inherit by accident. Node marks its own close-on-exec; what it was started with (a shell's, a supervisor's) is not always. */
import { readdirSync, readFileSync } from 'node:fs';

const O_CLOEXEC = 0o2000000;

/** Descriptors above 2 without close-on-exec (`flags` of /proc/self/fdinfo, proc(5)). Empty on macOS, where libuv closes all of them by itself. */
export function inheritedDescriptors(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && !isCloseOnExec(descriptor));
}

function isCloseOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'));
    return flags?.[1] === undefined || (Number.parseInt(flags[1], 8) & O_CLOEXEC) !== 0;
  } catch {
    // The descriptor was the directory listing itself and is closed again.
    return true;
  }
}
