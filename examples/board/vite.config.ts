import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist/page', assetsInlineLimit: 0 },
  server: { proxy: { '/rpc': { target: 'http://localhost:3000', ws: true } } },
})
