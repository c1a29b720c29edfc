/** Owns the list of programs that run other code: languages, shells, wrappers, editors, build tools. No grammar makes them safe, so at most a person decides on each run. */

const NAMES = new Set(
  `sh bash rbash dash ash zsh ksh ksh93 mksh pdksh fish csh tcsh elvish nu xonsh busybox toybox
  node nodejs deno bun tsx ts-node npm npx yarn pnpm corepack python pypy pip pipx uv uvx poetry conda perl perldoc cpan ruby irb gem
  bundle rake php phar lua luajit tclsh wish expect guile racket scheme csi sbcl clisp ecl emacs emacsclient erl elixir iex mix
  escript julia r rscript octave ghc ghci runghc stack cabal ocaml swift go gofmt cargo rustc rustup java javac jshell groovy kotlin
  scala clojure gradle mvn ant dotnet mono csc fsi pwsh powershell gcc g++ cc c++ cpp clang clang++ tcc as ld ldd make gmake cmake
  ctest ninja meson bazel just task m4 awk gawk mawk nawk original-awk sed gsed ssed ed ex red vi vim vim.tiny vim.basic nvim view
  vimdiff rvim nano pico micro joe jed less lesspipe more most pg man info pager editor sensible-pager sensible-editor
  env printenv xargs parallel nice ionice chrt taskset nohup timeout setsid stdbuf unbuffer script scriptreplay watch time strace
  ltrace gdb lldb perf valgrind bpftrace chroot fakeroot unshare nsenter setarch linux32 linux64 sudo sudoedit doas su runuser
  pkexec setpriv capsh newgrp sg runcon start-stop-daemon systemd-run systemd-nspawn run0 flock run-parts crontab at batch
  ssh scp sftp sshpass mosh rsync tar gtar bsdtar cpio pax zip unzip 7z 7za rar ar dpkg dpkg-deb rpm apt apt-get aptitude yum dnf
  apk pacman brew snap flatpak docker podman nerdctl kubectl helm runc crun ctr lxc virsh qemu bwrap firejail
  sqlite3 mysql mariadb psql mongo mongosh redis-cli gnuplot bc dc units tic infocmp socat nc ncat netcat telnet ftp lftp tftp
  rlwrap screen tmux dtach entr fzf inotifywait reboot shutdown open xdg-open osascript gawk find-all dialog whiptail zenity
  ld.so git-shell svn hg bzr cvs gpg gpgsm openssl ansible terraform vagrant`.split(/\s+/),
);

/** `python3.12`, `perl5.36.0`, `gcc-13`, `x86_64-linux-gnu-gcc`, `ld-linux-x86-64.so.2`. */
const VERSIONED =
  /^(.+-)?(python|pypy|pip|perl|ruby|irb|lua|luajit|php|node|nodejs|tclsh|wish|guile|gcc|g\+\+|clang|clang\+\+|cpp|emacs|vim|java|erl|ghc|gdb|lldb|awk|gawk|mawk)[-.]?[0-9][0-9.]*(-[a-z0-9]+)?$/;

/** The dynamic loader and emulators start any file; a script is what its first line says. */
const LOADERS_AND_SCRIPTS = /^ld-.*\.so|^qemu-|\.(sh|py|pl|rb|js|mjs|cjs|ts)$/;

/** Whether a program of this name, or the file it really is, runs code it is given. */
export function isInterpreter(name: string): boolean {
  const plain = name.toLowerCase();
  return NAMES.has(plain) || VERSIONED.test(plain) || LOADERS_AND_SCRIPTS.test(plain);
}

const SHELL_WORDS = new Set(
  `alias bg bind break builtin caller case cd command compgen complete continue coproc declare dirs disown do done elif else enable
  esac eval exec exit export fc fg fi for function getopts hash history if in jobs let local logout mapfile popd pushd read readarray
  readonly return select set shift shopt source suspend then times trap type typeset ulimit umask unalias unset until wait while`.split(
    /\s+/,
  ),
);

/** Whether a shell acts on this word itself. */
export function isShellWord(name: string): boolean {
  return SHELL_WORDS.has(name);
}

/** One file under many names, which acts by the name it is called: its own name says nothing. */
export function isMultiCall(realName: string): boolean {
  return ['busybox', 'toybox', 'coreutils', 'uutils'].includes(realName.toLowerCase());
}
