// Unmodified Yjs clients, driven by lines of JSON: one request a line on stdin, one answer a line on stdout.
//
// A process holds any number of replicas by name, as a browser holds tabs: they share one IndexedDB and one
// BroadcastChannel. yjs, y-websocket and y-indexeddb are what npm gave; what is ours is the WebSocket class given to the
// provider, which can hold messages back as a slow network does and notes how connections ended.

import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import { join } from 'node:path'

// What time these clients think it is: real time and this many milliseconds, as on a laptop that was asleep. Libraries
// take hold of the clock when they are loaded.
let asleep = 0
const now = Date.now
Date.now = () => now() + asleep

const require = createRequire(join(process.env.PLUMBLINE_NODE_MODULES, 'plumbline.js'))
require('fake-indexeddb/auto')
const Y = require('yjs')
const WebSocket = require('ws')
const { WebsocketProvider } = require('y-websocket')
const { IndexeddbPersistence, fetchUpdates } = require('y-indexeddb')

// Every provider listens for the end of the process.
process.setMaxListeners(0)

const ROOTS = ['session', 'agenda', 'roster', 'pillars', 'projects', 'placements', 'flags', 'notes', 'decisions', 'results', 'earlier']

/** A network between one replica and the server. Holding delays messages and loses none. */
class Network {
  constructor () {
    this.holding = { in: false, out: false }
    this.waiting = { in: [], out: [] }
    this.opened = 0
    this.closes = []
    this.refused = []
    this.received = 0
  }

  pass (way, deliver) {
    if (this.holding[way]) this.waiting[way].push(deliver)
    else deliver()
  }

  hold (way, held) {
    this.holding[way] = held
    if (!held) this.waiting[way].splice(0).forEach((deliver) => deliver())
  }

  socket () {
    const network = this
    return class extends WebSocket {
      constructor (address, protocols) {
        super(address, protocols)
        this.addEventListener('open', () => { network.opened += 1 })
        this.addEventListener('close', (event) => { network.closes.push(event.code) })
        this.addEventListener('error', (event) => {
          const status = /Unexpected server response: (\d+)/.exec(event.message)
          if (status) network.refused.push(Number(status[1]))
        })
      }

      set onmessage (listen) {
        super.onmessage = (event) => network.pass('in', () => {
          network.received += 1
          listen(event)
        })
      }

      send (data) {
        network.pass('out', () => { if (this.readyState === WebSocket.OPEN) super.send(data) })
      }
    }
  }
}

const replicas = new Map()

const replica = (name) => {
  const found = replicas.get(name)
  if (!found) throw new Error(`no replica ${name}`)
  return found
}

/** One step of what a person does, inside a transaction. */
const step = (doc, [verb, ...rest]) => {
  const map = (root) => doc.getMap(root)
  const text = (root, id) => map(root).get(id).get(root === 'notes' ? 'text' : 'rationale')
  switch (verb) {
    case 'place': { const [project, pile, order] = rest; map('placements').set(project, [pile, order]); break }
    case 'take': { const [root, id] = rest; map(root).delete(id); break }
    case 'make': { const [root, id, fields] = rest
      const entry = new Y.Map()
      map(root).set(id, entry)
      for (const [key, value] of fields) entry.set(key, value)
      break
    }
    case 'set': { const [root, id, field, value] = rest; map(root).get(id).set(field, value); break }
    case 'note': { const [id, about, author, words] = rest
      const note = new Y.Map()
      map('notes').set(id, note)
      note.set('about', about)
      note.set('author', author)
      const body = new Y.Text()
      note.set('text', body)
      if (words) body.insert(0, words)
      break
    }
    case 'write': { const [root, id, at, words] = rest; text(root, id).insert(Math.min(at, text(root, id).length), words); break }
    case 'erase': { const [root, id, at, count] = rest
      const body = text(root, id)
      const from = Math.min(at, body.length)
      const length = Math.min(count, body.length - from)
      if (length > 0) body.delete(from, length)
      break
    }
    default: throw new Error(`no verb ${verb}`)
  }
}

const act = (tab, steps) => tab.doc.transact(() => steps.forEach((one) => step(tab.doc, one)), 'me')

