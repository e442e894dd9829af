import '@akin/react/styles.css';
import './app.css';
import { VectorIndexProvider } from '@akin/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { embedder } from './embedder.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={new QueryClient()}>
      <VectorIndexProvider name="ask" embedder={embedder}>
        <App />
      </VectorIndexProvider>
    </QueryClientProvider>
  </StrictMode>,
);
