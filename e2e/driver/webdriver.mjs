/** The few commands of WebDriver that the driver needs, over HTTP. */
import { spawn } from 'node:child_process';
import { freePort } from './free-port.mjs';

/** The element key of the WebDriver standard. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** @type {Record<string, string>} */
const keys = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  Space: ' ',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
  Meta: '\uE03D',
};

/**
 * `Control+a` in the code points that WebDriver types.
 * @param {string} combination
 */
export const typed = (combination) =>
  combination
    .split('+')
    .map((key) => keys[key] ?? key)
    .join('');

/** A driver process and one session in it. */
export class WebDriver {
  /** @type {string} the window that commands go to */
  #current = '';

  /**
   * @param {string} command
   * @param {object} capabilities
   * @param {Record<string, string | undefined>} env
   */
  static async start(command, capabilities, env) {
    const port = await freePort();
    const driver = new WebDriver(port);
    driver.child = spawn(command, [`--port=${port}`], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
      detached: true,
    });
    driver.child.on('error', () => {}); // Shows as a refused connection.
    process.once('exit', driver.kill);
    try {
      await driver.#untilReady();
      const { sessionId } = await driver.#send('POST', '/session', {
        capabilities: { alwaysMatch: capabilities },
      });
      driver.session = `/session/${sessionId}`;
      await driver.#send('POST', `${driver.session}/timeouts`, { script: 120_000 });
    } catch (error) {
      driver.kill();
      throw error;
    }
    return driver;
  }

  /** @param {number} port */
  constructor(port) {
    this.port = port;
    this.session = '';
    /** @type {import('node:child_process').ChildProcess | undefined} */
    this.child = undefined;
  }

  async #untilReady() {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#send('GET', '/status');
      } catch (error) {
        if (attempt > 200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /**
   * @param {'GET' | 'POST' | 'DELETE'} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async #send(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const { value } = /** @type {any} */ (await response.json());
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }

  /**
   * Sends a command to one window of the session.
   * @param {string} window
   * @param {'GET' | 'POST' | 'DELETE'} method
   * @param {string} path
   * @param {object} [body]
   */
  async send(window, method, path, body) {
    if (window !== this.#current) {
      await this.#send('POST', `${this.session}/window`, { handle: window });
      this.#current = window;
    }
    return this.#send(method, `${this.session}${path}`, body);
  }

  /** @returns {Promise<string>} the window that the session began with */
  async firstWindow() {
    this.#current = await this.#send('GET', `${this.session}/window`);
    return this.#current;
  }

  /** @returns {Promise<string>} */
  async newWindow() {
    const { handle } = await this.#send('POST', `${this.session}/window/new`, { type: 'tab' });
    return handle;
  }

  /**
   * The path of the element that a selector finds.
   * @param {string} window
   * @param {string} selector
   */
  async element(window, selector) {
    const found = await this.send(window, 'POST', '/element', {
      using: 'css selector',
      value: selector,
    });
    return `/element/${found[elementKey]}`;
  }

  kill = () => {
    process.off('exit', this.kill);
    if (this.child?.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };

  /** Ends the session, which lets the browser write what it holds, then the driver. */
  async close() {
    await this.#send('DELETE', this.session);
    this.kill();
  }
}
