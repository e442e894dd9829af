import Link from 'next/link';
import { articles } from './articles';
import { Search } from './search';

/** Rendered by the server: the list is there without JavaScript, and for search engines. */
export default function Page() {
  return (
    <main>
      <h1>Velo help</h1>
      <p className="lead">
        Ask in your own words. The answer is found on this device, and nobody hears the question.
      </p>
      <Search />
      <h2>All articles</h2>
      <ul>
        {articles.map(({ id, title }) => (
          <li key={id}>
            <Link href={`/articles/${id}`}>{title}</Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
