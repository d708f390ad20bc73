// A receiver of webhooks, driven by lines of JSON: one request a line on stdin, one answer a line on stdout.
//
// Each path of it behaves as it is told. What comes is verified by the library that the specification's authors give to
// receivers, and kept with what that said.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const require = createRequire(join(process.env.PLUMBLINE_NODE_MODULES, 'plumbline.js'))
const { Webhook } = require('standardwebhooks')

// By path: how it behaves, the secrets that it has, what came, and the answers that are held back.
const places = new Map()
const place = (path) => {
  if (!places.has(path)) places.set(path, { mode: { status: 200 }, secrets: [], received: [], held: new Set() })
  return places.get(path)
}

const verifies = (secret, body, headers) => {
  try {
    new Webhook(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}

const listener = (request, response) => {
  const { mode, secrets, received, held } = place(request.url)
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString()
    received.push({
      id: request.headers['webhook-id'] ?? null,
      signatures: (request.headers['webhook-signature'] ?? '').split(' ').length,
      verified: secrets.map((secret) => verifies(secret, body, request.headers)),
      method: request.method,
      host: request.headers.host,
      agent: request.headers['user-agent'],
      body: JSON.parse(body)
    })
    if (mode.hang) {
      held.add(response)
      response.on('close', () => held.delete(response))
      return
    }
    const answer = () => response.writeHead(mode.status, mode.headers ?? {}).end(mode.text ?? '')
    if (mode.delay) setTimeout(answer, mode.delay)
    else answer()
  })
}

const listen = (server, port) => new Promise((resolve, reject) => {
  server.once('error', reject)
  server.listen(port ?? 0, '127.0.0.1', () => resolve(server.address().port))
})

const commands = {
  listen ({ port }) { return listen(createServer(listener), port) },
  secure ({ key, cert }) {
    return listen(createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, listener))
  },
  secrets ({ path, secrets }) { place(path).secrets = secrets },
  /** How a path behaves from now on. Who waits for an answer there loses the connection. */
  mode ({ path, mode }) {
    const { held } = place(path)
    place(path).mode = mode
    held.forEach((response) => response.socket.destroy())
  },
  received ({ path }) { return place(path).received },
  held ({ path }) { return place(path).held.size }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { n, verb, ...rest } = JSON.parse(line)
  const answer = (content) => process.stdout.write(`${JSON.stringify({ n, ...content })}\n`)
  Promise.resolve()
    .then(() => commands[verb](rest))
    .then((ok) => answer({ ok: ok ?? null }), (error) => answer({ error: String(error?.stack ?? error) }))
}
process.exit(0)
