import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import type { VectorFile } from './vector-file.ts'

const FILE_BYTES_MAX = 256 * 1024 * 1024

/** Why a file can't be read as vectors at all. */
export class UnreadableFile extends Error {}

/** Reads one file. Throws `UnreadableFile` when it is too large or no JSON. */
export function loadFile(root: string, path: string): VectorFile {
  const text = readText(path)
  const folders: string[] = []
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    folders.push(basename(folder))
  return {
    path: printedPath(root, path),
    name: basename(path),
    folders,
    json: parseJson(text),
    text,
    sibling: (relativePath) => parseJson(readText(resolve(dirname(path), relativePath))),
    siblingText: (relativePath) => {
      const beside = resolve(dirname(path), relativePath)
      return existsSync(beside) ? readText(beside) : undefined
    },
  }
}

/** A path as it is printed: relative to the folder that is run. */
export function printedPath(root: string, path: string): string {
  return relative(root, path).split(sep).join('/') || basename(path)
}

function readText(path: string): string {
  const { size } = statSync(path)
  if (size > FILE_BYTES_MAX) throw new UnreadableFile(`${size} bytes are more than ${FILE_BYTES_MAX}`)
  return readFileSync(path, 'utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UnreadableFile(`not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
}
