// Pages in a real Chromium, driven by lines of JSON: one request a line on stdin, one answer a line on stdout.
//
// Every page has a browser context of its own, as another person's browser has its own storage. What a page logs as
// an error, throws, or asks of another host is kept and can be asked for.

import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { shoot, together } from './camera.mjs'
import { measure } from './measure.mjs'
import { print, printed } from './paper.mjs'

const require = createRequire(join(process.env.PLUMBLINE_NODE_MODULES, 'plumbline.js'))
const { chromium } = require('playwright-core')

// A page of an error loads itself anew after a while, under the hands of whoever is about to do so.
const STILL = ['--disable-auto-reload']
const browser = await chromium.launch({ executablePath: process.env.PLUMBLINE_CHROMIUM, args: ['--disable-gpu', ...STILL] })
const tabs = new Map()

const tab = (name) => {
  const found = tabs.get(name)
  if (!found) throw new Error(`no page ${name}`)
  return found
}

const hook = (name) => `[data-testid="${name}"]`
const cardOf = (page, project) => page.locator(`${hook('card')}[data-project="${project}"]`).first()
const pileOf = (page, pile) => page.locator(`${hook('pile')}[data-pile="${pile}"]`).first()

const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2]

// For a page that can be put to sleep. Chromium freezes no tab that it takes for visible, and without a screen all are.
const drowsy = () => {
  let asleep = false
  const due = []
  window.sleep = (so) => {
    asleep = so
    if (!asleep) due.splice(0).forEach((run) => run())
  }
  for (const name of ['setTimeout', 'setInterval']) {
    const real = window[name].bind(window)
    window[name] = (run, ...rest) => real((...given) => {
      if (asleep) due.push(() => run(...given))
      else run(...given)
    }, ...rest)
  }
}

// Keeps a page, and what goes wrong in it.
const watch = (name, page, context, host) => {
  const found = { page, context, troubles: [], host }
  page.on('console', (message) => {
    // A server that is away is a line in the console of every browser, and no fault of the page.
    if (message.type() === 'error' && !/ERR_CONNECTION_REFUSED|WebSocket connection/.test(message.text())) {
      found.troubles.push(`console: ${message.text()}`)
    }
  })
  page.on('pageerror', (error) => found.troubles.push(`thrown: ${error.message}`))
  page.on('request', (request) => {
    const to = new URL(request.url())
    if (to.protocol.startsWith('http') && to.host !== host) found.troubles.push(`asked ${request.url()}`)
  })
  tabs.set(name, found)
}

// What the page fetches when it is needed.
const PARTS = /\/plumbline-(split|chunk)-/

