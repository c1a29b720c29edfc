/** Vectors for the path wall. Each is asked below a root that holds an ordinary file `notes.txt` and a folder `sub`. */

/** Refused for reading and writing, whether they exist or not. */
export const CLOSED_BOTH = [
  // Ways out
  '..', '../', '../x', '../../etc/passwd', '../../../../../../../../etc/passwd', 'sub/..', 'sub/../..', 'sub/../../x', 'sub/../notes.txt', './../x', 'a/./../../x',
  '.../x', '....//x', '..../x', '. ./x', '.. /x', ' ../x', 'sub/.. /x', 'sub/ ../x', '..\u00a0/x', '/etc/passwd', '//etc/passwd', '/', '/.', '/proc/self/environ',
  '/dev/null', '~', '~/x', '~root/.ssh', '~+/x', '..\\x', '..\\..\\etc\\passwd', 'sub\\..\\..\\x', '\\etc\\passwd', '\\\\server\\share', 'C:\\x', 'C:/x', 'c:x', 'D:',
  'file:///etc/passwd', 'FILE:///etc/passwd', 'file:/etc/passwd', 'http://a.example/', 'sub\\notes.txt',
  '..%2fx', '%2e%2e/x', '%2e%2e%2fx', '%2E%2E%2Fetc%2Fpasswd', '..%252f..%252fx', '%252e%252e%252fx', '..%5cx', '..%c0%afx', '%c0%ae%c0%ae/x', '%00', 'notes.txt%00.png',
  '..%00/x', '..%25252fx', '．．/x', '‥/x', '．．／x', '․․/x', '.\u200b./x', '..\u200b/x', '\u200b../x', '..\u2060/x', '..\ufeff/x', '…/x', 'sub/\u200b/x', '℀/x',
  // Characters that mislead
  '', ' ', '   ', '.\u00a0', '\u200b', 'a\0b', 'notes.txt\0', 'a\nb', 'a\rb', 'a\tb', 'a\u001bb', 'a\u007fb', 'a\u0085b', 'a\u2028b', 'a\u2029b', 'a\u202eb', 'a\u2066b', '\ud800', 'a\udc00b',
  'a'.repeat(256), `${'a/'.repeat(3000)}b`, '가'.repeat(86),
  // Secrets
  '.env', 'sub/.env', './.env', 'a/b/c/.env', '.env.local', '.env.production', '.env.example', '.env.bak', '.env~', '.env.swp', '.env-old', '.env_1', '.env.', '.env ', '.env .', '.env. .',
  '.ENV', '.Env', '.eNv.Local', '．env', '.ｅｎｖ', '.env\u200b', '.e\u00adnv', '.\u200denv', '.env::$DATA', '.env:x', '.env/', '.env/x', 'prod.env', 'PROD.ENV', '.envrc', '.envs/x', '#.env#', '.#.env',
  '.ssh/id_rsa', '.ssh/config', '.ssh', '.SSH/authorized_keys', 'home/.ssh/known_hosts', 'id_rsa', 'id_ed25519', 'sub/id_ecdsa', 'ID_RSA', 'id_rsa.bak', 'authorized_keys', '.gnupg/secring.gpg',
  '.aws/credentials', '.aws/config', '.azure/x', '.kube/config', '.docker/config.json', '.config/gcloud/credentials.db', '.config/gh/hosts.yml', '.netrc', '_netrc', '.git-credentials', '.gitconfig',
  '.npmrc', 'sub/.npmrc', '.NPMRC', '.yarnrc', '.yarnrc.yml', '.pypirc', '.pgpass', '.my.cnf', '.htpasswd', '.vault-token', 'credentials.json', 'credentials', 'client_secret_1.json',
  'secrets.json', 'secrets.yaml', 'secrets/x', 'server.key', 'cert.pem', 'store.p12', 'store.jks', 'vault.kdbx', 'secrets.sealed', 'secrets.key',
  '.git/config', '.git/hooks/pre-commit', '.git/HEAD', '.git', '.GIT/config', '.Git/hooks/post-checkout', 'sub/.git/config', '.git /config', '.git./config', '.git::$INDEX_ALLOCATION/config', '.g\u200cit/config',
  'git~1/config', 'GIT~1/hooks/x', '.git~1/x', '．git/config', '.hg/hgrc', '.svn/x', '.bashrc', '.bash_profile', '.profile', '.zshrc', '.zshenv', '.BASHRC', '.bash_history', '.zsh_history', '.python_history',
  '.node_repl_history', '.psql_history', '.mysql_history', '.lesshst', '.viminfo', '.pam_environment', '.inputrc', '.claude/settings.json', '.codex/auth.json', '.claw/config.json', '.mozilla/x',
  '.password-store/x', '.s3cfg', '.boto', '.dockercfg', 'shadow', 'sudoers', 'wallet.dat', 'Cookies', 'Login Data',
  // What claw keeps
  'claw.db', 'claw.db-wal', 'claw.db-shm', 'CLAW.DB', 'claw.db.bak', 'logs/claw.log', 'logs', 'logs/x/y', 'LOGS/x', 'claw.log', 'app.log', 'sub/server.log', 'app.log.1', 'app.log.gz', 'APP.LOG', 'history/1.json',
  'history', 'History/x', '.history/x',
  // Names that other systems read otherwise
  'CON', 'nul', 'sub/AUX', 'COM1', 'lpt9', 'ENV~1', 'env~12', 'SSH~1/id', 'NPMRC~1',
];

