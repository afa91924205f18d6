import { defineErrors } from '@causeway/primitives'

type Reason = { reason: string }

/**
 * Codespace `ics23`. 1–9 shape, 10–19 one proof against its spec, 20–29 key, value and root, 30–39 absence,
 * 40–49 chained proofs, 50–59 other encodings. Append-only.
 */
export const errors = defineErrors('ics23', {
  malformed: [1, (d: Reason) => `the proof can't be decoded: ${d.reason}`],
  tooLarge: [2, (d: { what: string; size: number; max: number }) => `${d.what}: ${d.size} exceeds ${d.max}`],
  wrongKind: [3, (d: { expected: string }) => `expected ${d.expected} for this key`],
  badCompression: [4, () => 'a compressed entry refers to no listed inner op'],
  badSpec: [5, (d: Reason) => `unusable proof spec: ${d.reason}`],

  leafMismatch: [10, (d: Reason) => `the leaf op breaks the spec: ${d.reason}`],
  innerMismatch: [11, (d: Reason) => `an inner op breaks the spec: ${d.reason}`],
  badDepth: [
    12,
    (d: { depth: number }) => `the path is ${d.depth} inner ops long, outside the spec's limits`,
  ],
  unsupportedHash: [13, (d: { operation: number }) => `hash operation ${d.operation} is not supported`],
  unsupportedLength: [14, (d: { operation: number }) => `length operation ${d.operation} is not supported`],
  wrongLength: [15, (d: { size: number; expected: number }) => `data is ${d.size} bytes, not ${d.expected}`],
  emptyInput: [16, (d: { what: string }) => `${d.what} is empty`],
  missingLeaf: [17, () => 'an existence proof needs a leaf op'],
  hashTooLong: [18, () => "an inner hash is longer than the spec's child"],

  keyMismatch: [20, () => 'the proof is for another key'],
  valueMismatch: [21, () => 'the proof is for another value'],
  rootMismatch: [22, () => 'the proof leads to another root'],

  bothMissing: [30, () => 'an absence proof needs a left or a right neighbour'],
  notRightOfLeft: [31, () => 'the key is not right of the left neighbour'],
  notLeftOfRight: [32, () => 'the key is not left of the right neighbour'],
  notLeftmost: [33, () => 'without a left neighbour the right one must be leftmost'],
  notRightmost: [34, () => 'without a right neighbour the left one must be rightmost'],
  notAdjacent: [35, () => 'the neighbours are not adjacent'],

  lengthMismatch: [
    40,
    (d: { specs: number; path: number; proofs: number }) =>
      `${d.specs} specs, ${d.path} keys and ${d.proofs} proofs must be equally many`,
  ],
  emptyRoot: [41, () => 'the root is empty'],

  notEncodable: [50, (d: Reason) => `no proof of the hub's state: ${d.reason}`],
})
