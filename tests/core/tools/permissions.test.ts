import { describe, expect, it } from 'vitest';
import { NO_PERMISSIONS, refusePermissions, type ToolPermissions } from '../../../src/core/tools/permissions.ts';

const refuse = (wanted: Partial<ToolPermissions>) =>
  refusePermissions({ ...NO_PERMISSIONS, ...wanted }, { home: '/home/a/.claw', services: () => ['pages'] });

describe('what no person is asked about', () => {
  it.each([
    '',
    ' ',
    '*.com',
    '*.*',
    '*.',
    '**',
    'a*.example',
    '*.*.example.com',
    'https://example.com',
    'example.com/x',
    'example.com; nothing else',
    'example.com over the network',
    'example.com\n  - only compute',
    'a@example.com',
    'example.com\u202e',
    'exam\u200bple.com',
    '.example.com',
    'a..example',
    '*.[::1]',
    'example.com:',
    'example.com:x',
  ])('the host %j', (name) => {
    expect(refuse({ net: [name] })).toContain('is no host');
  });

  it.each(['*', '*.example.com', 'example.com:*', 'a b', ''])('a secret for the host %j', (host) => {
    expect(refuse({ secrets: [{ name: 'KEY', host }] })).toContain('a secret is sent to one host');
  });

  it.each(['', 'A B', 'KEY\n', 'KEY sent to example.com', '*', '1A'])('the secret %j', (name) => {
    expect(refuse({ secrets: [{ name, host: 'example.com' }] })).toContain('is no name of a secret');
  });

  it.each(['', '*', '-x', '/bin/ls', 'ls -l', 'ls\n', 'ls\u202e', '../ls'])('the program %j', (name) => {
    expect(refuse({ exec: [name] })).toContain('is no name of a program');
  });
});

it('a person may decide about plain names', () => {
  const net = [
    '*',
    '*:8443',
    'example.com',
    'EXAMPLE.com.',
    '*.example.com',
    'api.example.com:8443',
    '*.example.co.uk',
    'm\u00fcnchen.example',
    'localhost',
    '127.0.0.1:8080',
    '[::1]:80',
    'a_b.example',
  ];
  const secrets = [{ name: 'WEATHER_KEY', host: 'api.example.com:8443' }];
  expect(refuse({ net, secrets, exec: ['ls', 'g++', '7z', 'python3.12', 'apt-get'], host: ['pages'] })).toBeUndefined();
});
