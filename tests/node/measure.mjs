// What a page measures of itself, put into it before its own scripts run: long tasks, events until they are answered
// on the screen, frames, and the way of what arrives from the socket to the screen.
//
// A function that the browser gets as text: it can use nothing from outside of itself.

export const measure = () => {
  const fresh = () => ({ long: [], events: [], frames: [], arrivals: [], drawn: [] })
  let now = fresh()
  const opened = { first_card: 0, all_cards: 0 }
  const observe = (type, more, take) => {
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more })
  }
  observe('longtask', {}, (entry) => now.long.push(entry.duration))
  observe('event', { durationThreshold: 16 }, (entry) => now.events.push(entry.duration))

  // When the socket last said something, and whether that is still to be seen on the page.
  let heard = 0
  const Socket = window.WebSocket
  window.WebSocket = class extends Socket {
    constructor (...given) {
      super(...given)
      this.addEventListener('message', ({ data }) => {
        // An update of the board: message 0, kind 2. All else moves no card.
        const [message, kind] = data instanceof ArrayBuffer ? new Uint8Array(data, 0, 2) : []
        if (message === 0 && kind === 2) heard = heard || performance.now()
      })
    }
  }

  let moved = 0
  window.addEventListener('pointermove', () => {
    if (moved) return
    moved = performance.now()
    requestAnimationFrame(() => { now.frames.push(performance.now() - moved); moved = 0 })
  }, { capture: true })

  const isCard = (node) => node.nodeType === 1 && node.dataset?.testid === 'card'
  new MutationObserver((records) => {
    if (!records.some((record) => [...record.addedNodes].some((node) => isCard(node) || node.querySelector?.('[data-testid="card"]')))) return
    const at = performance.now()
    const since = heard
    heard = 0
    if (since) now.arrivals.push(at - since)
    requestAnimationFrame(() => {
      const drawn = performance.now()
      opened.first_card = opened.first_card || drawn
      opened.all_cards = drawn
      if (since) now.drawn.push(drawn - since)
    })
  }).observe(document, { childList: true, subtree: true })

  // Gives what was measured since the last time, and begins anew.
  window.measured = () => {
    const { long, ...rest } = now
    now = fresh()
    // What came before may have moved no card: somebody has joined.
    heard = 0
    return { long_tasks: long, ...rest, ...opened }
  }
}
