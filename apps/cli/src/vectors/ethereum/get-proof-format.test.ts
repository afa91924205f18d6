import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EMPTY_TRIE_ROOT, buildTrie, encodeAccount, encodeRlp } from '@causeway/light-clients'
import { fromHex, keccak256, toHex, utf8 } from '@causeway/primitives'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runVectors } from '../run-vectors.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'get-proof-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

function run() {
  const lines: string[] = []
  const { passed, failed } = runVectors(directory, (line) => lines.push(line))
  return { passed, failed, lines: lines.slice(0, -1) }
}

const write = (name: string, json: unknown) => writeFileSync(join(directory, name), JSON.stringify(json))
const hex = (bytes: Uint8Array) => `0x${toHex(bytes)}`
const address = fromHex('66'.repeat(20))
const codeHash = keccak256(utf8('code'))
const slot = new Uint8Array(32).with(31, 1)
const other = new Uint8Array(32).with(31, 2)
const storage = buildTrie([[keccak256(slot), encodeRlp(Uint8Array.of(5))]])
const account = { nonce: 1n, balance: 255n, storageRoot: storage.root, codeHash }
const filler = Array.from(
  { length: 20 },
  (_, i) => [keccak256(utf8(`${i}`)), encodeAccount(account)] as const,
)
const state = buildTrie([...filler, [keccak256(address), encodeAccount(account)]])
const block = { number: '0x10', hash: hex(codeHash), stateRoot: hex(state.root) }

const proof = {
  address: hex(address),
  accountProof: state.prove(keccak256(address)).map(hex),
  balance: '0xff',
  nonce: '0x1',
  codeHash: hex(codeHash),
  storageHash: hex(storage.root),
  storageProof: [
    { key: '0x1', value: '0x5', proof: storage.prove(keccak256(slot)).map(hex) },
    { key: hex(other), value: '0x0', proof: storage.prove(keccak256(other)).map(hex) },
  ],
}

