import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UnreadableFile, printedPath } from './load-file.ts'
import type { VectorFolder } from './vector-folder.ts'

const FILE_BYTES_MAX = 256 * 1024 * 1024

/** A folder and some of the files in it, given by their absolute paths. */
export function loadFolder(root: string, path: string, files: readonly string[]): VectorFolder {
  const folders: string[] = []
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) folders.push(basename(folder))
  return {
    path: printedPath(root, path),
    folders,
    names: files.map((file) => basename(file)),
    bytes: (name) => readBytes(join(path, name)),
    text: (name) => new TextDecoder().decode(readBytes(join(path, name))),
  }
}

/** Files by the folder that holds them, in the order in which they come. */
export function byFolder(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>()
  for (const file of files) {
    const folder = dirname(file)
    const held = folders.get(folder)
    if (held) held.push(file)
    else folders.set(folder, [file])
  }
  return folders
}

function readBytes(path: string): Uint8Array {
  const { size } = statSync(path)
  if (size > FILE_BYTES_MAX) throw new UnreadableFile(`${size} bytes are more than ${FILE_BYTES_MAX}`)
  return readFileSync(path)
}
