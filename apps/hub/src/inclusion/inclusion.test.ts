// What validators hold gets into a block, whoever proposes; and nobody halts or fills anything by naming.
import { sha256, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  QueryHeldTransactionRequest,
  QueryHeldTransactionResponse,
  QueryInclusionListResponse,
} from '@causeway/protocol/causeway/block/v1/query'
import { brokenInvariants } from '../block/inspect.ts'
import { codeOf } from '../testing/refusal.fixture.ts'
import { RECORDS_MAX } from './bounds.ts'
import { heldFor, heldHub, nameOfNothing } from './held.fixture.ts'

const PROPOSER = sha256(utf8('proposer')).slice(0, 20)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const changes = (block: ReturnType<ReturnType<typeof heldHub>['decide']>) =>
  block.events
    .filter(({ type }) => type === 'causeway.block.v1.inclusion')
    .map(({ attributes }) => attributes.find(({ key }) => key === 'change')!.value)

describe('a transaction that proposers leave out', () => {
  it('is named after two blocks, recorded, served, demanded from the third block on', () => {
    const { decide, said, records, judge, driver, tx, hash } = heldFor(0)
    decide()
    expect(said()[0]).toEqual({ held: [], served: 0 })
    decide()
    expect(driver.height).toBe(3n)
    expect(said()).toEqual(Array.from({ length: 4 }, () => ({ held: [hex(hash)], served: 0 })))
    expect(changes(decide())).toEqual(['recorded'])
    expect(records()).toMatchObject([{ height: 4n, isServed: false, name: { lane: 1, bytes: tx.length } }])
    decide()
    expect(said()[0]).toEqual({ held: [], served: 1 })
    expect(judge([])).toBe('accepted')
    decide()
    expect(records()[0]!.isServed).toBe(true)
    // The third block after the record.
    expect(driver.height + 1n).toBe(7n)
    expect(judge([])).toBe('block/36')
    expect(judge([tx])).toBe('accepted')
    expect(changes(decide([tx]))).toEqual(['included'])
    expect(records()).toEqual([])
    expect(judge([])).toBe('accepted')
  })

  it('is in every honest proposal then, out of the state: the mempool has lost it', () => {
    const { prepare, judge, pay, wallets, hub, tx } = heldFor(5)
    expect(prepare([])).toEqual([tx])
    const other = pay(wallets[1]!)
    expect(prepare([other])).toEqual([tx, other])
    expect(judge([...prepare([other])])).toBe('accepted')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('comes into the block even if its turn is over by then, fails, and costs nothing', () => {
    const { wallets, judge, prepare, decide, pay, tx } = heldFor(5)
    const [owner] = wallets
    // Another transaction with its sequence was taken meanwhile.
    owner!.sequence = 0n
    const other = pay(owner!)
    expect(codeOf(decide([other]).txResults.at(-1))).toBe('0')
    expect(judge([])).toBe('block/36')
    expect(prepare([])).toEqual([tx])
    expect(codeOf(decide([tx]).txResults.at(-1))).toBe('tx/32')
    expect(judge([])).toBe('accepted')
  })

  it('is refused for two blocks only, costs each proposer a block’s reward, and expires', () => {
    const { decide, judge, records, missed, driver, hub } = heldFor(5, { proposer: PROPOSER })
    expect([driver.height, missed()]).toEqual([6n, []])
    for (const height of [7n, 8n]) {
      expect(judge([])).toBe('block/36')
      decide([], PROPOSER)
      expect([driver.height, missed()[0]!.blocks]).toEqual([height, height - 6n])
    }
    expect(judge([])).toBe('accepted')
    while (driver.height < 12n) decide([], PROPOSER)
    expect(records()).toHaveLength(1)
    const last = decide([], PROPOSER)
    expect(changes(last)).toEqual(['expired'])
    expect([records(), missed()[0]!.blocks]).toEqual([[], 7n])
    expect(last.events.filter(({ type }) => type === 'causeway.block.v1.missed')).toHaveLength(1)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('is not demanded again within a hundred blocks after it was in one', () => {
    const { decide, say, records, driver, tx, hash, hub } = heldFor(5)
    const name = nameOfNothing('', { hash, bytes: tx.length, gasLimit: 200_000n })
    decide([tx])
    const all = { 0: { held: [name] }, 1: { held: [name] } }
    for (let i = 0; i < 99; i++) {
      say(all)
      decide()
      expect(records()).toEqual([])
    }
    expect(driver.height).toBe(106n)
    say(all)
    decide()
    say(all)
    decide()
    expect(records()).toHaveLength(1)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('is asked for by query, of the state and of the node', () => {
    const { driver, tx, hash } = heldFor(3)
    const list = driver.query('/causeway.block.v1.Query/InclusionList', new Uint8Array(0))
    expect(QueryInclusionListResponse.decode(list.value)).toMatchObject({ height: 4n, records: [{}] })
    const ask = (bytes: Uint8Array) =>
      driver.query(
        '/causeway.block.v1.Query/HeldTransaction',
        QueryHeldTransactionRequest.encode({ hash: bytes }).finish(),
      )
    expect(QueryHeldTransactionResponse.decode(ask(hash).value).tx).toEqual(tx)
    expect(codeOf(ask(sha256(tx.slice(1))))).toBe('query/22')
  })
})

describe('names', () => {
  it('are of critical transactions that are next in turn', () => {
    const { hold, pay, relay, wallets, decide, said } = heldHub()
    const [a, b, c] = wallets as [(typeof wallets)[0], (typeof wallets)[0], (typeof wallets)[0]]
    const ordinary = pay(a)
    const behind = relay(a)
    const late = relay(b, { body: { timeoutHeight: 3n } })
    const good = relay(c)
    for (const tx of [ordinary, behind, late, good]) expect(hold(tx)).toBe('0')
    decide()
    decide()
    expect(said()[0]!.held).toEqual([hex(sha256(good))])
    decide([ordinary])
    decide()
    expect(said()[0]!.held).toEqual([hex(sha256(behind))])
  })

  it('are sixteen: who pays most, then the oldest', () => {
    const { hold, relay, wallets, decide, said } = heldHub(20)
    const txs = wallets.map((wallet, i) =>
      relay(wallet, { fee: [{ denom: 'ucway', amount: i === 19 ? '9000' : '5000' }] }),
    )
    for (const tx of txs.slice(0, 10)) expect(hold(tx)).toBe('0')
    decide()
    for (const tx of txs.slice(10)) expect(hold(tx)).toBe('0')
    decide()
    decide()
    const { held } = said()[0]!
    expect(held).toHaveLength(16)
    expect(held[0]).toBe(hex(sha256(txs[19]!)))
    expect(held.slice(1, 11)).toEqual(txs.slice(0, 10).map(sha256).map(hex).sort())
  })

  it('nobody hides behind a thousand of his own, however long they wait', () => {
    const { hold, relay, wallets, decide, said } = heldHub()
    const [many, victim] = wallets as [(typeof wallets)[0], (typeof wallets)[0]]
    for (let i = 0; i < 1_010; i++) expect(hold(relay(many))).toBe('0')
    const plain = relay(victim)
    const dear = relay(wallets[2]!, { fee: [{ denom: 'ucway', amount: '9000' }] })
    for (const tx of [plain, dear]) expect(hold(tx)).toBe('0')
    decide()
    decide()
    expect(said()[0]!.held[0]).toBe(hex(sha256(dear)))
    expect(said()[0]!.held).toHaveLength(3)
    expect(said()[0]!.held).toContain(hex(sha256(plain)))
  })

  it('of what a block holds are not made', () => {
    const { decide, said, tx } = heldFor(1)
    decide([tx])
    expect(said()[0]).toEqual({ held: [], served: 0 })
  })

  it('of a third of the power record nothing, however many they are', () => {
    const { say, decide, records, hub } = heldHub()
    const before = hub.info().lastBlockAppHash
    for (let block = 0; block < 12; block++) {
      const held = Array.from({ length: 16 }, (_, i) => nameOfNothing(`junk ${block} ${i}`))
      say({ 0: { held: [...held, ...held] } })
      expect(changes(decide())).toEqual([])
    }
    expect(records()).toEqual([])
    expect(hub.info().lastBlockAppHash).not.toEqual(before)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('that are none count for nothing, and one twice counts once', () => {
    const { say, decide, records } = heldHub()
    const good = nameOfNothing('x')
    const bad = [
      { hash: new Uint8Array(31) },
      { lane: 0 },
      { lane: 4 },
      { bytes: 0 },
      { bytes: 1_048_577 },
      { gasLimit: 0n },
      { gasLimit: 25_000_001n },
    ].map((change) => ({ ...good, ...change }))
    say({ 0: { held: bad }, 1: { held: bad }, 2: { held: [good, good] } })
    decide()
    expect(records()).toEqual([])
    const beyond = [...Array.from({ length: 16 }, (_, i) => nameOfNothing(`${i}`)), good]
    say({ 0: { held: beyond }, 1: { held: [good] } })
    decide()
    expect(records()).toEqual([])
    say({ 0: { held: [good] }, 1: { held: [good] } })
    decide()
    expect(records()).toHaveLength(1)
  })

  it('of nothing, by more than a third, refuse no block, and end', () => {
    const { say, decide, records, judge, missed, driver } = heldHub()
    for (let block = 0; block < 6; block++) {
      const held = Array.from({ length: 16 }, (_, i) =>
        nameOfNothing(`nothing ${block} ${i}`, { gasLimit: 9_000n }),
      )
      say({ 0: { held }, 1: { held } })
      decide([], PROPOSER)
      expect(judge([])).toBe('accepted')
    }
    expect(records()).toHaveLength(RECORDS_MAX)
    while (driver.height < 20n) {
      expect(judge([])).toBe('accepted')
      decide([], PROPOSER)
    }
    expect(records()).toEqual([])
    expect(missed()[0]!.blocks).toBeLessThanOrEqual(12n)
  })
})

describe('bytes in votes', () => {
  it('that are no transaction, or another one than was named, end the record', () => {
    const { say, decide, records, relay, wallets } = heldHub()
    const junk = utf8('not a transaction')
    const other = relay(wallets[0]!)
    const names = [
      nameOfNothing('', { hash: sha256(junk), bytes: junk.length }),
      nameOfNothing('', { hash: sha256(other), bytes: other.length, gasLimit: 1n }),
    ]
    say({ 0: { held: names }, 1: { held: names } })
    decide()
    expect(records()).toHaveLength(2)
    say({ 2: { served: [junk, other] } })
    expect(changes(decide())).toEqual(['unreadable', 'unreadable'])
    expect(records()).toEqual([])
  })

  it('count up to 4,096 together, from anybody, and only where they belong', () => {
    const { decide, records, tx, driver, say } = heldFor(3)
    decide()
    const wrong = tx.slice().fill(7)
    say({ 0: { served: [new Uint8Array(4_000), tx] }, 1: { served: [wrong] }, 2: {}, 3: {} })
    const { lastCommit } = driver
    expect(lastCommit.votes).toHaveLength(4)
    say({
      0: { served: [new Uint8Array(4_000), tx] },
      1: { served: [wrong] },
      2: { served: [] },
      3: { served: [] },
    })
    decide()
    expect(records()[0]!.isServed).toBe(false)
    say({ 0: { served: [wrong] }, 1: { served: [] }, 2: { served: [] }, 3: { served: [wrong, tx] } })
    decide()
    expect(records()[0]!.isServed).toBe(true)
  })

  it('too many for a vote are not carried; the record costs rewards and refuses nothing', () => {
    const { hold, relay, wallets, decide, said, judge, prepare, missed, driver } = heldHub()
    const body = { nonCriticalExtensionOptions: [{ typeUrl: '/x', value: new Uint8Array(5_000) }] }
    const tx = relay(wallets[0]!, { body })
    expect(hold(tx)).toBe('0')
    while (driver.height < 6n) decide([], PROPOSER)
    expect(said()[0]).toEqual({ held: [], served: 0 })
    expect([judge([]), prepare([tx])]).toEqual(['accepted', [tx]])
    // It has named it, and keeps it whatever the mempool does.
    expect(prepare([])).toEqual([tx])
    decide([], PROPOSER)
    expect(missed()[0]!.blocks).toBe(1n)
  })
})

describe('whatever votes name and carry', () => {
  it('blocks go on, what is written is bounded, and an honest proposal stands', () => {
    const made = heldHub()
    const own = [made.relay(made.wallets[0]!), utf8('junk'), new Uint8Array(300).fill(1)]
    const name = fc.record({
      hash: fc.oneof(
        fc.constantFrom(...own.map(sha256)),
        fc.uint8Array({ maxLength: 33 }),
        fc.nat(40).map((seed) => sha256(utf8(`${seed}`))),
      ),
      lane: fc.nat(5),
      bytes: fc.constantFrom(0, 4, 300, own[0]!.length, 2_000_000),
      gasLimit: fc.constantFrom(0n, 1n, 200_000n, 25_000_000n, 2n ** 63n),
    })
    const said = fc.record({
      held: fc.array(name, { maxLength: 20 }),
      served: fc.array(fc.oneof(fc.constantFrom(...own), fc.uint8Array({ maxLength: 500 })), {
        maxLength: 5,
      }),
    })
    fc.assert(
      fc.property(fc.array(said, { minLength: 2, maxLength: 2 }), ([first, second]) => {
        made.say({ 0: first!, 1: first!, 2: second! })
        expect(made.judge(made.prepare([]))).toBe('accepted')
        made.decide(made.prepare([]))
        expect(made.records().length).toBeLessThanOrEqual(RECORDS_MAX)
      }),
      { numRuns: 60 },
    )
    expect(brokenInvariants(made.hub.chain)).toEqual([])
  })
})
