import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import type { VectorFile } from './vector-file.ts'

const FILE_BYTES_MAX = 256 * 1024 * 1024

/** Why a file can't be read as vectors at all. */
export class UnreadableFile extends Error {}

/** Reads one file. Throws `UnreadableFile` when it is too large or no JSON. */
export function loadFile(root: string, path: string): VectorFile {
  const folders: string[] = []
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    folders.push(basename(folder))
  return {
    path: printedPath(root, path),
    name: basename(path),
    folders,
    json: readJson(path),
    sibling: (relativePath) => readJson(resolve(dirname(path), relativePath)),
  }
}

/** A path as it is printed: relative to the folder that is run. */
export function printedPath(root: string, path: string): string {
  return relative(root, path).split(sep).join('/') || basename(path)
}

function readJson(path: string): unknown {
  const { size } = statSync(path)
  if (size > FILE_BYTES_MAX) throw new UnreadableFile(`${size} bytes are more than ${FILE_BYTES_MAX}`)
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UnreadableFile(`not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
}
