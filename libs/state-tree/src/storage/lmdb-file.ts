// LMDB maps its file and trusts it: a page that isn't there ends the process with a signal. So the file is
// looked at before it is mapped. Layout: mdb.c of lmdb 3.5.6 (data version 2, 64 bits, little-endian).
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { StorageFault } from './storage-fault.ts'

/** What a meta page says of the database when its transaction had been committed. */
interface Meta {
  readonly pageBytes: number
  readonly transaction: bigint
  readonly lastPage: number
  /** Root pages of the free list and of the main tree; none for an empty one. */
  readonly roots: readonly bigint[]
}

const MAGIC = 0xbeefc0de
const VERSION = 2
const HEADER_BYTES = 24
const META_BYTES = 160
const NO_PAGE = 0xffffffffffffffffn
const PAGE = { branch: 1, leaf: 2 }
const NODE = { isLarge: 1, isTree: 2 }

/**
 * Looks whether the file of an LMDB folder can be mapped: both meta pages are LMDB's, and every page that
 * the trees reach is there. A new folder is fine. Throws `StorageFault`.
 */
export function checkLmdbFile(folder: string): void {
  let file: number
  try {
    file = openSync(join(folder, 'data.mdb'), 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    const reason = faultOf(file, fstatSync(file).size)
    if (reason !== undefined) throw new StorageFault(folder, reason)
  } finally {
    closeSync(file)
  }
}

function faultOf(file: number, bytes: number): string | undefined {
  if (bytes === 0) return undefined
  const first = readMeta(file, 0)
  const second = first && readMeta(file, first.pageBytes)
  if (first === undefined || second?.pageBytes !== first.pageBytes)
    return 'data.mdb does not begin as an LMDB file does'
  const { lastPage, pageBytes, roots } = first.transaction > second.transaction ? first : second
  if (roots.some((root) => root !== NO_PAGE && root > lastPage))
    return 'data.mdb names pages that it can not have'
  if (bytes >= (lastPage + 1) * pageBytes) return undefined
  // It may be shorter when its last pages are free, which only the trees tell.
  const isWhole = reachesOnly(file, Math.floor(bytes / pageBytes), pageBytes, roots)
  return isWhole ? undefined : `data.mdb ends after ${bytes} of ${(lastPage + 1) * pageBytes} bytes`
}

function readMeta(file: number, offset: number): Meta | undefined {
  const meta = readAt(file, offset, META_BYTES).subarray(HEADER_BYTES)
  if (meta.length < META_BYTES - HEADER_BYTES || meta.readUInt32LE(0) !== MAGIC) return undefined
  const pageBytes = meta.readUInt32LE(24)
  if ((meta.readUInt32LE(4) & 0xffff) !== VERSION || pageBytes < 512 || pageBytes > 65_536) return undefined
  const roots = [meta.readBigUInt64LE(64), meta.readBigUInt64LE(112)]
  return {
    pageBytes,
    roots,
    lastPage: Number(meta.readBigUInt64LE(120)),
    transaction: meta.readBigUInt64LE(128),
  }
}

/** Whether the trees stay below a page; false for one that can't be followed. */
function reachesOnly(file: number, pages: number, pageBytes: number, roots: readonly bigint[]): boolean {
  const open = [...roots]
  for (let seen = 0; open.length > 0; seen++) {
    const page = open.pop()!
    if (page === NO_PAGE) continue
    if (page >= pages || seen > pages) return false
    const bytes = readAt(file, Number(page) * pageBytes, pageBytes)
    const flags = bytes.readUInt16LE(18)
    if ((flags & (PAGE.branch | PAGE.leaf)) === 0) return false
    for (const node of nodesOf(bytes)) {
      if ((flags & PAGE.branch) !== 0) open.push(BigInt(node.readUIntLE(0, 6)))
      else if (!addLeaf(node, pages, open)) return false
    }
  }
  return true
}

function* nodesOf(page: Buffer): Generator<Buffer> {
  const count = page.readUInt16LE(20) >> 1
  for (let i = 0; i < count && HEADER_BYTES + 2 * i + 2 <= page.length; i++) {
    const offset = HEADER_BYTES + page.readUInt16LE(HEADER_BYTES + 2 * i)
    if (offset + 8 <= page.length) yield page.subarray(offset)
  }
}

/** Follows what a leaf's entry points to; false when that lies beyond the file. */
function addLeaf(node: Buffer, pages: number, open: bigint[]): boolean {
  const flags = node.readUInt16LE(4)
  const data = node.subarray(8 + node.readUInt16LE(6))
  if ((flags & NODE.isTree) !== 0 && data.length >= 48) open.push(data.readBigUInt64LE(40))
  if ((flags & NODE.isLarge) === 0) return true
  return data.length >= 24 && data.readBigUInt64LE(0) + data.readBigUInt64LE(16) <= pages
}

function readAt(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(file, bytes, 0, length, offset))
}
