/** Owns the wiring: the only place that picks adapters and hands each service what it needs. Every service is built at its first use, so that a command pays only for what it touches. */

export interface AppOptions {
  readonly home: string | undefined;
  /** Settings by name that outrank every other layer (command-line flags). */
  readonly overrides: Readonly<Record<string, string>>;
}

export interface App {
  close(): Promise<void>;
}

export async function openApp(_options: AppOptions): Promise<App> {
  return { close: async () => {} };
}
