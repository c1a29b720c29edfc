import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTool } from './package-kit.ts';

const format = openTool('json_formatter');

test('the answer is that of JSON.stringify', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.integer({ min: 1, max: 8 }), async (value, indent) => {
      // -0 is written as 0 by JSON.stringify and kept by a formatter.
      const text = JSON.stringify(value);
      await expect(format({ text, indent })).resolves.toBe(JSON.stringify(JSON.parse(text), null, indent));
      await expect(format({ text: JSON.stringify(value, null, 3), action: 'minify' })).resolves.toBe(text);
    }),
    { numRuns: 20 },
  );
});

test('a text is valid exactly when JSON.parse says so', async () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    'u00e9',
    '1',
    '-',
    '.',
    'e',
    '0',
    'null',
    ' ',
    '\n',
    '"a"',
    '\t',
    'x',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 8 }), async (parts) => {
      const text = parts.join('');
      let isValid = true;
      try {
        JSON.parse(text);
      } catch {
        isValid = false;
      }
      const { valid } = await format<{ valid: boolean }>({ text, action: 'check' });
      expect(valid, text).toBe(isValid);
    }),
    { numRuns: 62 },
  );
});

test.each([
  ['{"a": 1,}', /line 1, column 9: a key in double quotes should be here, not "}"/],
  ['{\n  "a": 1\n  "b": 2\n}', /line 3, column 3: a comma or } should be here/],
  ['{\r\n"a" 1}', /line 2, column 5: a colon should follow the key "a"/],
  ['[1, 2', /line 1, column 6: a comma or \] should be here, not the end/],
  ['', /must have at least 1|input\.text/],
  ['{"a": \'b\'}', /line 1, column 7: "'" begins no value/],
  ['[01]', /line 1, column 3: a number is not well formed/],
  ['[1.]', /column 3: a number/],
  ['"a\nb"', /a raw control character/],
  ['"\\x"', /is no escape/],
  ['"abc', /a string is not closed/],
  ['{} {}', /line 1, column 4: something follows/],
  ['// no\n{}', /"\/" begins no value/],
  ['NaN', /"N" begins no value/],
  ['['.repeat(300), /nested deeper than 200/],
])('%j is told with its place', async (text, reason) => {
  await expect(format({ text })).rejects.toThrow(reason);
});

test('no digit of a number is lost, and doubles are kept and told', async () => {
  await expect(format({ text: '[1.50, 12345678901234567890, 1E400, -0]', action: 'minify' })).resolves.toBe(
    '[1.50,12345678901234567890,1E400,-0]',
  );
  const text = '{"a":1,"\\u0061":2,"b":{"c/d":1,"c/d":2}}';
  await expect(format({ text, action: 'check' })).resolves.toEqual({ valid: true, repeated_keys: ['/a', '/b/c~1d'] });
  await expect(format({ text, action: 'minify' })).resolves.toBe(text);
});

test('keys are sorted at every level, prototypes are plain keys', async () => {
  const text = '{"b":{"z":1,"__proto__":2},"a":[{"y":1,"x":2}]}';
  await expect(format({ text, sort_keys: true, action: 'minify' })).resolves.toBe(
    '{"a":[{"x":2,"y":1}],"b":{"__proto__":2,"z":1}}',
  );
});

test('a JSON Pointer takes out one part', async () => {
  // The document of RFC 6901, section 5.
  const text = '{"foo":["bar","baz"],"":0,"a/b":1,"m~n":8," ":7}';
  const at = (path: string) => format({ text, path, action: 'minify' });
  await expect(at('/foo/1')).resolves.toBe('"baz"');
  await expect(at('/')).resolves.toBe('0');
  await expect(at('/a~1b')).resolves.toBe('1');
  await expect(at('/m~0n')).resolves.toBe('8');
  await expect(at('')).resolves.toBe(text);
  await expect(at('/foo/2')).rejects.toThrow(/nothing at \/foo\/2/);
  await expect(at('/foo/01')).rejects.toThrow(/nothing at/);
  await expect(at('foo')).rejects.toThrow(/begins with \//);
});

test('a byte order mark before it is no error', async () => {
  await expect(format({ text: '\uFEFF{}' })).resolves.toBe('{}');
});
