/** What an index takes: its rows before the browser compresses them, and the browser's files. */
import { openBrowser } from './browser.mjs';
import { databaseBytes, name } from './profiles.mjs';

/** @param {{ url: string, profile: string }} options */
export async function measureDisk({ url, profile }) {
  const files = databaseBytes(profile);
  const browser = await openBrowser(profile, url);
  try {
    const tables = await browser.call('rowSizes', name);
    return { files, estimate: await browser.call('estimate'), tables };
  } finally {
    await browser.close();
  }
}
