import { AssertionError, assert } from '@causeway/primitives'
import { bucketOf, decodeNode } from '../iavl/node-records.ts'
import type { Node, NodeSource } from '../iavl/node.ts'
import type { Storage } from '../storage/storage.ts'
import { nodesKey } from './layout.ts'

/** The nodes of one store, read from a storage when a tree first gets to them. */
export class StoredNodes implements NodeSource {
  readonly #storage: Storage
  readonly #store: number
  /** Nodes read since the last `forget`. */
  #loaded = 0

  constructor(storage: Storage, store: number) {
    this.#storage = storage
    this.#store = store
  }

  load(node: Node): void {
    this.#fill(node, this.#storage.get(nodesKey(this.#store, node.version, bucketOf(node.nonce))))
    this.#loaded++
  }

  /** The same nodes for somebody who reads them one after the other, and keeps none. */
  reader(): NodeSource {
    let [version, bucket] = [-1, -1]
    let record: Uint8Array | undefined
    return {
      load: (node) => {
        if (node.version !== version || bucketOf(node.nonce) !== bucket) {
          version = node.version
          bucket = bucketOf(node.nonce)
          record = this.#storage.get(nodesKey(this.#store, version, bucket))
        }
        this.#fill(node, record)
      },
    }
  }

  /**
   * Bounds the memory of a tree: counts `added` nodes that came in without being read, and when there are
   * more than `limit`, keeps about half of them (the ones nearest to the root) and makes stubs of the rest.
   */
  forget(root: Node | undefined, added: number, limit: number): void {
    this.#loaded += added
    if (this.#loaded <= limit || root === undefined) return
    let row = [root]
    let kept = 1
    while (row.length > 0 && kept + row.length <= limit / 2) {
      row = row.flatMap(childrenOf)
      kept += row.length
    }
    for (const node of row) makeStub(node)
    this.#loaded = kept
  }

  #fill(node: Node, record: Uint8Array | undefined): void {
    const { version, nonce } = node
    assert(nonce > 0, 'only a saved node is read')
    if (record === undefined || !decodeNode(record, node))
      throw new AssertionError(`node ${version}:${nonce} of store ${this.#store} is missing in the storage`)
  }
}

function childrenOf(node: Node): Node[] {
  return node.key === undefined || node.height === 0 ? [] : [node.left!, node.right!]
}

function makeStub(node: Node): void {
  node.key = undefined
  node.value = undefined
  node.left = undefined
  node.right = undefined
}
