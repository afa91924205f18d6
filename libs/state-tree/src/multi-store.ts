import { assert, compareBytes, utf8 } from '@causeway/primitives'
import { errors } from './errors.ts'
import { EMPTY_TREE_HASH } from './iavl/node-hash.ts'
import { hashBytes } from './iavl/node.ts'
import type { Node } from './iavl/node.ts'
import { proveKey } from './iavl/prove.ts'
import { sealTree } from './iavl/seal.ts'
import type { SealedTree } from './iavl/seal.ts'
import { Tree } from './iavl/tree.ts'
import { TreeEdit } from './iavl/tree-edit.ts'
import { verifyTree } from './iavl/verify.ts'
import type { Change, KeyValueReader } from './key-value.ts'
import type { Storage, StorageWrite } from './storage/storage.ts'
import { proveStore, storesRoot } from './stores-root.ts'
import { commitKey, extraKey, HEAD_KEY } from './versions/layout.ts'
import { decodeHead, decodeRoots, encodeHead, encodeRoots } from './versions/head.ts'
import type { Head } from './versions/head.ts'
import { encodeVersion, freeOrphans, STORES_MAX } from './versions/orphans.ts'
import { StoredNodes } from './versions/stored-nodes.ts'

/** How a multi-store is opened. */
export interface MultiStoreOptions {
  readonly storage: Storage
  /** Which stores there are: the same at every opening of a storage. */
  readonly storeNames: readonly string[]
  /** How many versions can be read and proven; older ones are pruned as new ones are committed. */
  readonly keepVersions: bigint
  /** Nodes of a store kept in memory (about 300 bytes each, keys and values not counted). */
  readonly nodesInMemoryMax?: number
}

/** A key with its value (undefined: it is absent), provable under `appHash`. */
export interface KeyProof {
  readonly value: Uint8Array | undefined
  /**
   * ICS-23 `CommitmentProof`s: of the key in its store (IavlSpec), of the store in the app hash
   * (TendermintSpec).
   */
  readonly proofs: readonly [iavl: Uint8Array, simple: Uint8Array]
  readonly appHash: Uint8Array
}

interface Pending {
  readonly version: number
  readonly trees: readonly SealedTree[]
  readonly appHash: Uint8Array
}

/** What all proofs of a version have in common. */
interface ProvenVersion {
  readonly version: number
  readonly hashes: readonly Uint8Array[]
  readonly appHash: Uint8Array
  /** Proofs of stores in the app hash, by their numbers. */
  readonly stores: Map<number, Uint8Array>
}

/** Nodes freed by one call that prunes: a few milliseconds of work. */
const FREED_AT_ONCE = 4096
const NODES_IN_MEMORY_MAX = 1_000_000
/** Bound of versions: inside the tree they are `number`s. A million years of blocks a second. */
const VERSION_MAX = 1n << 45n
/** Versions whose nodes stay in memory besides the latest, for queries with proofs. */
const RECENT_VERSIONS = 4

/**
 * Named IAVL trees that advance together, one version a block, under one app hash: the simple-Merkle root
 * over (store name, root) that cosmos-sdk's rootmulti makes. `finalize` computes, `commit` persists.
 */
export class MultiStore {
  readonly #storage: Storage
  readonly #names: readonly string[]
  readonly #nodes: readonly StoredNodes[]
  readonly #keepVersions: number
  readonly #nodesInMemoryMax: number
  /** Roots by version: the latest and the few that were asked for last. */
  readonly #roots = new Map<number, readonly (Node | undefined)[]>()
  #head: Head
  #latest: readonly Tree[]
  #appHash: Uint8Array
  #pending: Pending | undefined
  /** Of the version that was proven last, whose keys are mostly asked for one after another. */
  #proven: ProvenVersion | undefined

  private constructor(options: MultiStoreOptions, head: Head) {
    this.#storage = options.storage
    this.#names = head.names
    this.#nodes = head.names.map((_, store) => new StoredNodes(options.storage, store))
    this.#keepVersions = Number(options.keepVersions)
    this.#nodesInMemoryMax = options.nodesInMemoryMax ?? NODES_IN_MEMORY_MAX
    this.#head = head
    if (head.version === 0) this.#roots.set(0, new Array<undefined>(head.names.length).fill(undefined))
    this.#latest = head.names.map((_, store) => this.#tree(store, head.version))
    this.#appHash = storesRoot(this.#names, this.#rootHashes(this.#rootsAt(head.version)))
  }

  /** Opens a storage at its latest committed version. Throws `state/10` when it holds other stores. */
  static open(options: MultiStoreOptions): MultiStore {
    assert(options.keepVersions > 0n, 'at least the latest version is kept')
    const names = sortedNames(options.storeNames)
    const stored = options.storage.get(HEAD_KEY)
    const head = stored === undefined ? { version: 0, oldest: 1, names } : decodeHead(stored)
    if (head.names.join(',') !== names.join(',')) {
      throw errors.storeSetMismatch({ stored: head.names.join(','), wanted: names.join(',') })
    }
    return new MultiStore(options, head)
  }

