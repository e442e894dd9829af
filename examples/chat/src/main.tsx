import './chat.css';
import '@akin/react/styles.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { VectorIndexProvider } from '@akin/react';
import { App } from './app.tsx';
import { embedder, indexName } from './memory-scope.ts';

const queryClient = new QueryClient();

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <VectorIndexProvider name={indexName} embedder={embedder}>
        <App />
      </VectorIndexProvider>
    </QueryClientProvider>
  </StrictMode>,
);
