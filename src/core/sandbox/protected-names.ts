/** Owns the names that no tool reads or writes, whether they exist yet or not. Secrets are closed both ways; what another program runs by itself is closed for writing. Matching is done on a folded name, so no spelling of a file system slips by. */

export type FileMode = 'read' | 'write';

/** A folded component, or a pattern on it. */
type NameRule = string | RegExp;

/** Closed for reading and writing wherever they stand in a path. */
const SECRET_NAMES: readonly NameRule[] = [
  /^(\.?#)?\.env($|[^a-z])/, // .env, .env.local, .env~, .env-old, but not .environment
  /\.env$/,
  '.envrc',
  '.envs',
  /^(\.|_)netrc$/,
  /^\.git(~[0-9]+|-credentials|config)?$/,
  /^(git|env|ssh|npmrc|bashrc|gnupg|netrc|aws|docker)~[0-9]+$/, // NTFS short names
  '.hg',
  '.svn',
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.gcloud',
  'gcloud',
  '.password-store',
  '.mozilla',
  '.claude',
  '.codex',
  '.claw',
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.pypirc',
  '.pgpass',
  '.my.cnf',
  '.boto',
  '.s3cfg',
  '.htpasswd',
  '.vault-token',
  '.dockercfg',
  '.terraformrc',
  '.git-credential-cache',
  'authorized_keys',
  'known_hosts',
  /^id_(rsa|dsa|ecdsa|ed25519)(_sk)?(\.(?!pub$).*)?$/,
  /\.(pem|key|p12|pfx|jks|kdbx|ppk|keystore|gpg)$/,
  /^\.?credentials(\.(json|ya?ml|toml|ini|db))?$/,
  /^client_secret.*\.json$/,
  /^\.?secrets?(\.(json|ya?ml|toml|ini|env|sealed|key|txt))?$/,
  /^claw\.db/,
  'keyrings',
  'keychains',
  '.terraform.d',
  '.oci',
  '.databrickscfg',
  '.kaggle',
  '.huggingface',
  '.ssh2',
  '.msmtprc',
  '.fetchmailrc',
  '.mylogin.cnf',
  /^\.(authinfo|vault_pass)(\.|$)/,
  /^\.?rclone\.conf$/,
  /^ssh_host_[a-z0-9]+_key$/,
  /^service[-_]?account.*\.json$/,
  /\.(p8|ovpn|tfstate)(\.backup)?$/,
  'kubeconfig',
  'wallet.dat',
  /^(cookies|login data)(\.sqlite)?$/,
  /^g?shadow-?$/,
  /^sudoers(\.d)?$/,
  /^\.(lesshst|viminfo)$/,
  /^\.(bash|zsh|sh|ksh|fish|python|node_repl|psql|mysql|sqlite|rediscli)_?history$/,
  /^\.(bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|zlogout|kshrc|cshrc|tcshrc|login|logout|inputrc|xprofile|xinitrc|xsession|pam_environment|xsessionrc|mkshrc|shrc|xonshrc|bash_completion)([.~-].*)?$/,
  /\.log(\.[0-9].*|\.gz|\.zst|\.old)?$/,
];

/** Closed for writing wherever they stand in a path. */
const AUTO_RUN_NAMES: readonly NameRule[] = [
  /^(site|user)customize(\.|$)/,
  /^conftest\.py/,
  /\.pth$/,
  '__pycache__',
  /^\.(python|pdb)rc(\.py)?$/,
  '.ipython',
  '.jupyter',
  'pyvenv.cfg',
  'pip.conf',
  'pip.ini',
  'node_modules',
  'package.json',
  /^\.(pnpmfile|pnp|pnp\.loader)\.[cm]?js$/,
  '.yarn',
  /^\.?bunfig\.toml$/,
  '.bundle',
  /^\.?lefthook(-local)?\.(ya?ml|toml|json)$/,
  '.husky',
  '.githooks',
  '.gitmodules',
  '.github',
  '.gitea',
  '.forgejo',
  '.buildkite',
  /^\.(gitlab-ci|drone|woodpecker)\.ya?ml$/,
  '.circleci',
  '.travis.yml',
  'jenkinsfile',
  'bitbucket-pipelines.yml',
  'azure-pipelines.yml',
  '.htaccess',
  '.user.ini',
  '.vscode',
  '.idea',
  '.devcontainer',
  '.cursor',
  '.cursorrules',
  '.clinerules',
  /^\.(gemini|opencode|windsurf|continue|roo|zed)$/,
  '.aider.conf.yml',
  'copilot-instructions.md',
  '.windsurfrules',
  '.mcp.json',
  'claude.md',
  'claude.local.md',
  'agents.md',
  'agents.override.md',
  'gemini.md',
  '.pre-commit-config.yaml',
  '.lldbinit',
  '.gdbinit',
  /^\.(irb|pry|sqlite|psql|octave|bazel|hg)rc$/,
  /^\.(rprofile|renviron|ghci|ocamlinit|perldb|mailcap)$/,
  '.vim',
  /^\.g?vimrc$/,
  '.exrc',
  '.nvimrc',
  '.nvim.lua',
  '.emacs',
  '.emacs.d',
  '.dir-locals.el',
  '.wgetrc',
  '.curlrc',
  '_curlrc',
  '.ripgreprc',
  '.screenrc',
  '.tmux.conf',
  '.forward',
  '.procmailrc',
  '.rhosts',
  '.shosts',
  '.k5login',
  '.login_conf',
  '.cargo',
  '.gradle',
  '.m2',
  '.direnv',
  '.direnvrc',
  '.gemrc',
  '.nanorc',
  '.lesskey',
  '.lessfilter',
  '.xresources',
  '.autoenv',
  '.tool-versions',
  '.mise.toml',
  'mise.toml',
  /^(ana)?crontabs?$/,
  /^cron\.(d|hourly|daily|weekly|monthly|allow|deny)$/,
  'autostart',
  'launchagents',
  'launchdaemons',
  'systemd',
  /\.(service|socket|timer|path|desktop)$/,
  /^ld\.so\.(preload|conf|conf\.d)$/,
];

/** Two components in a row. */
const PAIRS: Readonly<Record<FileMode, readonly (readonly [NameRule, NameRule])[]>> = {
  read: [['.config', /^(gh|glab|hub|gcloud|git|rclone|doctl|op|claude|codex|claw|google-chrome|chromium)$/]],
  write: [
    ['.config', /./],
    ['.local', /^(bin|lib|share)$/],
    ['spool', 'cron'],
    [
      'etc',
      /^(profile|bash\.bashrc|zsh(rc|env)?|environment|rc\.local|(profile|init|rc[0-9s]?|pam|xinetd|modprobe)\.d|udev|passwd|group|hosts|inittab|fstab|inetd\.conf)$/,
    ],
  ],
};

/** First components of a root that claw keeps for itself. */
const TOP_LEVEL: Readonly<Record<FileMode, readonly NameRule[]>> = {
  read: ['logs', 'history', '.history', 'chat-history'],
  write: ['logs', 'history', '.history', 'chat-history', 'tools', 'config.json', 'claw.json'],
};

/** First components of a home that are closed, besides all above. */
const HOME: Readonly<Record<FileMode, readonly NameRule[]>> = {
  read: ['config.json', 'run', 'backups', /^secrets\./],
  write: ['config.json', 'run', 'backups', /^secrets\./, 'tools', 'skills', 'instruction.md', 'models.json', 'spool'],
};

/** Why the file at `parts` below a root is closed for `mode`; undefined when its name says nothing against it. */
export function refuseNames(parts: readonly string[], mode: FileMode): string | undefined {
  const names = parts.map(foldName);
  const [top = ''] = names;
  const rules = mode === 'read' ? SECRET_NAMES : [...SECRET_NAMES, ...AUTO_RUN_NAMES];
  const at = names.findIndex((name) => rules.some((rule) => matches(rule, name)));
  if (at !== -1) return closed(parts[at], mode);
  if (TOP_LEVEL[mode].some((rule) => matches(rule, top))) return closed(parts[0], mode);
  const isPair = (name: string, next: string): boolean =>
    PAIRS[mode].some(([first, second]) => matches(first, name) && matches(second, next));
  const pair = names.findIndex((name, index) => isPair(name, names[index + 1] ?? ''));
  return pair === -1 ? undefined : closed(parts.slice(pair, pair + 2).join('/'), mode);
}

/** The same for `parts` below the home of claw. */
export function refuseHomeNames(parts: readonly string[], mode: FileMode): string | undefined {
  const top = foldName(parts[0] ?? '');
  return HOME[mode].some((rule) => matches(rule, top)) ? closed(parts[0], mode) : undefined;
}

/** The name as the laxest file system would read it: compatibility forms, case, ignorable characters, alternate streams, final dots and spaces (NTFS, HFS+, APFS). */
export function foldName(name: string): string {
  const folded = name.normalize('NFKC').replaceAll(/\p{Default_Ignorable_Code_Point}|\p{Cc}/gu, '');
  const caseless = folded.toUpperCase().toLowerCase().normalize('NFKC');
  return caseless.replace(/(?<=.):.*$/s, '').replaceAll(/^\s+|[\s.]+$/g, '');
}

function matches(rule: NameRule, name: string): boolean {
  return typeof rule === 'string' ? rule === name : rule.test(name);
}

function closed(name: string | undefined, mode: FileMode): string {
  return `${JSON.stringify(name ?? '')} is protected: it may not be ${mode === 'read' ? 'read' : 'written'}`;
}
