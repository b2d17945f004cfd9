import type { Browser, Locator, Page } from 'playwright-core'

/** Opens the board as somebody with a browser of their own. */
export async function openAs(browser: Browser, url: string, name: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(url)
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Join the board' }).click()
  await page.getByText('Connected', { exact: true }).waitFor()
  return page
}

export async function addList(page: Page, name: string): Promise<void> {
  const field = page.getByLabel('Add a list')
  await field.fill(name)
  await field.press('Enter')
  await list(page, name).waitFor()
}

/** Adds a task and waits until the page shows it, which is before the server has answered. */
export async function addTask(page: Page, to: string, title: string): Promise<void> {
  const field = page.getByLabel(`Add a task to ${to}`, { exact: true })
  await field.fill(title)
  await field.press('Enter')
  await list(page, to).locator('.card', { hasText: title }).first().waitFor()
}

export async function say(page: Page, text: string): Promise<void> {
  const field = page.getByLabel('Message', { exact: true })
  await field.fill(text)
  await field.press('Enter')
}

export function tick(page: Page, title: string): Promise<void> {
  return page.getByRole('checkbox', { name: `Done: ${title}` }).click()
}

/** Chooses something that the menu of a task offers. */
export async function menu(page: Page, title: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `More about ${title}`, exact: true }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

export function list(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true })
}

export function task(page: Page, title: string): Locator {
  return page.locator('.card', { has: page.getByText(title, { exact: true }) })
}

/** The titles of a list's tasks, from top to bottom. */
export function cardTitles(page: Page, of: string): Promise<string[]> {
  return list(page, of).locator('.card-title').allTextContents()
}

/** What has been said in the chat, the oldest first. */
export function messages(page: Page): Promise<string[]> {
  return page.locator('.said-text').allTextContents()
}

/** Changes that were made on this page and have no answer yet. */
export function sending(page: Page): Locator {
  return page.locator('[data-sending]')
}

/** The sentence that tells people how the line is. */
export function line(page: Page): Locator {
  return page.locator('.wire [role=status]')
}

/** The chart of the server's load, by what it says. */
export function load(page: Page, name: string | RegExp): Locator {
  return page.getByRole('img', { name })
}

/** Notes what the line says from now on; the function that comes back gives each sentence, in order. */
export async function noteLine(page: Page): Promise<() => Promise<string[]>> {
  const said = await line(page).evaluateHandle((status) => {
    const sentences = [status.textContent ?? '']
    const note = () => sentences.push(status.textContent ?? '')
    new MutationObserver(note).observe(status, { characterData: true, childList: true, subtree: true })
    return sentences
  })
  return () => said.jsonValue()
}

/** Notes each state that a list's cards are shown in from now on, as one line; what follows the same isn't noted. */
export async function noteCards(page: Page, of: string): Promise<() => Promise<string[]>> {
  const noted = await list(page, of).evaluateHandle((element) => {
    const states: string[] = []
    const note = () => {
      const cards = [...element.querySelectorAll<HTMLElement>('.card')]
      const state = cards
        .map((card) => card.querySelector('.card-title')?.textContent + ('done' in card.dataset ? ' (done)' : ''))
        .join(', ')
      if (state !== states.at(-1)) states.push(state)
    }
    note()
    new MutationObserver(note).observe(element, { attributes: true, childList: true, subtree: true })
    return states
  })
  return () => noted.jsonValue()
}