const commands = {
  async open ({ name, url, width = 1440, height = 900, touch = false, measured = false, held = false, sleeps = false, whole = true, beside }) {
    // Beside another page: in the same person's browser.
    const context = beside ? tab(beside).context : await browser.newContext({
      viewport: { width, height }, locale: 'en-GB', reducedMotion: 'reduce', hasTouch: touch
    })
    const page = await context.newPage()
    if (measured) await page.addInitScript(measure)
    if (sleeps) await page.addInitScript(drowsy)
    if (held) {
      // A server that takes everything and answers nothing.
      await page.route(/\/api\//, () => {})
      await page.routeWebSocket(/\/api\//, () => {})
    }
    if (!whole) await page.route(PARTS, (route) => route.abort())
    watch(name, page, context, new URL(url).host)
    await page.goto(url)
  },

  // From now on the parts of the page can be fetched.
  async whole ({ name }) { await tab(name).page.unroute(PARTS) },

  // Waits until a part of the page has been fetched.
  async fetched ({ name, part }) {
    const { page } = tab(name)
    await page.waitForFunction((part) => performance.getEntriesByType('resource').some(
      (entry) => entry.name.includes(`plumbline-split-${part}-`) && entry.responseEnd > 0
    ), part)
    // And what it shares with others.
    await page.waitForLoadState('networkidle')
  },

  // A copy of a tab, as browsers make it: the same storage, and a copy of what the tab keeps for itself.
  async copy ({ name, as }) {
    const { page, context, host } = tab(name)
    const opened = context.waitForEvent('page')
    await page.evaluate(() => { window.open(location.href) })
    watch(as, await opened, context, host)
  },

  // A tab is put to sleep, as browsers do with tabs in the background: nothing runs in it of itself until it wakes, and
  // then all that has become due meanwhile.
  async sleep ({ name, asleep }) { await tab(name).page.evaluate((asleep) => window.sleep(asleep), asleep) },

  // Every sign of life that tabs of this browser have given was an hour ago. It is told by a page that gives none.
  async age ({ name }) {
    const { context, host } = tab(name)
    const other = await context.newPage()
    await other.goto(`http://${host}/join`)
    await other.evaluate(() => {
      const beats = Object.keys(localStorage).filter((key) => key.startsWith('plumbline.beat.'))
      if (!beats.length) throw new Error('no tab has given a sign of life')
      for (const key of beats) localStorage.setItem(key, String(Date.now() - 3_600_000))
    })
    await other.close()
  },

  // A page in a frame of a page: from now on it has a name of its own. Its keys are those of the whole page.
  async frame ({ name, of, as }) {
    const { page, context, troubles, host } = tab(name)
    const frame = await (await page.locator(hook(of)).elementHandle()).contentFrame()
    if (!frame) throw new Error(`${of} is no frame`)
    frame.keyboard = page.keyboard
    frame.screenshot = (how) => page.screenshot(how)
    tabs.set(as, { page: frame, context, troubles, host })
  },

  // A demonstration that the page begins from now on is this many times as fast.
  async hasten ({ name, pace }) {
    await tab(name).page.route(/\/api\/(demonstrations|sessions\/[^/]+\/rehearse)$/, (route) => route.continue({
      headers: { ...route.request().headers(), 'content-type': 'application/json' },
      postData: JSON.stringify({ pace })
    }))
  },

  async close ({ name }) {
    const { page, context } = tab(name)
    await page.close()
    if (!context.pages().length) await context.close()
    tabs.delete(name)
  },

  async reload ({ name }) { await tab(name).page.reload() },
  // What is left is the browser's own page of an error, and it is waited for: until then there is no page to reload.
  async reloadInVain ({ name }) {
    const { page } = tab(name)
    const loaded = await page.reload().then(() => true, () => false)
    if (loaded) throw new Error('it was loaded over a line that is cut')
    await page.waitForURL(/^chrome-error:/)
  },
  async offline ({ name, offline }) { await tab(name).context.setOffline(offline) },
  async fill ({ name, into, text }) { await tab(name).page.locator(hook(into)).first().fill(text) },
  async focusOn ({ name, on }) { await tab(name).page.locator(hook(on)).first().focus() },
  async click ({ name, on }) { await tab(name).page.locator(hook(on)).first().click() },
  // The one of several that has this attribute; by finger where the page has a touch screen.
  async clickOne ({ name, on, attribute, value, finger = false }) {
    const one = tab(name).page.locator(`${hook(on)}[${attribute}="${value}"]`).first()
    await (finger ? one.tap() : one.click())
  },
  // A button inside of whatever is called so: a row of a list, by its text.
  async clickIn ({ name, row, on }) {
    const rows = tab(name).page.locator('li, .sponsor').filter({ hasText: row })
    await rows.locator(hook(on)).first().click()
  },
  // The button of a deed in a row of a list that can be edited.
  async deed ({ name, row, deed }) {
    await tab(name).page.locator('li').filter({ hasText: row }).locator(`[data-deed="${deed}"]`).first().click()
  },
  async see ({ name, what, timeout = 20000 }) { await tab(name).page.locator(hook(what)).first().waitFor({ timeout }) },
  async attribute ({ name, of, attribute }) { return tab(name).page.locator(hook(of)).first().getAttribute(attribute) },
  async text ({ name, of }) { return tab(name).page.locator(hook(of)).first().innerText() },
  address ({ name }) { return tab(name).page.url() },
  async picture ({ name, path }) { await tab(name).page.screenshot({ path }) },
  async shoot ({ name, path, projector }) { return shoot({ browser, page: tab(name).page, path, projector }) },
  // Several pages at the same moment, each at its own size.
  async together ({ names, path }) {
    return together({ browser, pages: names.map((name) => ({ name, page: tab(name).page })), path })
  },
  // The page on paper, or a document that stands for itself.
  async print ({ name, html, format }) {
    return html === undefined ? print(tab(name).page, format) : printed(browser, html, format)
  },
  async press ({ name, keys }) { for (const key of keys) await tab(name).page.keyboard.press(key) },
  async read ({ name, text }) { await tab(name).page.getByText(text).first().waitFor({ timeout: 20000 }) },
  async attach ({ name, to, file }) { await tab(name).page.locator(hook(to)).first().setInputFiles(file) },
  async choose ({ name, of, label, option }) {
    const all = tab(name).page.locator(hook(of))
    await (label ? all.and(tab(name).page.getByLabel(label, { exact: true })) : all.first()).selectOption(option)
  },
  async attributes ({ name, of, attribute }) {
    return tab(name).page.locator(hook(of)).evaluateAll((all, attribute) => all.map((one) => one.getAttribute(attribute) ?? ''), attribute)
  },
  async texts ({ name, of }) { return tab(name).page.locator(hook(of)).allInnerTexts() },
  async goTo ({ name, url }) { await tab(name).page.goto(url) },
  // What the keys go to: the test's name for it, else its label. A card's keys go to the button in it.
  async focus ({ name }) {
    return tab(name).page.evaluate(() => {
      const at = document.activeElement?.closest('[data-testid="card"]') ?? document.activeElement
      return at?.dataset.testid ?? at?.getAttribute('aria-label') ?? at?.tagName ?? ''
    })
  },
  // What is wrong with the focus for somebody who sees the page and has no pointer: nothing has it, no ring is drawn
  // around what has it, or that is beyond the screen. Empty where all is well.
  async unseenFocus ({ name }) {
    return tab(name).page.evaluate(() => {
      const at = document.activeElement
      if (!at || at === document.body) return 'nothing has the focus'
      const called = at.dataset.testid ?? at.getAttribute('aria-label') ?? `${at.tagName} ${at.textContent.slice(0, 40)}`
      const { outlineStyle, outlineWidth } = getComputedStyle(at)
      if (outlineStyle === 'none' || !parseFloat(outlineWidth)) return `${called} has the focus and no ring`
      const { top, left, bottom, right, width, height } = at.getBoundingClientRect()
      const shown = width && height && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
      return shown ? '' : `${called} has the focus beyond the screen`
    })
  },
  async row ({ name, project }) { await tab(name).page.locator(`${hook('queue-row')}[data-item="${project}"]`).click() },
  troubles ({ name }) { return tab(name).troubles },

  async resize ({ name, width, height }) { await tab(name).page.setViewportSize({ width, height }) },

  // What each element with this name says that cannot be read as it stands: not drawn, cut off by itself or by what
  // is around it, or beyond the screen.
  async cut ({ name, of }) {
    return tab(name).page.evaluate((selector) => {
      const clips = (element) => getComputedStyle(element).overflow !== 'visible'
      const readable = (element) => {
        const box = element.getBoundingClientRect()
        if (box.width < 2 || box.height < 2 || !element.checkVisibility()) return false
        let [top, left, bottom, right] = [0, 0, innerHeight, innerWidth]
        for (let around = element; around; around = around.parentElement) {
          if (!clips(around)) continue
          if (around === element && (around.scrollWidth > around.clientWidth + 1 || around.scrollHeight > around.clientHeight + 1)) return false
          const edge = around.getBoundingClientRect()
          ;[top, left] = [Math.max(top, edge.top), Math.max(left, edge.left)]
          ;[bottom, right] = [Math.min(bottom, edge.bottom), Math.min(right, edge.right)]
        }
        return box.top >= top - 1 && box.left >= left - 1 && box.bottom <= bottom + 1 && box.right <= right + 1
      }
      const whole = (element) => [element, ...element.querySelectorAll('*')].every(readable)
      return [...document.querySelectorAll(selector)].filter((element) => !whole(element)).map((element) => element.textContent.trim())
    }, hook(of))
  },

  // Of each element with this name, and of each part of it, what it holds beyond the room that it has.
  async beyond ({ name, of }) {
    return tab(name).page.locator(`${hook(of)}, ${hook(of)} > *`).evaluateAll((all) => all
      .filter((one) => getComputedStyle(one).overflow !== 'visible' && one.scrollHeight > one.clientHeight + 2)
      .map((one) => `${one.tagName}.${one.className}: ${one.scrollHeight} px in ${one.clientHeight}`))
  },

  // The smallest letters that the page shows, in pixels, and what they say.
  async smallest ({ name }) {
    return tab(name).page.evaluate(() => {
      let least = { size: Infinity, says: '' }
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      while (texts.nextNode()) {
        const [says, element] = [texts.currentNode.data.trim(), texts.currentNode.parentElement]
        const box = element.getBoundingClientRect()
        if (!says || box.width < 2 || box.height < 2 || box.bottom < 0 || !element.checkVisibility({ visibilityProperty: true })) continue
        const size = parseFloat(getComputedStyle(element).fontSize)
        if (size < least.size) least = { size, says }
      }
      return least
    })
  },

  // Project id → the pile on which its card lies, as the page shows it; a card on two piles names both.
  async piles ({ name }) {
    return tab(name).page.evaluate(() => {
      const found = {}
      for (const pile of document.querySelectorAll('[data-testid="pile"]')) {
        for (const card of pile.querySelectorAll('[data-testid="card"]')) {
          const project = card.dataset.project
          found[project] = project in found ? `${found[project]} and ${pile.dataset.pile}` : pile.dataset.pile
        }
      }
      return found
    })
  },

  async value ({ name, of }) { return tab(name).page.locator(hook(of)).first().inputValue() },
  async values ({ name, of }) { return tab(name).page.locator(hook(of)).evaluateAll((all) => all.map((one) => one.value)) },
  async count ({ name, what }) { return tab(name).page.locator(hook(what)).count() },
  async disabled ({ name, what }) { return tab(name).page.locator(hook(what)).first().isDisabled() },
  async measured ({ name }) { return tab(name).page.evaluate(() => window.measured()) },

  // Clicks a card, with keys like Shift held.
  async card ({ name, project, modifiers }) { await cardOf(tab(name).page, project).click({ modifiers, position: { x: 30, y: 10 } }) },

  // Types by the keyboard: at the end of a field, at its beginning, or wherever the caret is.
  async write ({ name, into, text, front }) {
    const { page } = tab(name)
    if (into) {
      await page.locator(hook(into)).first().focus()
      await page.keyboard.press(front ? 'Control+Home' : 'Control+End')
    }
    await page.keyboard.type(text)
  },

  // Where the person is: what has the focus, what is selected in it, and how far everything is scrolled.
  async standing ({ name }) {
    return tab(name).page.evaluate(() => {
      const at = document.activeElement
      const scrolled = [...document.querySelectorAll('.panel-body, .board, .piles')].map((area) => [area.scrollLeft, area.scrollTop])
      return { focus: at?.dataset?.testid, from: at?.selectionStart, to: at?.selectionEnd, scrolled, page: [scrollX, scrollY] }
    })
  },

  // By finger: held for a moment, then carried to the pile's tab.
  async touch ({ name, project, pile }) {
    const { page, context } = tab(name)
    const card = cardOf(page, project)
    await card.scrollIntoViewIfNeeded()
    const from = await card.boundingBox()
    if (!from) throw new Error(`the card of ${project} is not on the screen`)
    const hand = await context.newCDPSession(page)
    const at = (type, x, y) => hand.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
    const [x, y] = [from.x + 40, from.y + 12]
    await at('touchStart', x, y)
    await page.locator('.card.lifted').first().waitFor({ timeout: 3000 })
    const tab_ = page.locator(`[data-drop="${pile}"]`).first()
    // Tabs come up only once something is carried.
    await at('touchMove', x + 5, y + 5)
    const to = await tab_.boundingBox()
    if (!to) throw new Error(`the tab of ${pile} is not on the screen`)
    const [tx, ty] = middle(to)
    for (let n = 1; n <= 8; n++) await at('touchMove', x + (tx - x) * n / 8, y + (ty - y) * n / 8)
    await at('touchEnd')
  },

  async drop ({ name }) { await tab(name).page.mouse.up() },

  // By mouse: press on the card, carry it to the pile in a few steps, let go, unless it is only lifted.
  async drag ({ name, project, pile, steps = 8, lift = false }) {
    const { page } = tab(name)
    const card = cardOf(page, project)
    await card.scrollIntoViewIfNeeded()
    const from = await card.boundingBox()
    if (!from) throw new Error(`the card of ${project} is not on the screen`)
    const [x, y] = [from.x + Math.min(40, from.width / 2), from.y + Math.min(12, from.height / 2)]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 8, y + 8, { steps: 2 })
    // Piles may scroll into view only while something is carried.
    const to = await pileOf(page, pile).boundingBox()
    if (!to) throw new Error(`the pile ${pile} is not on the screen`)
    const view = page.viewportSize()
    const [tx] = middle(to)
    const ty = Math.min(to.y + Math.min(60, to.height / 2), view.height - 8)
    await page.mouse.move(tx, ty, { steps })
    if (!lift) await page.mouse.up()
  },

  // By keyboard: the card has the focus, the keys are pressed one after the other.
  async keys ({ name, project, keys }) {
    const { page } = tab(name)
    await cardOf(page, project).getByRole('button').first().focus()
    for (const key of keys) await page.keyboard.press(key)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { n, verb, ...rest } = JSON.parse(line)
  const answer = (content) => process.stdout.write(`${JSON.stringify({ n, ...content })}\n`)
  Promise.resolve()
    .then(() => commands[verb](rest))
    .then((ok) => answer({ ok: ok ?? null }), (error) => answer({ error: String(error?.message ?? error) }))
}
await browser.close()
process.exit(0)