describe('eth_getProof', () => {
  it('beside its block passes, bare or in an envelope', () => {
    write('proof.json', { jsonrpc: '2.0', id: 1, result: proof })
    write('block.json', { jsonrpc: '2.0', id: 2, result: block })
    expect(run()).toEqual({ passed: 3, failed: 0, lines: [] })
    write('proof.json', proof)
    write('block.json', block)
    expect(run()).toEqual({ passed: 3, failed: 0, lines: [] })
  })

  it('in one file with its block passes, and among several blocks', () => {
    write('case.json', { block, proof })
    expect(run()).toEqual({ passed: 3, failed: 0, lines: [] })
    write('case.json', [proof])
    write('blocks.json', [{ ...block, stateRoot: hex(codeHash) }, block])
    expect(run()).toEqual({ passed: 3, failed: 0, lines: [] })
  })

  it('of an account that does not exist passes as an empty one', () => {
    const absent = fromHex('67'.repeat(20))
    write('block.json', block)
    const empty = {
      ...{
        address: hex(absent),
        accountProof: state.prove(keccak256(absent)).map(hex),
        balance: '0x0',
        nonce: '0x0',
      },
      ...{ codeHash: hex(keccak256(new Uint8Array(0))), storageHash: hex(EMPTY_TRIE_ROOT) },
      storageProof: [{ key: '0x0', value: '0x0', proof: [] }],
    }
    write('proof.json', empty)
    expect(run()).toEqual({ passed: 2, failed: 0, lines: [] })
    write('proof.json', { ...empty, nonce: '0x1' })
    expect(run().failed).toBeGreaterThan(0)
  })

  it('passes in the shapes of several nodes and tools', () => {
    const { address: _, ...nameless } = proof
    const { nonce, balance, codeHash: hash, storageHash, ...proofs } = nameless
    const account = { nonce, balance, codeHash: hash, storageRoot: storageHash }
    const request = { method: 'eth_getProof', params: [proof.address, ['0x1'], 'latest'] }
    const snake = {
      ...{ nonce: 1, balance: '255', code_hash: hash, storage_hash: storageHash },
      ...{ account_proof: proof.accountProof, storage_proof: proof.storageProof, address: proof.address },
    }
    const payload = { state_root: block.stateRoot, receipts_root: block.hash, block_number: '16' }
    const header = encodeRlp([
      ...[codeHash, codeHash, address, fromHex(block.stateRoot.slice(2)), codeHash, codeHash],
      ...[new Uint8Array(256), new Uint8Array(0), Uint8Array.of(16), ...Array(6).fill(Uint8Array.of(1))],
    ])
    const checksummed = { ...proof, address: proof.address.toUpperCase().replace('X', 'x') }
    const padded = {
      ...proof,
      nonce: '0x01',
      balance: '0x00ff',
      storageProof: [{ ...proof.storageProof[0], key: '0x01' }],
    }
    const zero = { ...proof, storageProof: [{ ...proof.storageProof[1], value: '0x' }] }
    const shapes: [object, number][] = [
      [{ block, proof: nameless }, 3],
      [{ block, proof: { account, ...proofs } }, 3],
      [{ block, request, response: { result: nameless } }, 3],
      [{ block, proof: snake }, 3],
      [{ executionPayload: payload, response: { result: proof } }, 3],
      [{ header: hex(header), proof }, 3],
      [{ ...proof, header: hex(header) }, 3],
      [{ ...proof, block }, 3],
      [{ block, proof: checksummed }, 3],
      [{ block, proof: padded }, 2],
      [{ block, proof: zero }, 2],
    ]
    for (const [shape, passed] of shapes) {
      write('case.json', shape)
      expect(run(), JSON.stringify(Object.keys(shape))).toEqual({ passed, failed: 0, lines: [] })
    }
  })

  it('without an address fails when its proof leads to another account', () => {
    const { address: _, ...nameless } = proof
    write('case.json', { block, proof: { ...nameless, nonce: '0x2' } })
    expect(run()).toMatchObject({ passed: 0, failed: 3 })
    write('case.json', { block, proof: { ...nameless, accountProof: proof.accountProof.slice(0, -1) } })
    expect(run()).toMatchObject({ passed: 0, failed: 3 })
    write('case.json', { block, request: { params: [hex(fromHex('68'.repeat(20)))] }, proof: nameless })
    expect(run()).toMatchObject({ passed: 0, failed: 3 })
  })

  it('with its code passes when that has the hash, and fails when not', () => {
    write('case.json', { block, proof: { ...proof, code: hex(utf8('code')) } })
    expect(run()).toMatchObject({ passed: 3, failed: 0 })
    write('case.json', { block, proof: { ...proof, code: hex(utf8('other')) } })
    expect(run()).toMatchObject({ passed: 0, failed: 3 })
  })

  it('of an empty storage trie passes without nodes and with the empty one', () => {
    const bare = { nonce: 1n, balance: 0n, storageRoot: EMPTY_TRIE_ROOT, codeHash }
    const trie = buildTrie([...filler, [keccak256(address), encodeAccount(bare)]])
    for (const nodes of [[], ['0x80']]) {
      const storageProof = [{ key: '0x0', value: '0x0', proof: nodes }]
      const answer = { ...proof, balance: '0x0', storageHash: hex(EMPTY_TRIE_ROOT), storageProof }
      const accountProof = trie.prove(keccak256(address)).map(hex)
      write('case.json', {
        block: { ...block, stateRoot: hex(trie.root) },
        proof: { ...answer, accountProof },
      })
      expect(run()).toEqual({ passed: 2, failed: 0, lines: [] })
    }
  })

  it('without a block, or under another, fails', () => {
    write('proof.json', proof)
    expect(run()).toMatchObject({ passed: 0, failed: 3 })
    write('block.json', { ...block, stateRoot: hex(codeHash) })
    expect(run()).toMatchObject({ passed: 0, failed: 3 })
  })

  it.each<[string, object]>([
    ['address', { address: hex(fromHex('68'.repeat(20))) }],
    ['balance', { balance: '0xfe' }],
    ['nonce', { nonce: '0x2' }],
    ['codeHash', { codeHash: hex(state.root) }],
    ['storageHash', { storageHash: hex(state.root) }],
    ['accountProof', { accountProof: proof.accountProof.slice(1) }],
    ['storage key', { storageProof: [{ ...proof.storageProof[0], key: '0x2' }] }],
    ['storage value', { storageProof: [{ ...proof.storageProof[0], value: '0x6' }] }],
    ['storage proof', { storageProof: [{ ...proof.storageProof[0], proof: [] }] }],
    ['absent value', { storageProof: [{ ...proof.storageProof[1], value: '0x1' }] }],
  ])('with its %s changed fails', (_, change) => {
    write('block.json', block)
    write('proof.json', { ...proof, ...change })
    expect(run().failed).toBeGreaterThan(0)
  })
})
