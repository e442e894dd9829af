import type { EmbedderStatus } from '@akin/react';
import { formatBytes } from './format.ts';
import { Panel } from './panel.tsx';
import { cancelModel, loadModel } from './use-model.ts';

/** The download of the language model, apart from indexing. */
export function ModelPanel({ status }: { readonly status: EmbedderStatus }) {
  switch (status.state) {
    case 'ready':
      return null;
    case 'idle':
      return (
        <Panel text="The language model is not here. Searching and indexing need it.">
          <button type="button" className="button" onClick={loadModel}>
            Get it
          </button>
        </Panel>
      );
    case 'error':
      return (
        <Panel text={status.error.message} isAlert>
          <button type="button" className="button" onClick={loadModel}>
            Try again
          </button>
        </Panel>
      );
    case 'loading': {
      const { loadedBytes, totalBytes } = status;
      const isKnown = totalBytes !== null && totalBytes > 0;
      const isHere = loadedBytes === totalBytes;
      const size = isKnown ? `, ${formatBytes(totalBytes)}` : '';
      return (
        <Panel
          text={isHere ? 'Starting the language model' : `Getting the language model${size}, once`}
          figures={isHere ? undefined : formatBytes(loadedBytes)}
          progress={isKnown ? { value: loadedBytes, max: totalBytes } : undefined}
        >
          <button type="button" className="button" onClick={cancelModel}>
            Cancel
          </button>
        </Panel>
      );
    }
  }
}
