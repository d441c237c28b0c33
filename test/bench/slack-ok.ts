/** A Slack that says yes at once to everything: for benches, where the platform is not what is measured. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface YesSlack {
  /** for `SLACK_API_URL` */
  apiUrl: string;
  /** where a `response_url` may point */
  responseUrl: string;
  /** how often each method was called */
  calls: Map<string, number>;
  /** what was posted, as it came */
  posts: URLSearchParams[];
  close(): Promise<void>;
}

const SCOPES = 'commands,chat:write,im:write,im:history,channels:history,channels:read,users:read';

export async function startYesSlack(): Promise<YesSlack> {
  let ts = 1_800_000_000;
  const calls = new Map<string, number>();
  const posts: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const method = request.url?.split('/').at(-1) ?? '';
    calls.set(method, (calls.get(method) ?? 0) + 1);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => method === 'chat.postMessage' && chunks.push(chunk));
    request.once('end', () => {
      ts += 1;
      if (chunks.length > 0) posts.push(new URLSearchParams(Buffer.concat(chunks).toString()));
      const said = {
        ok: true,
        ts: `${ts}.000100`,
        channel: 'D0',
        team_id: 'T0HOME',
        user_id: 'U0BOT',
        bot_id: 'B0BOT',
      };
      response.writeHead(200, { 'content-type': 'application/json', 'x-oauth-scopes': SCOPES });
      response.end(JSON.stringify({ ...said, channels: [], messages: [], members: [], user: {} }));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl: `${url}/api/`,
    responseUrl: `${url}/response/1`,
    calls,
    posts,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
