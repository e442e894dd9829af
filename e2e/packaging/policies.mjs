/** Content Security Policies that sites have, and what comes of each. */

/** @typedef {import('./app.mjs').Entry} Entry */

/**
 * @typedef {object} Policy
 * @property {string} name
 * @property {string} page the policy of the page
 * @property {string} [files] that of scripts and everything else: a worker has the one of its script
 * @property {Partial<Record<Entry, string>>} missing what the error tells to allow, where there is one
 */

const own = "default-src 'self'";
const wasm = "script-src 'self' 'wasm-unsafe-eval'";
const blob = "worker-src 'self' blob:";

/** @param {string[]} directives @returns {Pick<Policy, 'name' | 'page' | 'files'>} */
function everywhere(...directives) {
  const policy = directives.join('; ');
  return { name: `\`${policy}\``, page: policy, files: policy };
}

/** @type {Policy[]} */
export const policies = [
  // Inline misses two, and is told of the worker's first: without one, nothing is compiled.
  { ...everywhere(own), missing: { plain: wasm, inline: blob } },
  {
    name: `\`${own}\`, and none on the worker's file`,
    page: own,
    missing: { inline: blob },
  },
  { ...everywhere(own, blob), missing: { plain: wasm, inline: wasm } },
  { ...everywhere(own, wasm), missing: { inline: blob } },
  { ...everywhere(own, wasm, blob), missing: {} },
  {
    ...everywhere(own, wasm, "worker-src 'none'"),
    missing: { plain: "worker-src 'self'", inline: blob },
  },
  {
    ...everywhere(own, wasm, blob, "connect-src 'none'"),
    missing: { plain: "connect-src 'self'" },
  },
  {
    ...everywhere("require-trusted-types-for 'script'"),
    missing: { plain: 'TrustedScriptURL', inline: 'TrustedScriptURL' },
  },
];
