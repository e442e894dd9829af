const number = new Intl.NumberFormat('en');

export function formatCount(count: number): string {
  return number.format(count);
}

export function formatBytes(bytes: number): string {
  return bytes < 1e6
    ? `${Math.ceil(bytes / 1e3)} kB`
    : `${number.format(Math.round(bytes / 1e6))} MB`;
}

/** Coarse on purpose: an estimate that changes every second is not read. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return 'a few seconds';
  if (seconds < 60) return `${Math.ceil(seconds / 5) * 5} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.ceil((seconds % 60) / 10) * 10;
  if (rest === 60) return `${minutes + 1} min`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}
