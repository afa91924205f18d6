import { uncompress } from 'snappyjs'
import { parse } from 'yaml'
import { isObject, type JsonObject } from '../json-shape.ts'
import type { VectorFolder } from '../vector-folder.ts'
import { hexBytes } from './hex.ts'

const OBJECT_BYTES_MAX = 256 * 1024 * 1024

/** A YAML file with every scalar left as text: versions look like numbers and aren't. */
export function yamlFile(folder: VectorFolder, name: string): unknown {
  return parse(folder.text(name), { schema: 'failsafe' })
}

/** A YAML file that holds an object. */
export function yamlObject(folder: VectorFolder, name: string): JsonObject {
  const value = yamlFile(folder, name)
  if (!isObject(value)) throw new Error(`${name} is no object`)
  return value
}

/** The SSZ in a Snappy block file; `name` comes without the ending. */
export function sszFile(folder: VectorFolder, name: string): Uint8Array {
  return uncompress(folder.bytes(`${name}.ssz_snappy`), OBJECT_BYTES_MAX)
}

/** A member that is 0x-hex, in quotes or not. */
export function yamlBytes(object: JsonObject, name: string): Uint8Array {
  const value = object[name]
  if (typeof value !== 'string' || !value.startsWith('0x')) throw new Error(`${name} is no 0x-hex`)
  return hexBytes(value)
}

/** The same, or `undefined` where there is none. */
export function optionalBytes(object: JsonObject, name: string): Uint8Array | undefined {
  return object[name] === undefined ? undefined : yamlBytes(object, name)
}
