import { expect, test } from 'vitest';
import { permissionChange, permissionWords } from '../../src/dashboard/components/permission-words.ts';
import { english } from '../../src/dashboard/language/english.ts';
import { korean } from '../../src/dashboard/language/korean.ts';

const said = (permissions: unknown): string[] =>
  permissionWords(permissions, english.permissions).map(({ text, isWide }) => (isWide ? `${text} (!)` : text));

test('each permission is a sentence, and those that give much are marked', () => {
  const permissions = {
    net: ['*', '*:8443', '*.example.com', 'api.example.com:443'],
    files: [
      { folder: 'workspace', mode: 'read' },
      { folder: '/srv/notes', mode: 'write' },
    ],
    exec: ['date', 'bash', 'python3.12'],
    secrets: [{ name: 'API_KEY', host: 'api.example.com' }],
    host: ['memory', 'clockwork'],
  };
  expect(said(permissions)).toEqual([
    'May reach any address on the network (!)',
    'May reach any address on the network, at port 8443 (!)',
    'May reach every address below example.com',
    'May reach api.example.com:443 over the network',
    'Reads the workspace folder',
    'Reads and changes the folder /srv/notes (!)',
    'Runs the program date',
    'Runs bash, and with it any program that you could run (!)',
    'Runs python3.12, and with it any program that you could run (!)',
    'Has the secret API_KEY sent to api.example.com, without seeing it',
    'Reads and writes what claw remembers',
    'Uses claw’s own service clockwork',
  ]);
  expect(permissionWords(permissions, korean.permissions)).toHaveLength(12);
});

test('nothing is asked for where nothing stands, and what is not known is shown as it is, marked', () => {
  expect([said({}), said(null), said('net'), said({ net: [] })]).toEqual([[], [], [], []]);
  expect(said({ net: [7], wings: ['two'] })).toEqual(['net: 7 (!)', 'wings: "two" (!)']);
});

test('a name that would turn the sentence around is seen as what it is', () => {
  expect(said({ exec: ['date\u{202e}gnihton'] })).toEqual([String.raw`Runs the program date\u{202e}gnihton`]);
  expect(said({ host: ['constructor'] })).toEqual(['Uses claw’s own service constructor']);
});

test('what changed is told as what is new and what is gone', () => {
  const change = permissionChange(
    { net: ['a.example.com'], exec: ['date'] },
    { net: ['*'], exec: ['date'] },
    english.permissions,
  );
  const texts = (list: readonly { readonly text: string }[]) => list.map(({ text }) => text);
  expect([texts(change.added), texts(change.removed), texts(change.kept)]).toEqual([
    ['May reach any address on the network'],
    ['May reach a.example.com over the network'],
    ['Runs the program date'],
  ]);
});
