import { packAny } from '@causeway/protocol'
import { ConsensusProof } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { sha256, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../ethereum/client/example-client.fixture.ts'
import { codeOf } from '../../refusal.fixture.ts'
import { exampleBlock, exampleCertificate, notarizePayload } from '../alpenglow/example-block.fixture.ts'
import { ExampleCluster, GENESIS_SECONDS } from '../example-cluster.fixture.ts'
import { exampleAddress } from '../wire.fixture.ts'
import { epochs, slots } from './client-storage.ts'
import {
  START_SLOT,
  clientStateMessage,
  consensusStateMessage,
  exampleClient,
  exampleCommitments,
  headerMessage,
  misbehaviourMessage,
  recorded,
} from './example-client.fixture.ts'

const at = (slot: bigint) => (GENESIS_SECONDS + slot) * 1_000_000_000n

describe('a new client', () => {
  const code = (...change: Parameters<ReturnType<typeof exampleClient>['open']>) =>
    codeOf(() => exampleClient().open(...change))

  it('has keys, a trusting period, a slot', () => {
    expect(code()).toBe('accepted')
    expect(code({ genesisHash: new Uint8Array(31) })).toBe('solana/5')
    expect(code({ rootAccount: new Uint8Array() })).toBe('solana/5')
    expect(code({ trustingPeriod: undefined })).toBe('solana/5')
    expect(code({ maxClockDrift: { seconds: 61n, nanos: 0 } })).toBe('solana/5')
    expect(code({ maxClockDrift: { seconds: -1n, nanos: 0 } })).toBe('solana/5')
    expect(code({ alpenglow: { shredVersion: 65_536 } })).toBe('solana/5')
    expect(code({ latestSlot: 0n })).toBe('solana/5')
    expect(code({ isFrozen: true })).toBe('solana/5')
  })

  it('knows restarts in their order', () => {
    const fork = (slot: bigint, count = 1n) => ({ slot, count })
    expect(code({ hardForks: [fork(1n), fork(9n)] })).toBe('accepted')
    expect(code({ hardForks: [fork(9n), fork(9n)] })).toBe('solana/5')
    expect(code({ hardForks: [fork(9n, 0n)] })).toBe('solana/5')
    expect(code({ hardForks: Array.from({ length: 65 }, (_, i) => fork(BigInt(i + 1))) })).toBe('solana/5')
  })

  it('begins at a checkpoint: a bank, its time and its epoch’s validators', () => {
    const cluster = new ExampleCluster()
    expect(code({}, { bankHash: new Uint8Array(31) })).toBe('solana/6')
    expect(code({}, { commitmentsRoot: new Uint8Array(32) })).toBe('solana/6')
    expect(code({}, { timestampSeconds: GENESIS_SECONDS + START_SLOT + 1n })).toBe('solana/6')
    expect(code({}, { epoch: 2n })).toBe('solana/6')
    expect(code({ latestEpoch: 2n })).toBe('solana/6')
    expect(code({}, { epochStakes: cluster.stakesBytes(2n) })).toBe('solana/6')
    expect(code({}, { epochStakes: new Uint8Array() })).toBe('solana/44')
    expect(code({}, { epochStakes: cluster.stakesBytes(1n, cluster.validators.slice(0, 2)) })).toBe(
      'accepted',
    )
    expect(code({}, { epochStakes: cluster.stakesBytes(1n, cluster.validators.slice(2)) })).toBe('solana/6')
  })

  it('is described by messages of their types', () => {
    const { client, clientState, consensusState, store } = exampleClient()
    const [state, consensus] = [clientStateMessage(clientState()), consensusStateMessage(consensusState())]
    const context = { timeNanoseconds: at(START_SLOT), height: { revisionNumber: 0n, revisionHeight: 1n } }
    expect(codeOf(() => client.initialise(store, consensus, consensus, context))).toBe('solana/7')
    expect(codeOf(() => client.initialise(store, state, state, context))).toBe('solana/7')
    const broken = packAny(state.typeUrl, Uint8Array.of(0xff))
    expect(codeOf(() => client.initialise(store, broken, consensus, context))).toBe('solana/8')
    expect(codeOf(() => client.status(store, 0n))).toBe('solana/1')
  })
})

describe('validator sets', () => {
  it('come from the recorder’s account, one epoch ahead', () => {
    const { client, cluster, store, start, open, submit, message } = exampleClient()
    open()
    expect(start.epoch).toBe(1n)
    const next = cluster.bank(start, 70n)
    expect(codeOf(() => submit(message(next), 70n))).toBe('solana/11')
    const recording = cluster.bank(start, 50n, recorded(cluster.stakesBytes(2n)))
    expect(submit(message(recording), 51n)).toEqual([50n])
    expect(epochs(store)).toEqual([1n, 2n])
    expect(submit(message(cluster.bank(recording, 70n)), 70n)).toEqual([70n])
    expect(client.latestHeight(store).revisionHeight).toBe(70n)
  })

  it('are taken of the next epoch only, from the recorder only, and from what is final', () => {
    const { cluster, store, start, open, submit, message } = exampleClient()
    open()
    for (const epoch of [0n, 1n, 3n])
      submit(message(cluster.bank(start, 50n + epoch, recorded(cluster.stakesBytes(epoch)))), 60n)
    expect(epochs(store)).toEqual([1n])
    const set = cluster.stakesBytes(2n)
    const stolen = cluster.bank(start, 55n, recorded(set, exampleAddress('thief')))
    expect(codeOf(() => submit(message(stolen), 60n))).toBe('solana/44')
    const broken = cluster.bank(start, 56n, recorded(set.with(0, 0)))
    expect(codeOf(() => submit(message(broken), 60n))).toBe('solana/44')
    submit(message(cluster.bank(start, 57n, recorded(set)), { isFinal: false }), 60n)
    expect(epochs(store)).toEqual([1n])
  })

  it('with too few voters are not taken, and fuller ones take their place', () => {
    const { cluster, store, start, open, submit, message } = exampleClient()
    open()
    const { validators } = cluster
    const record = (slot: bigint, voters: number) =>
      submit(
        message(cluster.bank(start, slot, recorded(cluster.stakesBytes(2n, validators.slice(0, voters))))),
        60n,
      )
    record(50n, 0)
    record(51n, 1)
    expect(epochs(store)).toEqual([1n])
    record(52n, 2)
    expect(epochs(store)).toEqual([1n, 2n])
    record(53n, 4)
    const all = cluster.bank(start, 70n)
    expect(submit(message(all, { voters: [0, 2, 3] }), 70n)).toEqual([70n])
    record(54n, 2)
    expect(submit(message(cluster.bank(all, 71n), { voters: [0, 2, 3] }), 71n)).toEqual([71n])
  })

  it('are trusted for a time: from the start of the epoch that proved them', () => {
    const { client, cluster, store, start, open, submit, message } = exampleClient()
    open()
    // The first set is trusted from the checkpoint on: seconds 40 to 240.
    expect(client.status(store, at(239n))).toBe('Active')
    expect(client.status(store, at(240n))).toBe('Expired')
    const recording = cluster.bank(start, 50n, recorded(cluster.stakesBytes(2n)))
    submit(message(recording), 51n)
    // Epoch 1 began at second 32, so that of epoch 2 is trusted until 232.
    expect(client.status(store, at(231n))).toBe('Active')
    expect(client.status(store, at(232n))).toBe('Expired')
    expect(codeOf(() => submit(message(cluster.bank(recording, 70n)), 231n))).toBe('accepted')
    expect(codeOf(() => submit(message(cluster.bank(recording, 71n)), 232n))).toBe('solana/4')
  })

  it('that are past their time judge nothing, though the client lives', () => {
    const { cluster, store, start, open, submit, message } = exampleClient({ slotsPerEpoch: 128n })
    open()
    const recording = cluster.bank(start, 120n, recorded(cluster.stakesBytes(1n)))
    submit(message(recording), 121n)
    const second = cluster.bank(recording, 190n, recorded(cluster.stakesBytes(2n)))
    submit(message(second), 191n)
    expect(epochs(store)).toEqual([0n, 1n, 2n])
    const old = cluster.bank(start, 60n)
    expect(codeOf(() => submit(message(old), 239n))).toBe('accepted')
    expect(codeOf(() => submit(message(cluster.bank(start, 61n)), 240n))).toBe('solana/12')
    // They go with the next update, and so does what they proved.
    submit(message(cluster.bank(second, 260n)), 320n)
    expect(epochs(store)).toEqual([1n, 2n])
    expect(slots(store)).not.toContain(START_SLOT)
  })
})

describe('misbehaviour', () => {
  it('is two banks of one slot', () => {
    const { client, cluster, store, start, open, submit, voted } = exampleClient()
    open()
    const [a, b] = [cluster.bank(start, 43n), cluster.bank(start, 43n, recorded(cluster.stakesBytes(2n)))]
    const message = misbehaviourMessage(1n, voted(a), voted(b))
    expect(submit(message, 44n)).toBe('frozen')
    expect(client.status(store, at(44n))).toBe('Frozen')
    expect(codeOf(() => submit(message, 44n))).toBe('solana/3')
  })

  it('is not two votes for the same, for two slots, or of too few', () => {
    const { cluster, start, open, submit, settled, voted } = exampleClient()
    open()
    const [a, b] = [cluster.bank(start, 43n), cluster.bank(start, 43n, recorded(cluster.stakesBytes(2n)))]
    const code = (...parts: Parameters<typeof misbehaviourMessage>) =>
      codeOf(() => submit(misbehaviourMessage(...parts), 44n))
    expect(code(1n, voted(a), voted(a))).toBe('solana/9')
    expect(code(1n, voted(a), voted(cluster.bank(start, 44n)))).toBe('solana/9')
    expect(code(1n, voted(a), voted(b, [1, 2]))).toBe('solana/27')
    expect(code(1n, voted(a, [3]), voted(b))).toBe('solana/27')
    expect(code(2n, voted(a), voted(b))).toBe('solana/11')
    expect(code(1n, voted(a), ConsensusProof.fromPartial({}))).toBe('solana/16')
    expect(code(1n, voted(a), settled(b))).toBe('solana/9')
  })

  it('is not a final bank under the number of another slot', () => {
    const { cluster, start, open, submit, settled, voted } = exampleClient()
    open()
    const [a, b] = [cluster.bank(start, 43n), cluster.bank(start, 44n)]
    const renamed = settled(b)
    renamed.tower!.slot = 43n
    expect(codeOf(() => submit(misbehaviourMessage(1n, voted(a), renamed), 45n))).toBe('solana/9')
  })

  it('is a final header that contradicts what is final: another bank, or a time that runs backwards', () => {
    const { cluster, start, open, submit, message } = exampleClient()
    open()
    submit(message(cluster.bank(start, 43n)), 44n)
    expect(submit(message(cluster.bank(start, 43n, recorded(cluster.stakesBytes(2n)))), 44n)).toBe('frozen')
    const time = (slot: bigint, seconds: bigint) => {
      const { cluster, start, open, submit, message } = exampleClient()
      open()
      submit(message(cluster.bank(start, 46n)), 47n)
      return submit(message(cluster.bank(start, slot, new Map(), GENESIS_SECONDS + seconds)), 52n)
    }
    expect(time(48n, 45n)).toBe('frozen')
    expect(time(44n, 47n)).toBe('frozen')
    expect(time(48n, 46n)).toEqual([48n])
    expect(time(44n, 46n)).toEqual([44n])
  })

  it('is two blocks of one slot under Alpenglow, even of one bank hash', () => {
    const { cluster, start, open, submit, settled } = exampleClient({}, 'alpenglow')
    open()
    const bank = cluster.bank(start, 43n)
    const wish = { slot: 43n, parentSlot: 41n, bankHash: bank.bankHash, parentBlockId: sha256(utf8('x')) }
    const { blockId, opening } = exampleBlock(wish)
    const notarize = exampleCertificate(cluster, notarizePayload(43n, blockId), [0, 1, 2, 3])
    const block = { ...opening, fecSetRoots: [...opening.fecSetRoots] }
    const other = ConsensusProof.fromPartial({ alpenglow: { slot: 43n, notarize, block } })
    expect(codeOf(() => submit(misbehaviourMessage(1n, settled(bank), settled(bank)), 44n))).toBe('solana/9')
    expect(submit(misbehaviourMessage(1n, settled(bank), other), 44n)).toBe('frozen')
  })

  it('by keys that are past their time freezes nothing', () => {
    const { cluster, start, open, submit, voted, message } = exampleClient({ slotsPerEpoch: 128n })
    open()
    const [a, b] = [cluster.bank(start, 43n), cluster.bank(start, 43n, recorded(cluster.stakesBytes(1n)))]
    const recording = cluster.bank(start, 120n, recorded(cluster.stakesBytes(1n)))
    submit(message(recording), 121n)
    submit(message(cluster.bank(recording, 190n, recorded(cluster.stakesBytes(2n)))), 191n)
    const late = misbehaviourMessage(0n, voted(a), voted(b))
    expect(codeOf(() => submit(late, 240n))).toBe('solana/12')
    expect(submit(late, 239n)).toBe('frozen')
  })
})

describe('a header is bound together', () => {
  it('by the Clock: slot, epoch, and the parent that the block names', () => {
    const { cluster, start, open, submit, header } = exampleClient({}, 'alpenglow')
    open()
    const [a, b] = [cluster.bank(start, 43n), cluster.bank(start, 44n)]
    const state = header(a).state
    const code = (change: Partial<ReturnType<typeof header>>) =>
      codeOf(() => submitHeader({ ...header(a), ...change }))
    const submitHeader = (changed: ReturnType<typeof header>) => submit(headerMessage(changed), 45n)
    expect(code({ consensus: header(b).consensus })).toBe('solana/43')
    expect(code({ state: header(b).state })).toBe('solana/43')
    expect(code({ state })).toBe('accepted')
    const orphan = { ...a, parent: { ...start, slot: 39n } }
    expect(code({ consensus: header(orphan).consensus })).toBe('solana/34')
  })
})

describe('recovery', () => {
  const context = { timeNanoseconds: at(60n), height: { revisionNumber: 1n, revisionHeight: 9n } }

  it('gives a dead client what a living one trusts', () => {
    const dead = exampleClient()
    dead.open()
    dead.client.updateStateOnMisbehaviour(dead.store, clientStateMessage(dead.clientState()))
    const living = exampleClient()
    living.open({ trustingPeriod: { seconds: 300n, nanos: 0 }, hardForks: [{ slot: 900n, count: 1n }] })
    const { cluster, start } = living
    const bank = cluster.bank(start, 50n, recorded(cluster.stakesBytes(2n)))
    living.submit(living.message(bank), 51n)
    dead.client.recover(dead.store, living.store, context)
    expect(dead.client.status(dead.store, at(60n))).toBe('Active')
    expect(dead.client.latestHeight(dead.store).revisionHeight).toBe(50n)
    expect(epochs(dead.store)).toEqual([1n, 2n])
    expect(dead.submit(dead.message(cluster.bank(bank, 70n)), 70n)).toEqual([70n])
  })

  it('is for clients of one cluster, one pair of programs, one account each', () => {
    const dead = exampleClient()
    dead.open()
    const changes = [
      { genesisHash: exampleAddress('genesis') },
      { ibcProgram: exampleAddress('x') },
      { rootAccount: exampleAddress('x') },
      { recorderProgram: exampleAddress('x') },
      { recorderAccount: exampleAddress('x') },
    ]
    for (const change of changes) {
      const living = exampleClient()
      living.open(change)
      expect(codeOf(() => dead.client.recover(dead.store, living.store, context))).toBe('solana/15')
      const named = clientStateMessage(dead.clientState(change))
      expect(dead.client.differenceFrom(dead.store, named)).toBeDefined()
    }
  })

  it('knows a difference from what voters were told', () => {
    const { client, store, open, clientState } = exampleClient()
    open()
    const difference = (change: Parameters<typeof clientState>[0]) =>
      client.differenceFrom(store, clientStateMessage(clientState(change)))
    expect(difference({})).toBeUndefined()
    expect(difference({ latestSlot: 99n, latestEpoch: 9n, isFrozen: true })).toBeUndefined()
    expect(difference({ trustingPeriod: { seconds: 1n, nanos: 0 } })).toBe('the rules that may change')
    expect(difference({ alpenglow: { shredVersion: 1 } })).toBe('the rules that may change')
  })

  it('forgets states a few at a time', () => {
    const { client, cluster, store, start, open, submit, message } = exampleClient()
    open()
    const { changes } = exampleCommitments([1n], [])
    for (const slot of [43n, 44n]) submit(message(cluster.bank(start, slot, changes())), 45n)
    submit(message(cluster.bank(start, 45n), { isFinal: false }), 45n)
    expect(client.forgetStates(store, 2)).toBe(false)
    expect(client.forgetStates(store, 2)).toBe(true)
    // The client state.
    expect(store.keys().length).toBe(1)
    expect(client.status(store, at(45n))).toBe('Expired')
    expect(memoryStore().keys()).toEqual([])
  })
})
