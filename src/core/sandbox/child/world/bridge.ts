/** Owns the few functions that the child hands into QuickJS, and takes them out of the tool's sight. All values are text and numbers, so that nothing is shared between the two worlds. */

interface Bridge {
  /** Asks a service of claw; resolves to JSON. */
  ask(service: string, method: string, json: string): Promise<string>;
  tell(kind: 'log' | 'progress', text: string): void;
  /** Resolves after `ms`. */
  wait(ms: number): Promise<void>;
  /** Calls `listener` once, when the tool is about to be stopped. */
  onStop(listener: () => void): void;
  /** `count` random bytes as hexadecimal. */
  random(count: number): string;
  utf8Encode(text: string): string;
  /** Empty for bytes that are no UTF-8, when they must be. */
  utf8Decode(hex: string, isFatal: boolean): string;
  /** Parts of a URL as JSON, after `part` was set to `value` unless it is empty; empty for what is no URL. */
  url(href: string, base: string, part: string, value: string): string;
  /** Name and value pairs of a query as JSON. */
  query(text: string): string;
  finish(json: string): void;
}

const world = globalThis as { __bridge?: Bridge };
export const bridge = world.__bridge as Bridge;
delete world.__bridge;
