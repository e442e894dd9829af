import { SemanticSearchBox } from '@akin/react/components';
import { useState } from 'react';
import suggestions from '../corpus/suggestions.json';
import { AddTexts } from './add-texts.tsx';
import { ClearButton } from './clear-button.tsx';
import { useConsoleHandle } from './console-handle.ts';
import { CorpusNote } from './corpus-note.tsx';
import { IndexingPanel } from './indexing-panel.tsx';
import { ModelPanel } from './model-panel.tsx';
import { useWorksOffline } from './offline.ts';
import { OwnList } from './own-list.tsx';
import type { PassageMetadata } from './passage.ts';
import { Reader } from './reader.tsx';
import { StatusLine } from './status-line.tsx';
import { useCorpus } from './use-corpus.ts';
import { useModel } from './use-model.ts';
import { useStoredFlag } from './use-stored-flag.ts';

export function App() {
  useConsoleHandle();
  const corpus = useCorpus();
  const model = useModel();
  const worksOffline = useWorksOffline(model.state === 'ready');
  // What is stored already needs no model, so a reload need not wait for it.
  const canIndex = model.state === 'ready' || model.state === 'loading';
  const [isPaused, setIsPaused] = useStoredFlag('ask:paused');
  const [isAsking, setIsAsking] = useState(false);
  const [opened, setOpened] = useState<PassageMetadata | null>(null);

  return (
    <div className="page">
      <main>
        <h1>Ask the State of the Union</h1>
        <p className="lead">
          25 presidential addresses, searched by meaning, in this browser alone.
        </p>
        <SemanticSearchBox<PassageMetadata>
          inline
          suggestions={suggestions}
          onValueChange={(question) => setIsAsking(question !== '')}
          getHitTitle={({ metadata }) => metadata.title}
          onSelect={({ metadata }) => setOpened(metadata)}
        />
        <div hidden={isAsking}>
          <CorpusNote corpus={corpus} />
          <AddTexts />
          <OwnList />
        </div>
      </main>
      <footer>
        <ModelPanel status={model} />
        {canIndex && corpus.data !== undefined ? (
          <IndexingPanel
            passages={corpus.data.passages}
            isPaused={isPaused}
            onPausedChange={setIsPaused}
          />
        ) : null}
        <StatusLine worksOffline={worksOffline}>
          <ClearButton onClear={() => setIsPaused(true)} />
        </StatusLine>
      </footer>
      {opened === null ? null : <Reader passage={opened} onClose={() => setOpened(null)} />}
    </div>
  );
}
