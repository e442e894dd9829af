import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

export default defineConfig({
  plugins: [
    react(),
    VitePWA({
      // `offline.ts` registers it, once the model is here.
      injectRegister: null,
      // A new version waits until the last tab is closed: a page never meets files of another one.
      registerType: 'prompt',
      manifest: {
        name: 'A chat that remembers',
        short_name: 'Chat',
        display: 'standalone',
        background_color: '#ffffff',
        theme_color: '#ffffff',
        icons: [{ src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' }],
      },
      workbox: {
        // The shell, the workers, the engine, the model and its runtime.
        globPatterns: ['**/*.{html,js,mjs,css,svg,json,wasm,onnx}'],
        maximumFileSizeToCacheInBytes: 32 * 1024 * 1024,
        clientsClaim: true,
      },
    }),
  ],
});
