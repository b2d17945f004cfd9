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
