import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SignDoc } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { createAddressCodec } from '../identifiers.ts'
import { testHub } from '../testing/hub.fixture.ts'
import { codeOf, refusal } from '../testing/refusal.fixture.ts'
import { Wallet, send } from '../testing/wallet.fixture.ts'
import { verifyNatively } from '../workers/native-signatures.ts'
import { SignatureVerifier, signBytes } from './signatures.ts'
import type { SignatureCheck } from './signatures.ts'
import { TransactionCache } from './transaction-cache.ts'
import type { Transaction } from './transaction.ts'

const key = { type: 0, bytes: new Uint8Array(33).fill(2) } as const
const facts = { key, chainId: 'causeway-1', accountNumber: 1n }

function transaction(byte: number): Transaction {
  const bodyBytes = Uint8Array.of(byte)
  return {
    bodyBytes,
    authInfoBytes: Uint8Array.of(9),
    signature: new Uint8Array(64),
    signed: { kind: 'direct' },
  } as unknown as Transaction
}

function counting(verdict: (check: SignatureCheck) => boolean = () => true) {
  const batches: number[] = []
  const verifier = new SignatureVerifier((batch) => {
    batches.push(batch.length)
    return batch.map(verdict)
  })
  return { batches, verifier }
}

describe('signatures', () => {
  it('are checked once for the same facts', () => {
    const { verifier, batches } = counting()
    const tx = transaction(1)
    expect(verifier.isJudged(tx)).toBe(false)
    expect([verifier.isValid(tx, facts), verifier.isValid(tx, { ...facts })]).toEqual([true, true])
    expect([batches, verifier.isJudged(tx)]).toEqual([[1], true])
  })

  it('are checked again for another account number, chain or key', () => {
    const { verifier, batches } = counting()
    const tx = transaction(1)
    verifier.isValid(tx, facts)
    verifier.isValid(tx, { ...facts, accountNumber: 2n })
    verifier.isValid(tx, { ...facts, chainId: 'other' })
    verifier.isValid(tx, { ...facts, key: { ...key, bytes: new Uint8Array(33).fill(3) } })
    expect(batches).toEqual([1, 1, 1, 1])
  })

  it('are checked in one batch, what is known left out', () => {
    const { verifier, batches } = counting(({ message }) => message.includes(2))
    const all = [1, 2, 3].map(transaction)
    verifier.isValid(all[0]!, facts)
    verifier.verifyAhead(all.map((tx) => ({ transaction: tx, facts })))
    verifier.verifyAhead(all.map((tx) => ({ transaction: tx, facts })))
    expect(batches).toEqual([1, 2])
    expect(all.map((tx) => verifier.isValid(tx, facts))).toEqual([false, true, false])
    expect(batches).toEqual([1, 2])
  })

  it('that somebody else checked are believed', () => {
    const { verifier, batches } = counting(() => true)
    const tx = transaction(1)
    const foreseen = verifier.foresee(tx, facts)
    expect(foreseen!.check.message).toEqual(signBytes(tx, facts))
    foreseen!.settle(false)
    expect(verifier.isValid(tx, facts)).toBe(false)
    expect(verifier.foresee(tx, facts)).toBeUndefined()
    expect(batches).toEqual([])
  })

  it('cover body, auth info, chain id and account number', () => {
    const tx = transaction(1)
    const { bodyBytes, authInfoBytes } = tx
    expect(SignDoc.decode(signBytes(tx, facts))).toEqual({
      bodyBytes,
      authInfoBytes,
      chainId: 'causeway-1',
      accountNumber: 1n,
    })
  })
})

describe('the cache of transactions', () => {
  const alice = new Wallet('alice')
  const { hub } = testHub([alice])
  const messages = new Map(
    hub.chain.composition.modules.flatMap((m) => m.messages.map((t) => [t.typeUrl, t] as const)),
  )
  const rules = {
    chainId: 'causeway-1',
    addresses: createAddressCodec('cway'),
    message: (typeUrl: string) => messages.get(typeUrl),
  }
  const fresh = (limits = { entries: 50_000, bytes: 64 * 1024 * 1024 }) => new TransactionCache(rules, limits)
  const tx = () => alice.sign([send(alice.address, alice.address, '1')])

  it('decodes the same bytes once, whoever owns them', () => {
    const cache = fresh()
    const bytes = tx()
    const first = cache.decode(bytes)
    expect(cache.decode(bytes.slice())).toBe(first)
    bytes.fill(0)
    expect(first.bytes.some((byte) => byte !== 0)).toBe(true)
  })

  it('forgets what was delivered', () => {
    const cache = fresh()
    const bytes = tx()
    const first = cache.decode(bytes)
    cache.remove(bytes)
    cache.remove(bytes)
    expect(cache.decode(bytes)).not.toBe(first)
  })

  it('keeps nothing that does not decode', () => {
    const cache = fresh()
    for (let i = 0; i < 3; i++) expect(refusal(() => cache.decode(Uint8Array.of(1, 2, 3)))).toBe('tx/2')
  })

  it('is bounded by bytes: the oldest go first', () => {
    const cache = fresh()
    const oldest = cache.decode(tx())
    const large = Array.from({ length: 4 }, () => send(alice.address, alice.address, '1'.repeat(70)))
    const newest = []
    // 64 MiB of transactions of 250 KiB each
    for (let i = 0; i < 300; i++) {
      const extensionOptions = [{ typeUrl: '/x', value: new Uint8Array(250_000) }]
      const body = { nonCriticalExtensionOptions: extensionOptions }
      newest.push(cache.decode(alice.sign(large, { body, sequence: BigInt(i), gasLimit: 2_000_000n })))
    }
    expect(cache.decode(newest.at(-1)!.bytes)).toBe(newest.at(-1))
    expect(cache.decode(newest[0]!.bytes)).not.toBe(newest[0])
    expect(cache.decode(oldest.bytes)).not.toBe(oldest)
  })
})

