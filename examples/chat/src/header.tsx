import { useState } from 'react';
import { useEndpoint } from './endpoint.ts';
import { MemoryStatus } from './memory-status.tsx';
import { ModelForm } from './model-form.tsx';
import { createThreadId } from './thread-id.ts';
import { ThreadPicker } from './thread-picker.tsx';
import { openThread } from './use-thread-id.ts';

export function Header({ threadId }: { readonly threadId: string }) {
  const [isModelOpen, setModelOpen] = useState(false);
  const endpoint = useEndpoint();
  return (
    <header className="header">
      <div className="title">
        <h1>A chat that remembers</h1>
        <p>What you say stays in this browser and is found by meaning, in every conversation.</p>
      </div>
      <div className="toolbar">
        <ThreadPicker threadId={threadId} />
        <button type="button" onClick={() => openThread(createThreadId())}>
          New conversation
        </button>
        <button
          type="button"
          aria-expanded={isModelOpen}
          aria-controls={isModelOpen ? 'model' : undefined}
          onClick={() => setModelOpen(!isModelOpen)}
        >
          {endpoint === null ? 'Connect a model' : `Model: ${endpoint.model}`}
        </button>
      </div>
      {isModelOpen && <ModelForm onDone={() => setModelOpen(false)} />}
      <MemoryStatus />
    </header>
  );
}
