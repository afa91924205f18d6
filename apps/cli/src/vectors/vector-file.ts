/** One file below the folder that is run. Names are `/`-separated. */
export interface VectorFile {
  /** Path as it is printed. */
  readonly path: string
  /** File name with its ending. */
  readonly name: string
  /** Names of the folders that hold it, nearest first, up to the root of the file system. */
  readonly folders: readonly string[]
  /** Its content, when it is JSON. */
  readonly json: unknown
  /** Its content as it stands: JSON's numbers are doubles, which is not enough for every format. */
  readonly text: string
  /**
   * Content of a file beside it (`../environment.json`), when that is JSON; it must be claimed as context
   * too.
   */
  sibling(relativePath: string): unknown
  /** The text of a file beside it, when there is one. */
  siblingText(relativePath: string): string | undefined
}

/** One case. It passes when `run` returns and fails when it throws; the message says why. */
export interface VectorCase {
  readonly name: string
  run(): void
}

/** What a format makes of a file. */
export interface RecognisedFile {
  readonly cases: readonly VectorCase[]
  /** Paths, relative to the file, of files that it names as its context. They need no cases of their own. */
  readonly context?: readonly string[]
}

/**
 * A public vector format. It is told by content; names of file and folders only say what a README says they
 * do.
 */
export interface VectorFormat {
  readonly name: string
  /** The file's cases; `undefined` when it is of another format. */
  recognise(file: VectorFile): RecognisedFile | undefined
}

/** Files that explain vectors and are none. */
export function isExplanation(name: string): boolean {
  return /^(readme|source|licen[cs]e)(\..*)?$/i.test(name)
}
