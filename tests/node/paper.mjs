// Pages on paper: printed by Chromium, and read back out of the PDF by a reader that is not the writer.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const require = createRequire(join(process.env.PLUMBLINE_NODE_MODULES, 'plumbline.js'))

let reader

// pdf.js looks for what it would draw with, and says that it is not there: nothing is drawn here.
const pdfjs = async () => {
  const { warn, log } = console
  console.warn = console.log = () => {}
  try {
    reader ??= await import(pathToFileURL(require.resolve('pdfjs-dist/legacy/build/pdf.mjs')))
  } finally {
    Object.assign(console, { warn, log })
  }
  return reader
}

// What stands on each sheet, in the order in which it was written, with letters as they are typed and not as they are
// joined; and what does not lie on the sheet.
export const read = async (data) => {
  const { getDocument, VerbosityLevel } = await pdfjs()
  const document = await getDocument({ data: new Uint8Array(data), verbosity: VerbosityLevel.ERRORS }).promise
  const sheets = []
  for (let number = 1; number <= document.numPages; number++) {
    const sheet = await document.getPage(number)
    const [left, bottom, right, top] = sheet.view
    const { items } = await sheet.getTextContent({ disableNormalization: false })
    const lost = items.filter(({ str, width, height, transform: [, , , , x, y] }) => {
      return str.trim() && (x < left || x + width > right + 0.5 || y < bottom || y + height > top + 0.5)
    })
    sheets.push({
      width: right - left,
      height: top - bottom,
      text: items.map(({ str }) => str.normalize('NFKC')).join(''),
      lost: lost.map(({ str }) => str)
    })
  }
  return sheets
}

// A page as the browser prints it, on that paper.
export const print = async (page, format) => {
  const data = await page.pdf({ format, printBackground: false })
  return read(data)
}

// A document of its own, without scripts, as whoever has the file prints it.
export const printed = async (browser, html, format) => {
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true })
  try {
    const page = await context.newPage()
    await page.setContent(html)
    return await print(page, format)
  } finally {
    await context.close()
  }
}
