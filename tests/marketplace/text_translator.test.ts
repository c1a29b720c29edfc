import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTool } from './package-kit.ts';

const translate = openTool('text_translator');
const to = (kind: string, text: string): Promise<string> => translate<string>({ text, to: kind });

test.each([
  ['rot13', 'Why did the chicken cross the road? 1+1', 'Jul qvq gur puvpxra pebff gur ebnq? 1+1'],
  ['morse', 'PARIS', '.--. .- .-. .. ...'],
  ['morse', 'What hath God wrought', '.-- .... .- - / .... .- - .... / --. --- -.. / .-- .-. --- ..- --. .... -'],
  ['morse', 'a@b.com', '.- .--.-. -... .-.-.- -.-. --- --'],
  // 한글 taken apart is ㅎㅏㄴㄱㅡㄹ.
  ['morse', '한글', '.--- . ..-. .-.. -.. ...-'],
  ['morse', '값', '.-.. . .-- --.'],
  ['from_morse', '.... . .-.. .-.. --- / .---- ..---', 'HELLO 12'],
  ['from_morse', '•••   −−−   •••', 'S O S'],
  ['upper', 'straße é', 'STRASSE É'],
  ['lower', 'ÀÉ', 'àé'],
  ['title', "it's a NEW day, élan vital", "It's A New Day, Élan Vital"],
  ['sentence', 'HELLO there. HOW are you? fine!', 'Hello there. How are you? Fine!'],
  ['swap', 'aBc É', 'AbC é'],
  ['camel', 'some_snake-case words', 'someSnakeCaseWords'],
  ['pascal', 'parseHTTPResponse', 'ParseHttpResponse'],
  ['snake', 'userID2Name', 'user_id2_name'],
  ['kebab', '  Hello,  World! ', 'hello-world'],
  ['reverse', 'stressed', 'desserts'],
  ['reverse', 'cafe\u0301 🇰🇷🇫🇷 👍🏽', '👍🏽 🇫🇷🇰🇷 e\u0301fac'],
  ['reverse', 'a\r\nb', 'b\r\na'],
  ['reverse_words', 'one two  three', 'three  two one'],
])('%s of %j', async (kind, text, expected) => {
  await expect(to(kind, text)).resolves.toBe(expected);
});

test.each([
  ['morse', '漢', /no Morse code for "漢"/],
  ['from_morse', '... xyz', /only dots, dashes/],
  ['from_morse', '.......', /no letter of international/],
])('%s of %j is refused', async (kind, text, reason) => {
  await expect(to(kind, text)).rejects.toThrow(reason);
});

test('ROT13 twice is the text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, unit: 'grapheme' }), async (text) => {
      await expect(to('rot13', await to('rot13', text))).resolves.toBe(text);
    }),
    { numRuns: 13 },
  );
});

test('Morse there and back is the text in capitals', async () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789.,?\'!/()&:;=+-_"$@';
  const word = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 6 }).map((each) => each.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 3 }), async (words) => {
      const text = words.join(' ');
      await expect(to('from_morse', await to('morse', text))).resolves.toBe(text.toUpperCase());
    }),
    { numRuns: 13 },
  );
});

test('what is reversed is reversed by what people see as one character', async () => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const pieces = fc.constantFrom(
    'a',
    'é',
    'e\u0301',
    '한',
    'ᄒ',
    'ᅡ',
    'ᆫ',
    '👨‍👩‍👧',
    '👍🏽',
    '🇰🇷',
    '🇫',
    '❤️',
    '\r\n',
    '\n',
    'ก็',
    '1️⃣',
    '\u200d',
    '﷽',
    '𝒳',
    'न',
    '\u0308',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 10 }), async (parts) => {
      const text = parts.join('');
      const expected = [...segmenter.segment(text)]
        .map(({ segment }) => segment)
        .toReversed()
        .join('');
      await expect(to('reverse', text)).resolves.toBe(expected);
    }),
    { numRuns: 37 },
  );
});
