import type { Path } from './prove.ts'
import { writeHash } from './node.ts'
import type { Node } from './node.ts'
import { varintLength, writeVarint, writeZigzag, zigzagLength } from './varint.ts'

/**
 * Writes ICS-23 `CommitmentProof` messages (cosmos/ics23/v1/proofs.proto) under IavlSpec straight from paths:
 * the lengths are computed first, then the bytes are written once. A generated codec takes several times as
 * long, and a relayer asks for thousands.
 */
export class ProofWriter {
  #bytes = new Uint8Array(16384)
  #view = new DataView(this.#bytes.buffer)
  #end = 0

  /** `CommitmentProof{exist}`. */
  existence(path: Path): Uint8Array {
    const length = existenceLength(path)
    this.#start(length)
    this.#field(0x0a, length)
    this.#existence(path)
    return this.#bytes.slice(0, this.#end)
  }

  /** `CommitmentProof{nonexist}`. */
  absence(key: Uint8Array, left: Path | undefined, right: Path | undefined): Uint8Array {
    const leftLength = left === undefined ? 0 : existenceLength(left)
    const rightLength = right === undefined ? 0 : existenceLength(right)
    let length = fieldLength(key.length)
    if (left !== undefined) length += fieldLength(leftLength)
    if (right !== undefined) length += fieldLength(rightLength)
    this.#start(length)
    this.#field(0x12, length)
    this.#value(0x0a, key)
    if (left !== undefined) {
      this.#field(0x12, leftLength)
      this.#existence(left)
    }
    if (right !== undefined) {
      this.#field(0x1a, rightLength)
      this.#existence(right)
    }
    return this.#bytes.slice(0, this.#end)
  }

  #existence(path: Path): void {
    const { leaf, nodes, isLeft } = path
    this.#value(0x0a, leaf.key!)
    this.#value(0x12, leaf.value!)
    this.#leafOp(leaf)
    for (let i = nodes.length - 1; i >= 0; i--) this.#innerOp(nodes[i]!, isLeft[i]!)
  }

  /** hash SHA256, prehash_value SHA256, length VAR_PROTO, prefix = height 0 ‖ size 1 ‖ version. */
  #leafOp(leaf: Node): void {
    const prefixLength = 2 + zigzagLength(leaf.version)
    const bytes = this.#bytes
    this.#field(0x1a, 8 + prefixLength)
    let end = this.#end
    for (const byte of [0x08, 1, 0x18, 1, 0x20, 1, 0x2a, prefixLength, 0, 2]) bytes[end++] = byte
    this.#end = writeZigzag(leaf.version, bytes, end)
  }

  /**
   * hash SHA256, prefix = height ‖ size ‖ version ‖ what lies left of the child, suffix = what lies right of
   * it.
   */
  #innerOp(node: Node, isLeft: boolean): void {
    const prefixLength = innerPrefixLength(node, isLeft)
    this.#field(0x22, 4 + prefixLength + (isLeft ? 35 : 0))
    const bytes = this.#bytes
    let end = this.#end
    bytes[end] = 0x08
    bytes[end + 1] = 1
    bytes[end + 2] = 0x12
    bytes[end + 3] = prefixLength
    bytes[end + 4] = node.height * 2
    end = writeZigzag(node.size, bytes, end + 5)
    end = writeZigzag(node.version, bytes, end)
    bytes[end++] = 32
    if (isLeft) {
      bytes[end] = 0x1a
      bytes[end + 1] = 33
      bytes[end + 2] = 32
      writeHash(node.right!, this.#view, end + 3)
      end += 35
    } else {
      writeHash(node.left!, this.#view, end)
      bytes[end + 32] = 32
      end += 33
    }
    this.#end = end
  }

  #value(tag: number, value: Uint8Array): void {
    this.#field(tag, value.length)
    this.#bytes.set(value, this.#end)
    this.#end += value.length
  }

  #field(tag: number, length: number): void {
    this.#bytes[this.#end] = tag
    this.#end = writeVarint(length, this.#bytes, this.#end + 1)
  }

  #start(length: number): void {
    this.#end = 0
    if (length + 16 <= this.#bytes.length) return
    this.#bytes = new Uint8Array(2 * (length + 16))
    this.#view = new DataView(this.#bytes.buffer)
  }
}

function existenceLength(path: Path): number {
  const { leaf, nodes, isLeft } = path
  let length =
    fieldLength(leaf.key!.length) + fieldLength(leaf.value!.length) + 12 + zigzagLength(leaf.version)
  for (let i = 0; i < nodes.length; i++) {
    length += 6 + innerPrefixLength(nodes[i]!, isLeft[i]!) + (isLeft[i]! ? 35 : 0)
  }
  return length
}

function innerPrefixLength(node: Node, isLeft: boolean): number {
  return 1 + zigzagLength(node.size) + zigzagLength(node.version) + (isLeft ? 1 : 34)
}

function fieldLength(length: number): number {
  return 1 + varintLength(length) + length
}
