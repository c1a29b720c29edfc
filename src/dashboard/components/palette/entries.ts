/** Owns what the palette can find: pages and actions that are always there, and what the API has. Only what the one who asks may do. */
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { ask } from '../../api/client.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import type { Language } from '../../language/use-texts.ts';
import { useTexts } from '../../language/use-texts.ts';
import { PAGES } from '../../pages/pages.ts';
import { applyTheme, type Theme } from '../../preferences.ts';
import { useMay, usePerson } from '../../session-gate.tsx';
import { hasIcon } from '../icon.tsx';
import type { Entry, Group } from './entry.ts';
import { LETTERS } from './shortcuts.ts';

interface EntryOptions {
  readonly query: string;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  readonly onKeys: () => void;
}

export function useEntries(options: EntryOptions): readonly Entry[] {
  return [...usePages(), ...useActions(options), ...useConversations(options.query), ...useThings()];
}

function usePages(): readonly Entry[] {
  const { nav } = useTexts();
  const { role } = usePerson();
  const go = useNavigate();
  return PAGES.filter(({ isForAdmins }) => !isForAdmins || role === 'admin').map(({ path }) => {
    const letter = LETTERS[path];
    return {
      id: `page ${path}`,
      group: 'pages',
      label: nav[path],
      words: path,
      ...(hasIcon(path) ? { icon: path } : {}),
      ...(letter === undefined ? {} : { keys: ['g', letter] }),
      act: () => void go(`/dashboard/${path}`),
    };
  });
}

function useActions({ language, onLanguage, onKeys }: EntryOptions): readonly Entry[] {
  const { palette, shell, audit } = useTexts();
  const { via } = usePerson();
  const isUser = useMay('user');
  const isAdmin = useMay('admin');
  const go = useNavigate();
  const leave = useChange('DELETE /auth/session');
  const action = (name: string, label: string, act: Entry['act'], words?: string): Entry => {
    return { id: `action ${name}`, group: 'actions', label, words: `${name} ${words ?? ''}`, act };
  };
  const theme = (name: Theme): Entry =>
    action(`theme ${name}`, palette.actions[name], () => applyTheme(name), shell.theme);
  const forUsers = [
    action('chat', palette.actions.chat, () => void go('/dashboard/chat')),
    action('task', palette.actions.task, () => void go('/dashboard/tasks?do=new')),
    action('files', palette.actions.files, () => void go('/dashboard/knowledge')),
  ];
  const forAdmins = [
    action('doctor', palette.actions.doctor, () => void go('/dashboard/doctor')),
    action('verify', palette.actions.verify, async () => {
      const { ok, rows, problem } = await ask('POST /audit/verify', {});
      return ok ? audit.whole(rows) : audit.broken(problem ?? '');
    }),
  ];
  const other: Language = language === 'en' ? 'ko' : 'en';
  return [
    ...(isUser ? forUsers : []),
    ...(isAdmin ? forAdmins : []),
    theme('light'),
    theme('dark'),
    theme('system'),
    action('language', other === 'ko' ? '한국어' : 'English', () => onLanguage(other), `${shell.language} language`),
    action('keys', palette.actions.keys, onKeys),
    ...(via === 'session'
      ? [action('sign out', shell.signOut, () => leave.mutate({}, { onSuccess: () => window.location.assign('/') }))]
      : []),
  ];
}

/** What is asked of the server waits until somebody stops typing for so long, in milliseconds. */
const TYPING_MS = 150;
const MOST_CONVERSATIONS = 50;
const MOST_MESSAGES = 8;

function useConversations(query: string): readonly Entry[] {
  const { chat } = useTexts();
  const go = useNavigate();
  const typed = useSettled(query.trim());
  const newest = useRead('GET /conversations', { query: { limit: MOST_CONVERSATIONS } });
  const titled = useRead(
    'GET /conversations',
    { query: { limit: MOST_MESSAGES, title: typed } },
    { isEnabled: typed.length > 1 },
  );
  const said = useRead(
    'GET /search',
    { query: { limit: MOST_MESSAGES, query: typed } },
    { isEnabled: typed.length > 1 },
  );
  const open = (id: string) => () => void go(`/dashboard/chat/${id}`);
  const rows = new Map([...(newest.data ?? []), ...(titled.data ?? [])].map((row) => [row.id, row]));
  const named = [...rows.values()].map(({ id, title }): Entry => {
    return {
      id: `conversation ${id}`,
      group: 'conversations',
      label: title === '' ? chat.fresh : title,
      act: open(id),
    };
  });
  const found = (typed === query.trim() ? (said.data ?? []) : []).flatMap(
    ({ conversation_id: id, message, title, snippet }): readonly Entry[] =>
      rows.has(id) && rows.get(id)?.title === snippet
        ? []
        : [
            {
              id: `message ${id} ${message}`,
              group: 'conversations',
              label: snippet,
              detail: title,
              isFound: true,
              act: open(id),
            },
          ],
  );
  return [...named, ...found];
}

function useThings(): readonly Entry[] {
  const isAdmin = useMay('admin');
  const go = useNavigate();
  const tools = useRead('GET /tools', {});
  const tasks = useRead('GET /tasks', { query: {} });
  const settings = useRead('GET /config', {}, { isEnabled: isAdmin });
  const users = useRead('GET /users', { query: {} }, { isEnabled: isAdmin });
  const entry = (group: Group, path: string, name: string, more: Partial<Entry>): Entry => {
    return { id: `${group} ${name}`, group, label: name, act: () => void go(path), ...more };
  };
  return [
    ...(tools.data ?? []).map(({ name, description }) =>
      entry('tools', `/dashboard/tools/${encodeURIComponent(name)}`, name, { detail: description ?? '' }),
    ),
    ...(tasks.data ?? []).map(({ id, prompt, tool }) =>
      entry('tasks', `/dashboard/tasks/${encodeURIComponent(id)}`, id, { detail: prompt ?? tool ?? '' }),
    ),
    ...(settings.data ?? []).map(({ name, description }) =>
      entry('settings', `/dashboard/settings?find=${name}`, name, { detail: description }),
    ),
    ...(users.data ?? []).map(({ username, role }) =>
      entry('users', `/dashboard/users/${encodeURIComponent(username)}`, username, { detail: role }),
    ),
  ];
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return settled;
}
