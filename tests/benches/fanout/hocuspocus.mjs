// A Hocuspocus server as its documentation starts one: no extensions, no storage.

import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(join(process.env.PLUMBLINE_BENCH_NODE_MODULES, 'plumbline.js'))
const { Server } = require('@hocuspocus/server')

await new Server({ address: process.env.HOST, port: Number(process.env.PORT), quiet: true }).listen()
