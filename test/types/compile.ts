import ts from 'typescript59'

/** What the compiler counted. Both numbers are exact: the same sources give the same ones on every machine. */
export interface Counts {
  readonly types: number
  readonly instantiations: number
}

export interface Compiled {
  readonly counts: Counts
  /** Writes the program's declarations into `outDir`. */
  emit(): void
}

/** As a user's project sets it, but without `@types/node`, which would be counted as well. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
  skipLibCheck: true,
  types: [],
  declaration: true,
  emitDeclarationOnly: true,
}

/** Checks a program from its root files, and throws what the compiler says where it does not compile. */
export function compile(rootFiles: readonly string[], options: ts.CompilerOptions): Compiled {
  const program = ts.createProgram(rootFiles, { ...OPTIONS, ...options })
  throwFirst([
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ])
  // Taken before anything is emitted: printing declarations makes types of its own.
  const counts = { types: program.getTypeCount(), instantiations: program.getInstantiationCount() }
  return { counts, emit: () => throwFirst(program.emit().diagnostics) }
}

function throwFirst(diagnostics: readonly ts.Diagnostic[]): void {
  if (diagnostics.length === 0) return
  const host = { getCurrentDirectory: () => '', getCanonicalFileName: (name: string) => name, getNewLine: () => '\n' }
  throw new Error(ts.formatDiagnostics(diagnostics.slice(0, 5), host))
}
