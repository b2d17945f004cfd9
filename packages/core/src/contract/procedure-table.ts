import type { Definition } from './definition.ts'
import { type AnyErrorMakers, errorMakers } from './error-makers.ts'
import { type AnyProcedure, isLazy, isProcedure, type Lazy } from './procedure.ts'
import { checkRoutes, LIVE, type Router } from './router.ts'

/** A procedure and where it stands. */
export class Endpoint {
  readonly path: string
  readonly definition: Definition
  #makers: AnyErrorMakers | undefined

  constructor(path: string, definition: Definition) {
    this.path = path
    this.definition = definition
  }

  /** The makers of its declared errors, made at their first use. */
  get errors(): AnyErrorMakers {
    this.#makers ??= errorMakers(this.definition.errors)
    return this.#makers
  }
}

/**
 * A router flattened to whole paths. A path is looked up as it is and never walked, so `constructor` or `__proto__`
 * are names like any other that isn't there.
 */
export class ProcedureTable {
  readonly #endpoints = new Map<string, Endpoint>()
  readonly #lazies = new Map<string, Lazy<unknown>>()
  readonly #loading = new Map<string, Promise<void>>()

  /** @throws TypeError where a route can't be served, naming its path. */
  constructor(router: Router) {
    checkRoutes(router)
    this.#add(router, '')
  }

  /** Each endpoint known by now, with its whole path; parts not loaded yet aren't among them. */
  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.#endpoints
  }

  /** Paths of the parts that are loaded at their first call. */
  get lazyPaths(): readonly string[] {
    return [...this.#lazies.keys()]
  }

  /** A promise only where a part has to be loaded first; it rejects with what the loading threw, and the next call tries anew. */
  find(path: string): Endpoint | undefined | Promise<Endpoint | undefined> {
    const endpoint = this.#endpoints.get(path)
    if (endpoint !== undefined || this.#lazies.size === 0) return endpoint
    const lazyPath = this.#lazyPathOf(path)
    return lazyPath === undefined ? undefined : this.#load(lazyPath).then(() => this.find(path))
  }

  #lazyPathOf(path: string): string | undefined {
    for (let end = path.indexOf('.'); end !== -1; end = path.indexOf('.', end + 1)) {
      const parent = path.slice(0, end)
      if (this.#lazies.has(parent)) return parent
    }
    return undefined
  }

  #load(path: string): Promise<void> {
    const running = this.#loading.get(path)
    if (running !== undefined) return running
    const loading = this.#loadNow(path).finally(() => this.#loading.delete(path))
    this.#loading.set(path, loading)
    return loading
  }

  async #loadNow(path: string): Promise<void> {
    const routes = await this.#lazies.get(path)?.load()
    checkRoutes(routes, path)
    this.#lazies.delete(path)
    this.#add(routes, `${path}.`)
  }

  #add(router: Router, prefix: string): void {
    for (const [name, route] of Object.entries(router)) {
      const path = prefix + name
      if (isProcedure(route)) this.#addProcedure(path, route)
      else if (isLazy(route)) this.#lazies.set(path, route)
      // `checkRoutes` leaves nothing else.
      else this.#add(route as Router, `${path}.`)
    }
  }
  #addProcedure(path: string, { definition, live }: AnyProcedure): void {
    this.#endpoints.set(path, new Endpoint(path, definition))
    if (live === undefined) return
    const livePath = `${path}.${LIVE}`
    this.#endpoints.set(livePath, new Endpoint(livePath, live))
  }
}