describe('the cache of transactions, counted', () => {
  const alice = new Wallet('alice')
  const { hub } = testHub([alice])
  const messages = new Map(
    hub.chain.composition.modules.flatMap((m) => m.messages.map((t) => [t.typeUrl, t] as const)),
  )
  const rules = {
    chainId: 'causeway-1',
    addresses: createAddressCodec('cway'),
    message: (typeUrl: string) => messages.get(typeUrl),
  }

  it('counts each entry once: after any uses its count is what it holds, within its limits', () => {
    const made = Array.from({ length: 12 }, (_, i) =>
      alice.sign([send(alice.address, alice.address, '1'.repeat(1 + 5 * i))], { sequence: BigInt(i) }),
    )
    const step = fc.record({ name: fc.constantFrom('decode', 'remove'), index: fc.nat(11) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const limits = { entries: 5, bytes: 1_500 }
        const cache = new TransactionCache(rules, limits)
        const model = new Map<number, number>()
        for (const { name, index } of steps) {
          if (name === 'remove') model.delete(index)
          else if (!model.has(index)) model.set(index, made[index]!.length)
          for (const oldest of model.keys()) {
            const bytes = [...model.values()].reduce((sum, length) => sum + length, 0)
            if (model.size > limits.entries || bytes > limits.bytes) model.delete(oldest)
          }
          if (name === 'remove') cache.remove(made[index]!)
          else cache.decode(made[index]!)
          const bytes = [...model.values()].reduce((sum, length) => sum + length, 0)
          if (cache.held.entries !== model.size || cache.held.bytes !== bytes) return false
        }
        return true
      }),
    )
  })

  it('may lose a waiting transaction: its recheck does not count it twice', () => {
    const { driver, hub: busy } = testHub([alice], { mempoolTransactionsMax: 10 })
    driver.block()
    const txs = Array.from({ length: 4 }, (_, i) =>
      alice.sign([send(alice.address, alice.address, '1')], { sequence: BigInt(i) }),
    )
    for (const tx of txs) expect(codeOf(driver.submit(tx))).toBe('0')
    for (let block = 0; block < 3; block++) {
      for (const tx of txs) busy.chain.transactions.remove(tx)
      // A block without them; what waits is checked again.
      driver.execute(driver.proposal([]))
      expect(driver.mempool.length).toBe(4)
      expect(busy.chain.admissions.size).toBe(4)
      expect(busy.chain.admissions.hasRoom(4, { bytes: Uint8Array.of(1), signer: alice.id })).toBe(true)
    }
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0', '0', '0', '0'])
    expect(busy.chain.admissions.size).toBe(0)
  })
})

describe('a signature checked ahead', () => {
  it('is found by CheckTx, and one that fails is refused', async () => {
    const alice = new Wallet('alice')
    const asked: number[] = []
    const { driver, hub } = testHub([alice], {
      verifySignatures: (batch) => {
        asked.push(batch.length)
        return verifyNatively(batch)
      },
    })
    driver.block()
    const good = alice.sign([send(alice.address, alice.address, '1')])
    const foreseen = hub.foreseeSignature(good)
    foreseen!.settle(verifyNatively([foreseen!.check])[0]!)
    expect([codeOf(driver.submit(good)), asked]).toEqual(['0', []])
    const bad = alice.sign([send(alice.address, alice.address, '1')], { chainId: 'other', sequence: 1n })
    const wrong = hub.foreseeSignature(bad)
    wrong!.settle(verifyNatively([wrong!.check])[0]!)
    expect([codeOf(driver.submit(bad)), asked]).toEqual(['tx/4', []])
    expect(hub.foreseeSignature(Uint8Array.of(1))).toBeUndefined()
    expect(
      hub.foreseeSignature(new Wallet('nobody').sign([send(alice.address, alice.address, '1')])),
    ).toBeDefined()
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0'])
    expect(asked).toEqual([])
  })
})
