/** Owns which addresses a process listens on, by what Linux tells (proc(5)). */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** `address:port` of every TCP socket that process `pid` listens on; null where the system does not tell. */
export async function listeningOf(pid: number): Promise<string[] | null> {
  try {
    const own = await socketsOf(pid);
    const [four, six] = await Promise.all([table(pid, 'tcp'), table(pid, 'tcp6')]);
    return [...four, ...six].filter(({ inode }) => own.has(inode)).map(({ address }) => address);
  } catch {
    return null;
  }
}

async function socketsOf(pid: number): Promise<ReadonlySet<string>> {
  const names = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

const LISTENS = '0A';

async function table(pid: number, name: string): Promise<{ address: string; inode: string }[]> {
  const text = await readFile(`/proc/${pid}/net/${name}`, 'utf8').catch((error: unknown) => {
    if (name === 'tcp6') return ''; // a kernel without IPv6
    throw error;
  });
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      return state === LISTENS ? [{ address: addressText(local), inode }] : [];
    });
}

/** `0100007F:1F90` is 127.0.0.1:8080: words of four bytes in the order of this machine, which is little-endian wherever Node runs. */
function addressText(local: string): string {
  const [hex = '', port = ''] = local.split(':');
  const bytes = hex.match(/.{8}/g)?.flatMap((word) => (word.match(/../g) ?? []).toReversed()) ?? [];
  const values = bytes.map((byte) => Number.parseInt(byte, 16));
  const number = Number.parseInt(port, 16);
  if (values.length === 4) return `${values.join('.')}:${number}`;
  const isMapped = values.slice(0, 10).every((byte) => byte === 0) && values[10] === 255 && values[11] === 255;
  if (isMapped) return `${values.slice(12).join('.')}:${number}`;
  const isLoopback = values.slice(0, 15).every((byte) => byte === 0) && values[15] === 1;
  if (isLoopback) return `[::1]:${number}`;
  if (values.every((byte) => byte === 0)) return `[::]:${number}`;
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((values[at * 2] ?? 0) * 256 + (values[at * 2 + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(':')}]:${number}`;
}
