/** The `data` of each event of a stream. */
export async function* readEvents(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  try {
    for (;;) {
      const { done, value = '' } = await reader.read();
      const lines = (buffer + value).split(/\r?\n/);
      // The last line may still be on its way.
      buffer = done ? '' : (lines.pop() ?? '');
      for (const line of lines) {
        if (line.startsWith('data:')) yield line.slice('data:'.length).trim();
      }
      if (done) return;
    }
  } finally {
    await reader.cancel();
  }
}
