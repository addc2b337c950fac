#!/usr/bin/env node
// `npx hongguan <verb>`: steps over to the project's own Node, whichever one the host has.
import { packagesMissing } from './setup/packages.mjs'
import { become, fail } from './setup/runtime.mjs'

if (packagesMissing({ withDev: false })) fail('the packages are not installed yet: run `npm start`, or `npm ci`')
become('cli/main.ts', process.argv.slice(2))
