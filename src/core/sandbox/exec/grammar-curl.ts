/** Owns the grammar of curl: reads web addresses to stdout and does nothing else. Source: curl 8.16 manual. */
import type { Grammar, ParsedCall } from './grammar.ts';

/** No `@file`, which curl reads the value from. */
const PLAIN = /^(?!@)[^\0]{1,2000}$/;
const METHOD = /^(GET|HEAD|OPTIONS)$/;
/** `%{output{file}}` and `%output{file}` write files, `@file` reads one. */
const WRITE_OUT = /^(?!@)([^%@]|%%|%\{[a-z_.]+\})*$/;

export const CURL_GRAMMAR: Grammar = {
  options: `-s -S -f -i -I -v -L -N -G -g -4 -6 -0 -# -H=header -A=plain -e=plain -X=method -m=number -r=range -w=writeout --silent --show-error
    --fail --fail-with-body --fail-early --include --show-headers --head --verbose --location --no-buffer --get --globoff --ipv4 --ipv6
    --http1.0 --http1.1 --http2 --tlsv1.2 --tlsv1.3 --compressed --progress-bar --no-progress-meter --styled-output --raw
    --path-as-is --header=header --user-agent=plain --referer=plain --request=method --max-time=number --connect-timeout=number
    --max-redirs=number --max-filesize=number --limit-rate=number --retry=number --retry-delay=number --retry-max-time=number
    --retry-all-errors --retry-connrefused --range=range --write-out=writeout --proto=protocols --url=url --speed-limit=number --speed-time=number`,
  kinds: {
    plain: PLAIN,
    header: PLAIN,
    method: METHOD,
    range: /^[0-9,-]{1,100}$/,
    writeout: WRITE_OUT,
    protocols: /^=https?(,https?)?$/,
  },
  operands: ['url'],
  maxOperands: 10,
  check: checkCurl,
};

function checkCurl({ urls, options }: ParsedCall): string | undefined {
  if (urls.length === 0) return 'curl has no address';
  const guessed = urls.find((url) => !/^https?:\/\//i.test(url));
  if (guessed !== undefined) return `${JSON.stringify(guessed)} does not begin with http:// or https://`;
  if (options.has('-g') || options.has('--globoff')) return undefined;
  // curl expands {a,b} and [1-9] in addresses by itself; brackets are fine only around an IPv6 host.
  const expanded = urls.find(
    (url) => /[{}]/.test(url) || /[[\]]/.test(url.replace(/^https?:\/\/\[[0-9a-f:.]+\]/i, '')),
  );
  return expanded === undefined ? undefined : `${JSON.stringify(expanded)} is a pattern that curl expands`;
}
