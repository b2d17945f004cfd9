// The packages that are published: every folder of packages/ whose package.json isn't private.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const packagesFolder = fileURLToPath(new URL('../packages/', import.meta.url))

/**
 * @typedef {{ name: string, version: string, private?: boolean, license?: string, description?: string, sideEffects?: boolean,
 *   type?: string, engines?: { node: string }, files?: string[], dependencies?: Record<string, string>,
 *   exports?: Record<string, Record<string, string>> }} Manifest
 */

/** @returns {{ folder: string, manifest: Manifest }[]} `folder` is absolute, without a slash at its end */
export function publicPackages() {
  return readdirSync(packagesFolder)
    .map((name) => {
      const folder = packagesFolder + name
      /** @type {Manifest} */
      const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
      return { folder, manifest }
    })
    .filter(({ manifest }) => manifest.private !== true)
}
