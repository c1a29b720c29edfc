import { defineTool, z } from 'claw/tool';

/** sRGB, each 0 … 1; alpha too. */
interface Color {
  r: number;
  g: number;
  b: number;
  alpha: number;
}

/** The named colours of CSS Color 4, name and six digits. */
const NAMES = new Map(
  (
    'aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black 000000 ' +
    'blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 ' +
    'chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b ' +
    'darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b ' +
    'darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a ' +
    'darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 ' +
    'darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick b22222 ' +
    'floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520 ' +
    'gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ' +
    'ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 ' +
    'lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 ' +
    'lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899 ' +
    'lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6 ' +
    'magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db ' +
    'mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585 ' +
    'midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 ' +
    'olive 808000 olivedrab 6b8e23 orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 ' +
    'paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd ' +
    'powderblue b0e0e6 purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 ' +
    'salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb ' +
    'slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c ' +
    'teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 ' +
    'yellow ffff00 yellowgreen 9acd32'
  )
    .split(' ')
    .flatMap((word, index, all) => (index % 2 === 0 ? [[word, all[index + 1] ?? ''] as const] : [])),
);
const HUE_UNITS: Readonly<Record<string, number>> = { '': 1, deg: 1, grad: 0.9, rad: 180 / Math.PI, turn: 360 };

function readColor(text: string): Color {
  const plain = text.trim().toLowerCase();
  const named = NAMES.get(plain);
  if (named !== undefined) return readHex(named);
  if (plain === 'transparent') return { r: 0, g: 0, b: 0, alpha: 0 };
  const hex = /^(?:#|0x)?([0-9a-f]+)$/.exec(plain)?.[1];
  if (hex !== undefined && [3, 4, 6, 8].includes(hex.length)) return readHex(hex);
  if (hex !== undefined) throw new Error(`${text} has ${hex.length} hexadecimal digits; a colour has 3, 4, 6 or 8`);
  const match = /^(rgb|hsl|hsv|hsb|hwb|cmyk)a?\(\s*([^()]*?)\s*\)$/.exec(plain);
  if (match === null)
    throw new Error(
      `${JSON.stringify(text)} is no colour: use #rrggbb, rgb(), hsl(), hsv(), hwb(), cmyk() or a CSS name`,
    );
  const [, space = '', inside = ''] = match;
  const parts = inside.split(/\s*[,/]\s*|\s+/);
  const least = space === 'cmyk' ? 4 : 3;
  if (parts.length < least || parts.length > least + 1)
    throw new Error(`${space}() has ${least} values and perhaps an alpha, not ${parts.length}`);
  const alpha = parts[least] === undefined ? 1 : part(parts[least], 1, 'alpha');
  if (space === 'rgb') {
    const [r, g, b] = parts.map((value, index) => part(value, 255, 'rgb'.charAt(index) || 'alpha')) as [
      number,
      number,
      number,
    ];
    return { r, g, b, alpha };
  }
  if (space === 'cmyk') {
    const [c, m, y, k] = parts.map((value, index) => part(value, 100, 'cmyk'.charAt(index) || 'alpha')) as [
      number,
      number,
      number,
      number,
    ];
    return { r: (1 - c) * (1 - k), g: (1 - m) * (1 - k), b: (1 - y) * (1 - k), alpha };
  }
  const [first, second] = [
    part(parts[1] ?? '', 100, `second value of ${space}`),
    part(parts[2] ?? '', 100, `third value of ${space}`),
  ];
  return { ...fromHue(space, hue(parts[0] ?? ''), first, second), alpha };
}

/** 0 … 1 of a percentage, or of a number up to `full`. */
function part(text: string, full: number, name: string): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(%?)$/.exec(text);
  if (match === null) throw new Error(`${JSON.stringify(text)} is no number for ${name}`);
  const value = Number(match[1]) / (match[2] === '%' ? 100 : full);
  if (value < 0 || value > 1)
    throw new Error(`${text} is out of range for ${name}: 0 to ${match[2] === '%' ? '100%' : full}`);
  return value;
}

/** Degrees, 0 … 360. */
function hue(text: string): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(deg|grad|rad|turn|)$/.exec(text);
  if (match === null)
    throw new Error(`${JSON.stringify(text)} is no hue: degrees, or a number with deg, grad, rad or turn`);
  const degrees = (Number(match[1]) * (HUE_UNITS[match[2] ?? ''] ?? 1)) % 360;
  return degrees < 0 ? degrees + 360 : degrees;
}

