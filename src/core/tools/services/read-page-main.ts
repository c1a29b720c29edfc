/** Owns the process that makes a web page readable: the article as Markdown, without menus and scripts. A page made to hang or burst a parser does so here and not in the server. Reads one JSON value from stdin, prints one. */
import { text } from 'node:stream/consumers';
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import Turndown from 'turndown';

const { html, url } = JSON.parse(await text(process.stdin)) as { html: string; url: string };
process.stdout.write(JSON.stringify(readPage()));

function readPage(): { title: string; text: string } {
  const { document } = parseHTML(html);
  absoluteLinks(document);
  const title = document.title.trim();
  // The reader takes the document apart, so it gets one of its own.
  const article = new Readability(parseHTML(document.toString()).document).parse();
  const markdown = new Turndown({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
  markdown.remove(['script', 'style', 'noscript', 'iframe', 'template']);
  const body = article?.content ?? document.body?.innerHTML ?? '';
  const readable = markdown
    .turndown(body)
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return { title: article?.title?.trim() || title, text: readable };
}

function absoluteLinks(document: ReturnType<typeof parseHTML>['document']): void {
  for (const link of document.querySelectorAll('a[href]')) {
    const href = link.getAttribute('href') ?? '';
    if (URL.canParse(href, url) && /^https?:/.test(new URL(href, url).protocol))
      link.setAttribute('href', new URL(href, url).href);
    else link.removeAttribute('href');
  }
  for (const image of document.querySelectorAll('img')) image.remove();
}
