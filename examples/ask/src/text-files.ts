import { useEffect, useEffectEvent, useState } from 'react';
import type { OwnText } from './own-documents.ts';

export async function readFiles(files: readonly File[]) {
  const texts: OwnText[] = [];
  const refused: string[] = [];
  for (const file of files) {
    const text = await readText(file);
    if (text === null) refused.push(file.name);
    else texts.push({ title: file.name, text });
  }
  return { texts, refused };
}

/** `null` for what is not text, or holds none. */
async function readText(file: File): Promise<string | null> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return text.trim() === '' || text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** Files dropped anywhere on the page. Returns whether some are held over it. */
export function useFileDrop(onDrop: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const drop = useEffectEvent(onDrop);

  useEffect(() => {
    const hold = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const take = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setIsOver(false);
      drop([...event.dataTransfer.files]);
    };
    const stop = new AbortController();
    const { signal } = stop;
    addEventListener('dragover', hold, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('drop', take, { signal });
    return () => stop.abort();
  }, []);

  return isOver;
}
