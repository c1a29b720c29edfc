/** Owns what a setting is: its kind, bounds and default, and the type of its value. Pure vocabulary; values are read elsewhere. */

interface Common {
  /** One sentence with units, for people. */
  readonly description: string;
  /** Never printed, never kept in config.json. */
  readonly secret?: true;
  /** Other names of the same setting. `CLAW_<NAME>` is always one and need not be listed. */
  readonly aliases?: readonly string[];
  /** Opens a door or decides who may come in: taken from a `.env` of the working directory only with a remark. */
  readonly sensitive?: true;
  /** Names a program that claw starts without a wall: never taken from a `.env` of the working directory, nor from over the network. */
  readonly startsProgram?: true;
}

interface TextSetting extends Common {
  readonly kind: 'text';
  readonly default?: string;
  readonly minLength?: number;
}

interface NumberSetting extends Common {
  readonly kind: 'integer' | 'number';
  readonly default?: number;
  readonly min: number;
  readonly max: number;
}

interface BooleanSetting extends Common {
  readonly kind: 'boolean';
  readonly default?: boolean;
}

/** Written as `a, b, c` or as a JSON array. */
interface ListSetting extends Common {
  readonly kind: 'list';
  readonly default?: readonly string[];
}

interface ChoiceSetting extends Common {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly default?: string;
  /** Spellings of the parents and what they mean here, in lower case. */
  readonly spellings?: Readonly<Record<string, string>>;
  /** A value that is none of them is remarked on and passed over: nothing stops for it. */
  readonly lenient?: true;
}

/** An http or https address without user name and password. */
interface UrlSetting extends Common {
  readonly kind: 'url';
  readonly default?: string;
  /** The secret that is sent to this address. */
  readonly credential?: string;
}

/** A file or folder. `~/` is the user's home directory; a relative path starts at claw's home. */
interface PathSetting extends Common {
  readonly kind: 'path';
  readonly default?: string;
}

/** A regular expression (flags `iu`). */
interface RegexSetting extends Common {
  readonly kind: 'regex';
  readonly default?: string;
}

/** An IANA time zone. */
interface ZoneSetting extends Common {
  readonly kind: 'zone';
  readonly default?: string;
}

export type Setting =
  | TextSetting
  | NumberSetting
  | BooleanSetting
  | ListSetting
  | ChoiceSetting
  | UrlSetting
  | PathSetting
  | RegexSetting
  | ZoneSetting;

export type SettingTable = Readonly<Record<string, Setting>>;

/** Any value that a setting can have. */
export type SettingValue = string | number | boolean | readonly string[];

type KindValue<S extends Setting> = S extends { kind: 'integer' | 'number' }
  ? number
  : S extends { kind: 'boolean' }
    ? boolean
    : S extends { kind: 'list' }
      ? readonly string[]
      : S extends { kind: 'choice'; choices: readonly (infer Choice)[] }
        ? Choice
        : string;

/** The type of one setting's value; without a default it may be missing. */
export type ValueOf<S extends Setting> = S extends { default: SettingValue } ? KindValue<S> : KindValue<S> | undefined;
