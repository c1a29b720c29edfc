/** Owns the routes of the API as types: what one needs and what it answers. */
import type { Api } from './types.ts';

export type Endpoint = keyof Api;
export type Result<Name extends Endpoint> = Api[Name]['result'];

/** What a route needs, as its parts; those that it has not are left out. */
export type Parts<Name extends Endpoint> = {
  [Part in 'params' | 'query' | 'body' as Api[Name][Part] extends undefined ? never : Part]: Api[Name][Part];
};
