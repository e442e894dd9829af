import { createServer } from 'node:http';
import { listen } from '../../scripts/static-server.mjs';

/** A port that nobody has right now, for a server that is another program. */
export async function freePort() {
  const server = createServer();
  const port = await listen(server, 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
