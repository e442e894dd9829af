import Link from 'next/link';
import { notFound } from 'next/navigation';
import { articleNamed, articles } from '../../articles';
import { Related } from '../../related';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export const generateStaticParams = () => articles.map(({ id }) => ({ id }));

export async function generateMetadata({ params }: Props) {
  return { title: articleNamed((await params).id)?.title };
}

export default async function Page({ params }: Props) {
  const article = articleNamed((await params).id);
  if (!article) notFound();
  return (
    <main>
      <nav aria-label="Back">
        <Link href="/">Velo help</Link>
      </nav>
      <h1>{article.title}</h1>
      <p>{article.text}</p>
      <Related id={article.id} />
    </main>
  );
}
