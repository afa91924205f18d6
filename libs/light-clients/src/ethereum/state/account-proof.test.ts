import { describe, expect, it } from 'vitest'
import { fromHex, keccak256, utf8 } from '@causeway/primitives'
import { codeOf } from '../../refusal.fixture.ts'
import { encodeAccount, isEmptyAccount, verifyAccountProof, verifyStorageProof } from './account-proof.ts'
import { buildTrie } from './build-trie.ts'
import type { RlpItem } from './rlp.ts'
import { encodeRlp } from './rlp.ts'
import { EMPTY_TRIE_ROOT } from './trie-proof.ts'

const address = fromHex('22'.repeat(20))
const hash = keccak256(utf8('code'))
const account = { nonce: 3n, balance: 10n ** 20n, storageRoot: hash, codeHash: hash }

function accountVerdict(value: Uint8Array): string {
  const trie = buildTrie([
    [keccak256(address), value],
    [keccak256(utf8('other')), utf8('x')],
  ])
  return codeOf(() => verifyAccountProof(trie.root, address, trie.prove(keccak256(address))))
}

function storageVerdict(value: Uint8Array): string {
  const slot = new Uint8Array(32)
  const trie = buildTrie([[keccak256(slot), value]])
  return codeOf(() => verifyStorageProof(trie.root, slot, trie.prove(keccak256(slot))))
}

describe('accounts', () => {
  it('are proven, and so is that there is none', () => {
    const trie = buildTrie([[keccak256(address), encodeAccount(account)]])
    expect(verifyAccountProof(trie.root, address, trie.prove(keccak256(address)))).toEqual(account)
    const other = fromHex('33'.repeat(20))
    expect(verifyAccountProof(trie.root, other, trie.prove(keccak256(other)))).toBeUndefined()
  })

  it.each<[string, RlpItem]>([
    ['a string', utf8('x')],
    ['three items', [NONE(), NONE(), hash]],
    ['five items', [NONE(), NONE(), hash, hash, hash]],
    ['a leading zero in the nonce', [Uint8Array.of(0), NONE(), hash, hash]],
    ['a nonce of nine bytes', [new Uint8Array(9).fill(1), NONE(), hash, hash]],
    ['a leading zero in the balance', [NONE(), Uint8Array.of(0, 1), hash, hash]],
    ['a balance of 33 bytes', [NONE(), new Uint8Array(33).fill(1), hash, hash]],
    ['a short storage root', [NONE(), NONE(), hash.subarray(1), hash]],
    ['a list as code hash', [NONE(), NONE(), hash, []]],
    ['a list as nonce', [[], NONE(), hash, hash]],
  ])('with %s are refused', (_, item) => {
    expect(accountVerdict(encodeRlp(item))).toBe('ethereum/46')
  })

  it('of RLP with bytes after it are refused', () => {
    expect(accountVerdict(Uint8Array.of(...encodeAccount(account), 0))).toBe('ethereum/40')
  })

  it('that are empty are told', () => {
    const empty = {
      nonce: 0n,
      balance: 0n,
      storageRoot: EMPTY_TRIE_ROOT,
      codeHash: keccak256(new Uint8Array(0)),
    }
    expect(isEmptyAccount(empty)).toBe(true)
    for (const change of [{ nonce: 1n }, { balance: 1n }, { storageRoot: hash }, { codeHash: hash }])
      expect(isEmptyAccount({ ...empty, ...change })).toBe(false)
  })
})

describe('storage words', () => {
  it('are padded to 32 bytes', () => {
    const slot = new Uint8Array(32).fill(7)
    const trie = buildTrie([[keccak256(slot), encodeRlp(Uint8Array.of(1, 0))]])
    const word = verifyStorageProof(trie.root, slot, trie.prove(keccak256(slot)))
    expect(word).toEqual(Uint8Array.of(...new Uint8Array(30), 1, 0))
  })

  it('that are zero, padded, too long or no string are refused: none of them is stored so', () => {
    expect(storageVerdict(encodeRlp(new Uint8Array(0)))).toBe('ethereum/47')
    expect(storageVerdict(encodeRlp(Uint8Array.of(0)))).toBe('ethereum/47')
    expect(storageVerdict(encodeRlp(Uint8Array.of(0, 1)))).toBe('ethereum/47')
    expect(storageVerdict(encodeRlp(new Uint8Array(33).fill(1)))).toBe('ethereum/47')
    expect(storageVerdict(encodeRlp([Uint8Array.of(1)]))).toBe('ethereum/47')
    expect(storageVerdict(Uint8Array.of(5, 5))).toBe('ethereum/40')
    expect(storageVerdict(encodeRlp(Uint8Array.of(5)))).toBe('accepted')
  })
})

function NONE(): Uint8Array {
  return new Uint8Array(0)
}
