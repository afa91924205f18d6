import { assert } from '@causeway/primitives'
import { Tree } from './tree.ts'
import { TreeEdit } from './tree-edit.ts'
import { EMPTY_TREE_HASH } from './node-hash.ts'
import { hashBytes } from './node.ts'
import { proveKey } from './prove.ts'
import { sealTree } from './seal.ts'
import { verifyTree } from './verify.ts'
import { decodeRoots, encodeRoots } from '../versions/head.ts'
import { commitKey } from '../versions/layout.ts'
import { encodeVersion, freeOrphans } from '../versions/orphans.ts'
import { StoredNodes } from '../versions/stored-nodes.ts'
import type { Storage, StorageWrite } from '../storage/storage.ts'

/**
 * A single stored tree that takes its changes one by one in any order, as cosmos/iavl does: the multi-store
 * takes them sorted, which would leave most shapes untested.
 */
export class VersionedTree {
  readonly #storage: Storage
  #nodes: StoredNodes
  #edit: TreeEdit
  version = 0

  constructor(storage: Storage) {
    this.#storage = storage
    this.#nodes = new StoredNodes(storage, 0)
    this.#edit = new TreeEdit(undefined, this.#nodes)
  }

  get size(): number {
    return this.#edit.root?.size ?? 0
  }

  get height(): number {
    return this.#edit.root?.height ?? 0
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#edit.set(key, value)
  }

  delete(key: Uint8Array): boolean {
    return this.#edit.delete(key)
  }

  save(): Uint8Array {
    const version = ++this.version
    const sealed = sealTree(this.#edit, version)
    const writes: StorageWrite[] = [{ key: commitKey(version), value: encodeRoots([sealed.root]) }]
    this.#storage.write([...writes, ...encodeVersion(version, 0, sealed)])
    this.#edit = new TreeEdit(sealed.root, this.#nodes)
    return sealed.root === undefined ? EMPTY_TREE_HASH : hashBytes(sealed.root)
  }

  /** Forgets all that is in memory. */
  reload(): void {
    this.#nodes = new StoredNodes(this.#storage, 0)
    this.#edit = new TreeEdit(this.at(this.version).root, this.#nodes)
  }

  at(version: number): Tree {
    const record = this.#storage.get(commitKey(version))
    assert(version === 0 || record !== undefined, 'the version is kept')
    return new Tree(record === undefined ? undefined : decodeRoots(record, 1)[0], this.#nodes)
  }

  /** The latest version with the nodes that are in memory. */
  latest(): Tree {
    return new Tree(this.#edit.root, this.#nodes)
  }

  prove(version: number, key: Uint8Array): Uint8Array {
    return proveKey(this.at(version).root, this.#nodes, key).proof
  }

  verify(version: number): number {
    return verifyTree(this.at(version).root, this.#nodes)
  }

  /** Frees, in bounded steps, what versions up to `version` alone use. */
  prune(version: number): void {
    for (let freed = 1; freed > 0;) {
      const step = freeOrphans(this.#storage, version + 1, 512)
      this.#storage.write(step.writes)
      freed = step.freed
    }
    const commits = this.#storage.range(commitKey(0), commitKey(version + 1))
    this.#storage.write(commits.map(([key]) => ({ key, value: undefined })))
  }
}
