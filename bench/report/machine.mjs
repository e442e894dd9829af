/** The machine, as it describes itself. */
import os from 'node:os';
import { existsSync, readFileSync } from 'node:fs';

export function describeMachine() {
  const [cpu] = os.cpus();
  const file = '/etc/os-release';
  const release = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: release.match(/^PRETTY_NAME="(.*)"$/m)?.[1] ?? `${os.type()} ${os.release()}`,
    virtual: /hypervisor/.test(
      existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '',
    ),
    node: process.version,
  };
}
