import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: { assetsInlineLimit: 0 },
  // The server takes its packages from node_modules: of React and TanStack Query there must be one copy.
  ssr: { external: true },
})