  /** Last committed version, which is the block's height; 0 before the first. */
  get version(): bigint {
    return BigInt(this.#head.version)
  }

  /** Oldest version that can be read; above `version` only before the first commit. */
  get oldestVersion(): bigint {
    return BigInt(this.#head.oldest)
  }

  /** The stores, in the order of the app hash. */
  get storeNames(): readonly string[] {
    return this.#names
  }

  /** App hash of the last committed version; of empty stores before the first. */
  appHash(): Uint8Array {
    return this.#appHash.slice()
  }

  /** App hash of a kept version. Throws `state/1` or `state/2`. */
  appHashAt(version: bigint): Uint8Array {
    return storesRoot(this.#names, this.#rootHashes(this.#rootsAt(this.#kept(version))))
  }

  /** The committed state of a store: always that of the last commit, also when one comes after this call. */
  reader(storeName: string): KeyValueReader {
    const store = this.#storeOf(storeName)
    const latest = (): Tree => this.#latest[store]!
    return {
      get: (key) => latest().get(key),
      has: (key) => latest().has(key),
      iterate: (start, end, reverse) => latest().iterate(start, end, reverse),
    }
  }

  /**
   * A store as it was at a version. Throws `state/1` when that is pruned (also later), `state/2` when it is
   * to come.
   */
  readerAt(storeName: string, version: bigint): KeyValueReader {
    const store = this.#storeOf(storeName)
    const at = (): Tree => this.#tree(store, this.#kept(version))
    at()
    return {
      get: (key) => at().get(key),
      has: (key) => at().has(key),
      iterate: (start, end, reverse) => at().iterate(start, end, reverse),
    }
  }

  /**
   * Computes the app hash of the next version from its net changes (keys strictly ascending; a deletion of a
   * missing key does nothing). Nothing is persisted, and a later call replaces this one. The first version
   * may be any.
   */
  finalize(version: bigint, changes: ReadonlyMap<string, readonly Change[]>): Uint8Array {
    const { version: latest } = this.#head
    assert(version > 0n && (latest === 0 || version === this.version + 1n), 'versions follow one another')
    assert(version < VERSION_MAX, 'a version is below 2⁴⁵')
    for (const name of changes.keys()) this.#storeOf(name)
    this.#pending = undefined
    const roots = this.#rootsAt(latest)
    const trees = this.#names.map((name, store) => {
      const edit = new TreeEdit(roots[store], this.#nodes[store]!)
      applyChanges(edit, changes.get(name) ?? [])
      return sealTree(edit, Number(version))
    })
    const appHash = storesRoot(this.#names, this.#rootHashes(trees.map((tree) => tree.root)))
    this.#pending = { version: Number(version), trees, appHash }
    return appHash.slice()
  }

  /** Persists the finalized version, with the application's own records, in one atomic write. */
  commit(extra: readonly StorageWrite[] = []): void {
    const pending = this.#pending
    assert(pending !== undefined, 'a version is finalized before it is committed')
    const { version, trees } = pending
    const roots = trees.map((tree) => tree.root)
    const oldest = Math.max(
      this.#head.version === 0 ? version : this.#head.oldest,
      version - this.#keepVersions + 1,
    )
    const head: Head = { version, oldest, names: this.#names }
    const writes: StorageWrite[] = [
      ...extra.map(({ key, value }) => ({ key: extraKey(key), value })),
      { key: HEAD_KEY, value: encodeHead(head) },
      { key: commitKey(version), value: encodeRoots(roots) },
    ]
    let orphanCount = 0
    trees.forEach((tree, store) => {
      for (const write of encodeVersion(version, store, tree)) writes.push(write)
      orphanCount += tree.orphans.length
    })
    for (const write of this.#freed(oldest, Math.max(FREED_AT_ONCE, 2 * orphanCount)).writes)
      writes.push(write)
    this.#storage.write(writes)
    // From here on the version is committed
    this.#head = head
    this.#appHash = pending.appHash
    this.#pending = undefined
    this.#remember(version, roots)
    this.#latest = this.#names.map((_, store) => this.#tree(store, version))
    trees.forEach((tree, store) => {
      this.#nodes[store]!.forget(tree.root, tree.nodes.length, this.#nodesInMemoryMax)
    })
  }

  /** Forgets a finalized version that was not committed. */
  rollback(): void {
    this.#pending = undefined
  }

  /** One of the application's own records. */
  extra(key: Uint8Array): Uint8Array | undefined {
    return this.#storage.get(extraKey(key))
  }

  /**
   * A key of a store at a version with its proofs, present or absent. Throws `state/1`, `/2`, `/3` or `/4`.
   */
  proveKey(storeName: string, key: Uint8Array, version: bigint): KeyProof {
    if (key.length === 0) throw errors.emptyKey()
    const store = this.#storeOf(storeName)
    const kept = this.#kept(version)
    const roots = this.#rootsAt(kept)
    const { value, proof } = proveKey(roots[store], this.#nodes[store]!, key)
    if (this.#proven?.version !== kept) {
      const hashes = this.#rootHashes(roots)
      this.#proven = { version: kept, hashes, appHash: storesRoot(this.#names, hashes), stores: new Map() }
    }
    const { hashes, appHash, stores } = this.#proven
    let storeProof = stores.get(store)
    if (storeProof === undefined) stores.set(store, (storeProof = proveStore(this.#names, hashes, store)))
    return { value, proofs: [proof, storeProof.slice()], appHash: appHash.slice() }
  }

  /**
   * Makes versions below `beforeVersion` unreadable at once and frees part of their nodes; commits free the
   * rest bit by bit. Returns whether everything is freed. The latest version is always kept.
   */
  prune(beforeVersion: bigint): boolean {
    const { version, oldest, names } = this.#head
    if (version === 0) return true
    const target = beforeVersion > this.version ? version : Math.max(Number(beforeVersion), oldest)
    const { writes, isAll } = this.#freed(target, FREED_AT_ONCE)
    const head: Head = { version, oldest: target, names }
    if (target > oldest || writes.length > 0) {
      this.#storage.write([...writes, { key: HEAD_KEY, value: encodeHead(head) }])
    }
    this.#head = head
    for (const kept of this.#roots.keys()) if (kept < target) this.#roots.delete(kept)
    return isAll
  }

  /**
   * Recomputes every hash of the latest version from the storage. Throws when one differs; returns how many
   * keys there are.
   */
  verify(): number {
    const stored = this.#storage.get(commitKey(this.#head.version))
    if (stored === undefined) return 0
    const roots = decodeRoots(stored, this.#names.length)
    return roots.reduce((sum, root, store) => sum + verifyTree(root, this.#nodes[store]!.reader()), 0)
  }

  /** What may be deleted when `oldest` is the oldest version to keep: nodes and commit records. */
  #freed(oldest: number, limit: number): { writes: StorageWrite[]; isAll: boolean } {
    const { writes, isAll } = freeOrphans(this.#storage, oldest, limit)
    const commits = this.#storage.range(commitKey(0), commitKey(oldest), { limit: FREED_AT_ONCE })
    return {
      writes: [...writes, ...commits.map(([key]) => ({ key, value: undefined }))],
      isAll: isAll && commits.length < FREED_AT_ONCE,
    }
  }

  #tree(store: number, version: number): Tree {
    // Asked at every step of an iteration
    const requireKept = (): void => {
      if (version < this.#head.oldest) this.#kept(BigInt(version))
    }
    return new Tree(this.#rootsAt(version)[store], this.#nodes[store]!, requireKept)
  }

  #rootsAt(version: number): readonly (Node | undefined)[] {
    const known = this.#roots.get(version)
    if (known !== undefined) return known
    const stored = this.#storage.get(commitKey(version))
    assert(stored !== undefined, `the commit record of version ${version} is missing in the storage`)
    const roots = decodeRoots(stored, this.#names.length)
    this.#remember(version, roots)
    return roots
  }

  #remember(version: number, roots: readonly (Node | undefined)[]): void {
    this.#roots.set(version, roots)
    for (const known of this.#roots.keys()) {
      if (this.#roots.size <= RECENT_VERSIONS) return
      if (known !== this.#head.version && known !== version) this.#roots.delete(known)
    }
  }

  #rootHashes(roots: readonly (Node | undefined)[]): Uint8Array[] {
    return roots.map((root) => (root === undefined ? EMPTY_TREE_HASH : hashBytes(root)))
  }

  #kept(version: bigint): number {
    const { version: latest, oldest } = this.#head
    if (version <= 0n || version > BigInt(latest))
      throw errors.versionUnknown({ version, latest: BigInt(latest) })
    if (version < BigInt(oldest)) throw errors.versionPruned({ version, oldest: BigInt(oldest) })
    return Number(version)
  }

  #storeOf(name: string): number {
    const store = this.#names.indexOf(name)
    if (store < 0) throw errors.unknownStore({ store: name })
    return store
  }
}

function sortedNames(names: readonly string[]): readonly string[] {
  assert(names.length > 0 && names.length <= STORES_MAX, 'there are 1 … 256 stores')
  const sorted = [...names].sort((a, b) => compareBytes(utf8(a), utf8(b)))
  sorted.forEach((name, i) => {
    assert(/^[a-z][a-z0-9_-]*$/.test(name), `"${name}" is no store name`)
    assert(name !== sorted[i + 1], `store ${name} is named twice`)
  })
  return sorted
}

function applyChanges(edit: TreeEdit, changes: readonly Change[]): void {
  let previous: Uint8Array | undefined
  for (const { key, value } of changes) {
    assert(previous === undefined || compareBytes(previous, key) < 0, 'changes come in ascending key order')
    previous = key
    if (value === undefined) edit.delete(key)
    else edit.set(key, value)
  }
}
