import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FaultyProxy, startProxy } from '@hotline/testing/proxy'
import type { Browser, Page } from 'playwright-core'
import { type BoardProcess, freePort, startBoard } from './board-process.mjs'
import { buildBoard } from './build-board.mjs'
import { launchChromium } from './chromium.mjs'
import { addList, list, openAs } from './page-actions.ts'

/** A page comes back after a pause of chance, which grows with each attempt that fails; a busy machine adds to it. */
export const PATIENCE = { timeout: 40_000 }

/** Someone with the board open. */
export interface Player {
  readonly page: Page
  /** This page's own way to the server, which can be made bad. */
  readonly way: FaultyProxy
}

/** The server with its data in a folder, and two people in Chromium, each of whom came by a way of their own. */
export class Scene {
  readonly #port: number
  /** Where the server keeps its data. */
  readonly folder: string
  readonly browser: Browser
  readonly stage: Player
  readonly kitchen: Player
  board: BoardProcess
  #lists = 0

  private constructor(set: Pick<Scene, 'folder' | 'browser' | 'stage' | 'kitchen' | 'board'>, port: number) {
    this.folder = set.folder
    this.browser = set.browser
    this.stage = set.stage
    this.kitchen = set.kitchen
    this.board = set.board
    this.#port = port
  }

  static async set(chromiumPath: string): Promise<Scene> {
    buildBoard()
    const folder = join(await mkdtemp(join(tmpdir(), 'board-')), 'board')
    const port = await freePort()
    const board = await startBoard({ port, data: folder })
    const browser = await launchChromium(chromiumPath)
    const stage = await enter(browser, port, 'Stage')
    const kitchen = await enter(browser, port, 'Kitchen')
    return new Scene({ folder, browser, stage, kitchen, board }, port)
  }

  /** Makes a list that both pages show, and gives its name. Each story has its own. */
  async newList(): Promise<string> {
    this.#lists += 1
    const name = `Story ${this.#lists}`
    await addList(this.stage.page, name)
    await list(this.kitchen.page, name).waitFor()
    return name
  }

  /** To be called when `board` has ended. */
  async restart(): Promise<void> {
    this.board = await startBoard({ port: this.#port, data: this.folder })
  }

  async close(): Promise<void> {
    await this.browser.close()
    await Promise.all([this.stage.way.close(), this.kitchen.way.close()])
    await this.board.end('SIGTERM')
    await rm(join(this.folder, '..'), { recursive: true, force: true })
  }
}

async function enter(browser: Browser, port: number, name: string): Promise<Player> {
  const way = await startProxy({ target: { port } })
  return { way, page: await openAs(browser, `http://127.0.0.1:${way.port}`, name) }
}
