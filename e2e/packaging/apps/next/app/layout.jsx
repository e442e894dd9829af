export const metadata = { title: 'Packaging', icons: { icon: '/icon.svg' } };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
