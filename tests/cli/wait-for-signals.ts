/** A program that takes signals as the server does, tells what they asked for, and takes for ever to stop. */
import { listenToSignals } from '../../src/cli/server-signals.ts';

const { stop, onHangup } = listenToSignals();
stop.addEventListener('abort', () => process.stdout.write('stop\n'));
onHangup(() => process.stdout.write('reload\n'));
setInterval(() => {}, 1000);
process.stdout.write('up\n');
