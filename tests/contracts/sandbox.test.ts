/** Every adapter of the Sandbox port keeps its contract. */
import { join } from 'node:path';
import { createProcessSandbox } from '../../src/core/sandbox/process-sandbox.ts';
import { sandboxContract } from './sandbox.contract.ts';

const folder = join(import.meta.dirname, '..', '..', 'dist', 'sandbox');

sandboxContract({
  name: 'processes in bubblewrap',
  runtimes: ['quickjs', 'node'],
  open: () => createProcessSandbox({ folder }),
});
sandboxContract({
  name: 'processes without bubblewrap',
  runtimes: ['quickjs'],
  open: () => createProcessSandbox({ folder, without: new Set(['bubblewrap']) }),
});
