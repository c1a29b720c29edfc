/** Generates deploy/claw.service: the unit of "claw service install --system", with the usual places. */
import { unitText } from '../src/serve/service/unit-text.ts';
import { emitGenerated } from './generated-file.ts';

const unit = unitText({
  scope: 'system',
  node: '/usr/bin/node',
  claw: '/usr/lib/node_modules/claw/bin/claw.js',
  home: '/var/lib/claw',
  writable: [],
  user: 'claw',
});

emitGenerated('deploy/claw.service', unit, 'scripts/generate-unit.ts');