const piles = (doc) => {
  const pillars = doc.getMap('pillars')
  const placements = doc.getMap('placements')
  const found = {}
  for (const id of doc.getMap('projects').keys()) {
    const pile = placements.get(id)?.[0]
    found[id] = pile === 'off' || (pile !== undefined && pillars.has(pile)) ? pile : 'unsorted'
  }
  return found
}

const commands = {
  // Opens a replica. `store` names its IndexedDB, loaded before the socket opens unless `late`; `channel` joins the
  // BroadcastChannel of its room; `opening` is done as the socket opens, before the server has said anything.
  async open ({ name, url, token, store, late = false, channel = false, connect = true, client }) {
    if (replicas.has(name)) throw new Error(`there is a replica ${name} already`)
    const doc = new Y.Doc()
    if (client !== undefined) doc.clientID = client
    const network = new Network()
    const tab = { doc, network, store: null, opening: [] }
    const keep = async () => {
      tab.store = new IndexeddbPersistence(store, doc)
      await tab.store.whenSynced
    }
    if (store && !late) await keep()
    tab.provider = new WebsocketProvider(url, 'sync', doc, {
      connect,
      params: { token },
      disableBc: !channel,
      WebSocketPolyfill: network.socket()
    })
    tab.provider.on('status', ({ status }) => {
      if (status === 'connected') tab.opening.splice(0).forEach((steps) => act(tab, steps))
    })
    tab.undo = new Y.UndoManager(['placements', 'notes', 'decisions'].map((root) => doc.getMap(root)), {
      trackedOrigins: new Set(['me']),
      captureTimeout: 0
    })
    tab.keep = keep
    replicas.set(name, tab)
    return { client: doc.clientID }
  },

  // The stored document loads now, after the socket has opened.
  async load ({ name }) { await replica(name).keep() },

  // What the browser does when a page is closed or reloaded. The stored document stays.
  async leave ({ name }) {
    const tab = replica(name)
    replicas.delete(name)
    if (tab.store) {
      // As y-indexeddb writes without being asked, and in order, having read is having written.
      await fetchUpdates(tab.store)
    }
    tab.provider.destroy()
    if (tab.store) await tab.store.destroy()
    tab.doc.destroy()
  },

  act ({ name, steps }) { act(replica(name), steps) },
  opening ({ name, steps }) { replica(name).opening.push(steps) },
  undo ({ name }) { return replica(name).undo.undo() !== null },
  redo ({ name }) { return replica(name).undo.redo() !== null },
  disconnect ({ name }) { replica(name).provider.disconnect() },
  connect ({ name }) { replica(name).provider.connect() },
  hold ({ name, way, held }) { replica(name).network.hold(way, held) },
  sleep ({ ms }) { asleep += ms },
  present ({ name, state }) { replica(name).provider.awareness.setLocalState(state) },

  presences ({ name }) {
    const { awareness } = replica(name).provider
    return [...awareness.getStates()].filter(([id]) => id !== awareness.clientID).map(([id, state]) => ({ id, state }))
  },

  status ({ name }) {
    const { provider, network, doc } = replica(name)
    const { opened, closes, refused, received } = network
    const pending = doc.store.pendingStructs !== null || doc.store.pendingDs !== null
    return { connected: provider.wsconnected, synced: provider.synced, opened, closes, refused, received, pending }
  },

  piles ({ name }) { return piles(replica(name).doc) },

  board ({ name }) {
    const { doc } = replica(name)
    return Object.fromEntries(ROOTS.map((root) => [root, doc.getMap(root).toJSON()]))
  },

  update ({ name }) { return Buffer.from(Y.encodeStateAsUpdate(replica(name).doc)).toString('hex') }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { n, verb, ...rest } = JSON.parse(line)
  const answer = (content) => process.stdout.write(`${JSON.stringify({ n, ...content })}\n`)
  Promise.resolve()
    .then(() => commands[verb](rest))
    .then((ok) => answer({ ok: ok ?? null }), (error) => answer({ error: String(error?.stack ?? error) }))
}
process.exit(0)