function readHex(hex: string): Color {
  const long = hex.length <= 4 ? [...hex].map((digit) => digit + digit).join('') : hex;
  const [r = 0, g = 0, b = 0, alpha = 255] = (long.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return { r: r / 255, g: g / 255, b: b / 255, alpha: alpha / 255 };
}

function fromHue(space: string, degrees: number, a: number, b: number): Omit<Color, 'alpha'> {
  if (space === 'hwb' && a + b >= 1) return { r: a / (a + b), g: a / (a + b), b: a / (a + b) };
  const isLight = space === 'hsl';
  const high = isLight ? b + a * Math.min(b, 1 - b) : space === 'hwb' ? 1 - b : b;
  const low = isLight ? 2 * b - high : space === 'hwb' ? a : b * (1 - a);
  const channel = (shift: number): number => {
    const place = (shift + degrees / 60) % 6;
    return high - (high - low) * Math.max(0, Math.min(place, 4 - place, 1));
  };
  return { r: channel(5), g: channel(3), b: channel(1) };
}

/** Hue in degrees; 0 for greys. */
function hueOf({ r, g, b }: Color): number {
  const high = Math.max(r, g, b);
  const range = high - Math.min(r, g, b);
  if (range === 0) return 0;
  const sixth = high === r ? ((g - b) / range + 6) % 6 : high === g ? (b - r) / range + 2 : (r - g) / range + 4;
  return sixth * 60;
}

/** WCAG 2.2 relative luminance. */
function luminance({ r, g, b }: Color): number {
  const [red, green, blue] = [r, g, b].map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Color, other: Color): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number];
  return Math.floor(((light + 0.05) / (dark + 0.05)) * 100) / 100;
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const percent = (value: number): string => `${round(value * 100)}%`;

function shown(color: Color): Record<string, unknown> {
  const { r, g, b, alpha } = color;
  const [high, low] = [Math.max(r, g, b), Math.min(r, g, b)];
  const bytes = [r, g, b].map((value) => Math.round(value * 255));
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const tail = alpha === 1 ? '' : ` / ${round(alpha, 3)}`;
  const lightness = (high + low) / 2;
  const range = high - low;
  const degrees = round(hueOf(color)) % 360;
  const saturation = range === 0 ? 0 : range / (1 - Math.abs(2 * lightness - 1));
  const k = 1 - high;
  const ink = (value: number): string => percent(high === 0 ? 0 : (high - value) / high);
  const name = alpha === 1 ? [...NAMES].find(([, digits]) => digits === hex)?.[0] : undefined;
  return {
    hex: `#${hex}${
      alpha === 1
        ? ''
        : Math.round(alpha * 255)
            .toString(16)
            .padStart(2, '0')
    }`,
    rgb: `rgb(${bytes.join(' ')}${tail})`,
    hsl: `hsl(${degrees} ${percent(saturation)} ${percent(lightness)}${tail})`,
    hsv: `hsv(${degrees} ${percent(high === 0 ? 0 : range / high)} ${percent(high)}${tail})`,
    hwb: `hwb(${degrees} ${percent(low)} ${percent(1 - high)}${tail})`,
    cmyk: `cmyk(${ink(r)} ${ink(g)} ${ink(b)} ${percent(k)}${tail})`,
    ...(name === undefined ? {} : { name }),
  };
}

export default defineTool({
  name: 'color_converter',
  description:
    'Converts a colour between hex, RGB, HSL, HSV, HWB, CMYK and CSS names; tells the WCAG contrast to another.',
  input: z.object({
    color: z.string().min(1).max(100).describe('#1e90ff, rgb(30 144 255), hsl(210 100% 56%), dodgerblue.'),
    against: z.string().min(1).max(100).optional().describe('A colour to tell the contrast to.'),
  }),
  idempotent: true,
  examples: [
    {
      input: { color: 'dodgerblue' },
      output: {
        hex: '#1e90ff',
        rgb: 'rgb(30 144 255)',
        hsl: 'hsl(209.6 100% 55.9%)',
        hsv: 'hsv(209.6 88.2% 100%)',
        hwb: 'hwb(209.6 11.8% 0%)',
        cmyk: 'cmyk(88.2% 43.5% 0% 0%)',
        name: 'dodgerblue',
      },
    },
    {
      input: { color: '#777', against: 'white' },
      output: {
        hex: '#777777',
        rgb: 'rgb(119 119 119)',
        hsl: 'hsl(0 0% 46.7%)',
        hsv: 'hsv(0 0% 46.7%)',
        hwb: 'hwb(0 46.7% 53.3%)',
        cmyk: 'cmyk(0% 0% 0% 53.3%)',
        contrast: 4.47,
        readable: false,
      },
    },
  ],
  run({ color, against }) {
    const one = readColor(color);
    if (against === undefined) return shown(one);
    const other = readColor(against);
    if (one.alpha < 1 || other.alpha < 1) throw new Error('a contrast is between two opaque colours');
    const ratio = contrast(one, other);
    return { ...shown(one), contrast: ratio, readable: ratio >= 4.5 };
  },
});
