import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import '@akin/react/styles.css';
import './globals.css';
import { articles } from './articles';
import { HelpIndex } from './help-index';

export const metadata: Metadata = {
  title: { default: 'Velo help', template: '%s · Velo help' },
  description: 'Help that is found by its meaning, without a search server.',
};

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        {/* Here it stays when pages change. */}
        <HelpIndex articles={articles}>{children}</HelpIndex>
      </body>
    </html>
  );
}
