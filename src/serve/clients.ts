/** Owns what serves clients of this machine besides chat platforms: the HTTP API, WebSocket, and the turns that their callers asked for. */
import type { App } from '../core/create-app.ts';
import type { Log } from '../core/kernel/log.ts';
import { openHttp } from './http/open-http.ts';
import { createServerMetrics } from './metrics.ts';
import { keepMetricsHistory } from './metrics-history.ts';
import type { StateFile } from './server-state.ts';
import { createTurnStreams } from './turn-stream.ts';
import { createUploads } from './uploads.ts';
import { openWebSockets } from './ws/open-websocket.ts';

export interface Clients {
  /** Brings it in line with changed settings. */
  follow(): Promise<void>;
  /** Begins nothing new and lets turns and answers end, for at most `graceMs` milliseconds. */
  stop(graceMs: number): Promise<void>;
}

interface ClientsDeps {
  readonly app: App;
  readonly state: StateFile;
  readonly version: string;
  readonly log: Log;
}

/** Throws what `openHttp` throws. */
export async function openClients(deps: ClientsDeps): Promise<Clients> {
  const { app, log } = deps;
  const { clock } = app;
  const streams = createTurnStreams({ chat: () => app.chat(), clock });
  const uploads = createUploads(clock);
  const sockets = await openWebSockets({ ...deps, streams, uploads });
  const metrics = createServerMetrics({ app, version: deps.version, sockets: () => sockets.count() });
  const sampling = new AbortController();
  const history = keepMetricsHistory({ app, log, loopDelay: metrics.loopDelay }, sampling.signal);
  const http = await openHttp({
    ...deps,
    streams,
    uploads,
    metricsText: metrics.text,
    metricsHistory: history.read,
    onServer: (server, host) => sockets.attach(server, host),
  });
  let stopped: Promise<void> | undefined;
  const stop = async (graceMs: number): Promise<void> => {
    const deadline = clock.elapsed() + graceMs;
    sockets.stopIntake();
    const left = await streams.stop(graceMs);
    if (left > 0) log.warn({ turns: left }, 'unfinished turns of clients go on with the next message');
    await sockets.close();
    sampling.abort();
    metrics.stop();
    await http.close(Math.max(0, deadline - clock.elapsed()));
  };
  return {
    async follow() {
      await http.follow();
      await sockets.follow();
    },
    stop: (graceMs) => (stopped ??= stop(graceMs)),
  };
}
