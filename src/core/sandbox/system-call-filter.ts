/** Owns the list of system calls that a tool's process may not make, as the filter program that bubblewrap installs (seccomp(2), BPF): no process, no socket, no namespace, none of the kernel's seldom used doors. Threads stay, since Node needs them. */

/** Number of a call on x86_64 and on aarch64; -1 where it does not exist. */
const REFUSED: Readonly<Record<string, readonly [x64: number, arm64: number]>> = {
  fork: [57, -1],
  vfork: [58, -1],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  socket: [41, 198],
  socketpair: [53, 199],
  connect: [42, 203],
  bind: [49, 200],
  listen: [50, 201],
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsmount: [432, 432],
  mount_setattr: [442, 442],
  open_by_handle_at: [304, 265],
  memfd_create: [319, 279],
  io_uring_setup: [425, 425],
  userfaultfd: [323, 282],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],
  init_module: [175, 105],
  finit_module: [313, 273],
  kexec_load: [246, 104],
};

interface Machine {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly arch: number;
  readonly clone: number;
  readonly column: 0 | 1;
}

const MACHINES: Readonly<Partial<Record<NodeJS.Architecture, Machine>>> = {
  x64: { arch: 0xc000003e, clone: 56, column: 0 },
  arm64: { arch: 0xc00000b7, clone: 220, column: 1 },
};

const CLONE3 = 435;
const CLONE_THREAD = 0x10000;
/** Numbers of the x32 interface, which this filter knows nothing of. */
const X32 = 0x40000000;
const [EPERM, ENOSYS] = [1, 38];
/** Offsets in struct seccomp_data: the number, the architecture, the low half of the first argument. */
const [NUMBER, ARCH, FIRST_ARGUMENT] = [0, 4, 16];
/** Instructions of classic BPF (linux/bpf_common.h). */
const [LOAD, JUMP_EQUAL, JUMP_GREATER_EQUAL, JUMP_SET, RETURN] = [0x20, 0x15, 0x35, 0x45, 0x06];
const [KILL, ALLOW] = [0x80000000, 0x7fff0000];
const fail = (errno: number): number => 0x00050000 | errno;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/** The filter as bubblewrap's `--seccomp` reads it; undefined for a machine it was not written for. */
export function systemCallFilter(architecture: NodeJS.Architecture = process.arch): Uint8Array | undefined {
  const machine = MACHINES[architecture];
  if (machine === undefined) return undefined;
  const numbers = Object.values(REFUSED).flatMap((row) => (row[machine.column] === -1 ? [] : [row[machine.column]]));
  const program: Instruction[] = [
    [LOAD, 0, 0, ARCH],
    [JUMP_EQUAL, 1, 0, machine.arch],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, NUMBER],
    [JUMP_GREATER_EQUAL, 0, 1, X32],
    [RETURN, 0, 0, KILL],
    ...numbers.flatMap((number): Instruction[] => [
      [JUMP_EQUAL, 0, 1, number],
      [RETURN, 0, 0, fail(EPERM)],
    ]),
    // Its flags lie in memory, where a filter cannot look; told that it does not exist, the C library takes clone.
    [JUMP_EQUAL, 0, 1, CLONE3],
    [RETURN, 0, 0, fail(ENOSYS)],
    [JUMP_EQUAL, 0, 3, machine.clone],
    [LOAD, 0, 0, FIRST_ARGUMENT],
    [JUMP_SET, 1, 0, CLONE_THREAD],
    [RETURN, 0, 0, fail(EPERM)],
    [RETURN, 0, 0, ALLOW],
  ];
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, ifTrue);
    bytes.setUint8(index * 8 + 3, ifFalse);
    bytes.setUint32(index * 8 + 4, value >>> 0, true);
  }
  return new Uint8Array(bytes.buffer);
}
