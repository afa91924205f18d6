import type { VectorCase } from './vector-file.ts'

/** A folder whose files make cases together, below the folder that is run. */
export interface VectorFolder {
  /** Path as it is printed. */
  readonly path: string
  /** Its own name and those of the folders that hold it, nearest first, up to the root of the file system. */
  readonly folders: readonly string[]
  /** Names of its data files. */
  readonly names: readonly string[]
  bytes(name: string): Uint8Array
  text(name: string): string
}

/** What a format makes of a folder. */
export interface RecognisedFolder {
  readonly cases: readonly VectorCase[]
  /** Files that are part of it: no other format is asked about them. */
  readonly claimed: readonly string[]
}

/** A public vector format whose unit is a folder. It is told by the names and the content of the files. */
export interface FolderFormat {
  readonly name: string
  /** The folder's cases; `undefined` when it is of another format. */
  recognise(folder: VectorFolder): RecognisedFolder | undefined
}
