/** Serves a built folder to a test: tells what was asked for, and can be cut off. */
import { createStaticServer, listen } from '../../scripts/static-server.mjs';

/**
 * @typedef {object} TestServer
 * @property {string} url with a slash at its end
 * @property {{ method: string, path: string, status: number }[]} requests in order of arrival
 * @property {() => Promise<void>} cut closes the port and every connection, as a dead network does
 * @property {() => Promise<void>} restore listens again, on the same port
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} folder
 * @param {{ port?: number } & import('../../scripts/static-server.mjs').StaticOptions} [options]
 * @returns {Promise<TestServer>}
 */
export async function serve(folder, { port: wanted = 0, ...options } = {}) {
  /** @type {TestServer['requests']} */
  const requests = [];
  /** @param {TestServer['requests'][number]} request */
  const onRequest = (request) => void requests.push(request);
  const create = () => createStaticServer(folder, { ...options, onRequest });
  let server = create();
  const port = await listen(server, wanted);
  const cut = () =>
    new Promise((resolve) => {
      server.close(() => resolve(undefined));
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    cut,
    async restore() {
      server = create();
      if ((await listen(server, port)) !== port) throw new Error(`Port ${port} was taken.`);
    },
    close: cut,
  };
}