/** Open for reading, refused for writing: another program runs or obeys them by itself. */
export const CLOSED_FOR_WRITING = [
  'sitecustomize.py', 'usercustomize.py', 'sub/sitecustomize.py', 'SiteCustomize.py', 'sitecustomize.pyc', 'sitecustomize/__init__.py', 'sitecustomize', 'conftest.py', 'tests/conftest.py', 'x.pth', 'lib/x.PTH',
  '__pycache__/x.pyc', '.pythonrc', 'node_modules/x/index.js', 'sub/node_modules/x', 'NODE_MODULES/x', 'node_modules', 'package.json', 'sub/package.json', 'Package.JSON', '.pnpmfile.cjs', '.husky/pre-commit',
  '.githooks/x', '.gitmodules', '.github/workflows/ci.yml', '.gitlab-ci.yml', '.circleci/config.yml', '.vscode/tasks.json', '.idea/x', '.devcontainer/devcontainer.json', '.cursorrules', '.cursor/rules/x',
  '.mcp.json', 'CLAUDE.md', 'claude.md', 'sub/CLAUDE.md', 'AGENTS.md', 'Agents.MD', 'GEMINI.md', '.pre-commit-config.yaml', '.gdbinit', '.lldbinit', '.vimrc', '.exrc', '.emacs', '.emacs.d/init.el', '.curlrc',
  '_curlrc', '.wgetrc', '.tmux.conf', '.screenrc', '.forward', '.rhosts', '.cargo/config.toml', '.gradle/init.gradle', '.m2/settings.xml', '.tool-versions', 'crontab', 'cron.d/x', 'cron.daily/x',
  '.config/autostart/x', '.config/systemd/user/x.service', '.config/fish/config.fish', '.config/x', '.local/bin/x', '.local/share/x', 'systemd/system/x', 'x.service', 'x.timer', 'x.socket', 'x.desktop',
  'Library/LaunchAgents/x.plist', 'etc/ld.so.preload', 'tools/evil.ts', 'tools', 'Tools/evil.js', 'tools /x', 'config.json', 'CONFIG.JSON',
];

/** Ordinary names that must stay open both ways. */
export const OPEN_BOTH = [
  'notes.txt', './notes.txt', 'sub/x.txt', './sub/./x.txt', 'sub//x.txt', 'a/b/c/d.md', 'README.md', 'report 2026.pdf', 'a b.txt', 'name with  spaces', '한글.txt', '한글.txt'.normalize('NFD'), 'メモ.md', 'заметка.txt',
  'über.txt', 'naïve.txt', 'emoji 🎉.md', '👨‍👩‍👧.png', '.hidden', '.config.txt', '.gitignore', '.gitattributes', '.gitkeep', '.editorconfig', '.dockerignore', '.environment', 'my.environment', 'environment.txt',
  'env', 'env.txt', 'dotenv.md', 'envelope.txt', 'dot.envelope', '..foo', 'foo..', 'a..b', 'a...b', 'v1.0.txt', 'x.tar.gz', 'data.json', 'src/index.ts', 'src/config.json', 'sub/config.json', 'src/tools/x.ts',
  'src/logs.ts', 'sub/logs/x.txt', 'sub/history/x.md', 'history.md', 'logs.txt', 'catalog', 'dialogue.txt', 'blog.md', 'changelog.md', 'loginform.html', 'gitlog.txt', 'ssh.md', 'sshd_notes.txt', 'id_rsa.pub',
  'keyboard.txt', 'monkey', 'key.txt', 'pem.txt', 'secretary.txt', 'credential-report.md', 'package.json.md', 'package-lock.json', 'site.py', 'customize.py', 'test_conftest.md', 'claude-notes.md', 'agents.txt',
  'node_modules.txt', 'toolbox/x', 'clawdb', 'service.md', 'timer.ts', '50%.txt', '100%25 real.txt', '%20x', 'a%b', 'a&b', 'a;b', 'a|b', 'a$b', '$(id)', '`id`', "it's", 'a"b', 'a*b', 'a?b', '-rf', '--help', '#x',
  '!x', '@x', '+x', '=x', 'aa:b.txt', 'a'.repeat(255), '가'.repeat(85),
];
