// npm runs this (the "dependencies" script of package.json) after `npm install` or `npm ci` changed node_modules.

import { completeLockFile } from './complete-lock.mjs'
import { stampPackages } from './packages.mjs'

// `npm ci` must never change the lock.
if (process.env.npm_command !== 'ci') completeLockFile()
stampPackages()
