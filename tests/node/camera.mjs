// Pictures of one state of a page at every size and in both themes, with axe-core's findings on each of them.

import { readFile, mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(join(process.env.PLUMBLINE_NODE_MODULES, 'plumbline.js'))

const SIZES = [
  { size: 'laptop', width: 1440, height: 900 },
  { size: 'tablet', width: 820, height: 1180 },
  { size: 'phone', width: 390, height: 844 }
]
const PROJECTOR = [{ size: 'projector', width: 1920, height: 1080 }]
const THEMES = ['light', 'dark']
// A sheet shows every picture in one row, at the same height.
const ROW = 640
const GAP = 16
// A sheet of several pages of one moment is shown small, beside text.
const STORY = { row: 480, quality: 0.8 }

let axe

// Two frames: what a change of size or theme has caused is drawn.
const drawn = (page) => page.evaluate(async () => {
  await document.fonts.ready
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
})

const findings = async (page) => {
  axe ??= await readFile(require.resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(axe)
  // What stands in a frame is a page of its own, and looked over as one.
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'], iframes: false }))
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')
    return `${id}: ${help} (${nodes.length}×): ${where}`
  })
}

// One sheet of all pictures, as WebP, which Chromium itself can encode.
const sheet = async (browser, pictures, { row = ROW, quality = 0.86 } = {}) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const sources = pictures.map((picture) => `data:image/png;base64,${picture.toString('base64')}`)
  const encoded = await page.evaluate(async ({ sources, row, quality, GAP }) => {
    const images = await Promise.all(sources.map((source) => new Promise((resolve, reject) => {
      const image = new Image()
      image.onload = () => resolve(image)
      image.onerror = () => reject(new Error('a picture could not be read'))
      image.src = source
    })))
    const widths = images.map((image) => Math.round(image.width * row / image.height))
    const canvas = document.createElement('canvas')
    canvas.width = widths.reduce((sum, width) => sum + width + GAP, GAP)
    canvas.height = row + 2 * GAP
    const draw = canvas.getContext('2d')
    draw.fillStyle = '#8a8f98'
    draw.fillRect(0, 0, canvas.width, canvas.height)
    draw.imageSmoothingQuality = 'high'
    let x = GAP
    images.forEach((image, n) => {
      draw.drawImage(image, x, GAP, widths[n], row)
      x += widths[n] + GAP
    })
    return canvas.toDataURL('image/webp', quality).split(',')[1]
  }, { sources, row, quality, GAP })
  await context.close()
  return Buffer.from(encoded, 'base64')
}

// Takes the pictures, writes the sheet, and tells what axe-core found: one sentence a violation, with its picture.
export const shoot = async ({ browser, page, path, projector = false }) => {
  const before = page.viewportSize()
  const pictures = []
  const found = []
  for (const { size, width, height } of projector ? PROJECTOR : SIZES) {
    await page.setViewportSize({ width, height })
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await drawn(page)
      for (const finding of await findings(page)) found.push(`${size}, ${theme}: ${finding}`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (wide > 0) found.push(`${size}, ${theme}: the page is ${wide} px wider than the screen`)
      pictures.push(await page.screenshot())
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize(before)
  await drawn(page)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, await sheet(browser, pictures))
  return found
}

// One sheet of several pages as they are at this moment, and what axe-core found on each of them.
export const together = async ({ browser, pages, path }) => {
  const pictures = []
  const found = []
  for (const { name, page } of pages) {
    await drawn(page)
    for (const finding of await findings(page)) found.push(`${name}: ${finding}`)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (wide > 0) found.push(`${name}: the page is ${wide} px wider than the screen`)
    pictures.push(await page.screenshot())
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, await sheet(browser, pictures, STORY))
  return found
}
