import { describe, expect, it } from 'vitest'
import { packAny } from '@causeway/protocol'
import { Misbehaviour } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { codeOf } from '../../refusal.fixture.ts'
import { syncCommittee, type UpdateWish } from '../beacon-chain.fixture.ts'
import type { LightClientUpdate } from '../consensus/containers.ts'
import { exampleClient, headerOf, misbehaviourMessage } from './example-client.fixture.ts'
import { ETHEREUM_MISBEHAVIOUR_TYPE_URL } from './type-urls.ts'

const honest: UpdateWish = { attestedSlot: 90n, finalizedSlot: 72n, withNextCommittee: true }
const forked: UpdateWish = { ...honest, branchOfHistory: 'fork' }

function opened() {
  const example = exampleClient()
  example.open()
  return example
}

function outcome(a: (chain: UpdateWish) => UpdateWish, b: UpdateWish = forked, now = 200n) {
  const { client, store, chain, at } = opened()
  return report(misbehaviourMessage(chain, chain.update(a(honest)), chain.update(b)))

  function report(message: ReturnType<typeof misbehaviourMessage>) {
    const verdict = codeOf(() => client.verifyClientMessage(store, message, at(now)))
    if (verdict !== 'accepted') return verdict
    if (!client.checkForMisbehaviour(store, message)) {
      expect(client.updateState(store, message, at(now))).toEqual([])
      return 'nothing'
    }
    client.updateStateOnMisbehaviour(store, message)
    return client.status(store, at(now).timeNanoseconds)
  }
}

describe('misbehaviour', () => {
  it('two headers final at one slot freeze the client', () => {
    expect(outcome((wish) => ({ ...wish, withNextCommittee: false }))).toBe('Frozen')
    expect(outcome((wish) => wish)).toBe('Frozen')
  })

  it('two committees settled for one period freeze it', () => {
    const other = { ...honest, attestedSlot: 100n, finalizedSlot: 80n, nextCommittee: undefined as never }
    const { nextCommittee: _, ...rest } = other
    expect(outcome((wish) => wish, { ...rest, branchOfHistory: 'fork' })).toBe('Frozen')
  })

  it('the same update twice, or two of one chain, prove nothing', () => {
    expect(outcome((wish) => wish, honest)).toBe('nothing')
    expect(outcome((wish) => wish, { ...honest, attestedSlot: 100n, finalizedSlot: 80n })).toBe('nothing')
  })

  it('committees that are not settled yet may differ: an honest chain can reorganise', () => {
    const early: UpdateWish = { attestedSlot: 70n, finalizedSlot: 60n, withNextCommittee: true }
    expect(outcome(() => early, { ...early, finalizedSlot: 56n, branchOfHistory: 'fork' })).toBe('nothing')
  })

  it('heads that are not final may conflict', () => {
    const { client, store, chain, at } = opened()
    const [a, b] = [
      chain.update({ attestedSlot: 90n }),
      chain.update({ attestedSlot: 90n, branchOfHistory: 'x' }),
    ]
    const header = (update: LightClientUpdate) => headerOf(chain, update, 'LightClientOptimisticUpdate')
    const bytes = Misbehaviour.encode({ header1: header(a), header2: header(b) }).finish()
    const message = packAny(ETHEREUM_MISBEHAVIOUR_TYPE_URL, bytes)
    client.verifyClientMessage(store, message, at(200n))
    expect(client.checkForMisbehaviour(store, message)).toBe(false)
  })

  it('must verify: signatures, participation, branches, a known committee', () => {
    expect(outcome((wish) => ({ ...wish, signingPeriod: 2n }))).toBe('ethereum/27')
    expect(outcome((wish) => wish, { ...forked, participants: 21 })).toBe('ethereum/20')
    expect(outcome((wish) => ({ ...wish, attestedSlot: 300n, finalizedSlot: 290n }), forked, 400n)).toBe(
      'ethereum/11',
    )
    expect(outcome((wish) => wish, forked, 90n)).toBe('ethereum/22')
  })

  it('of a time that no trusting period covers is refused: old keys freeze nothing', () => {
    const { client, store, chain, at, submit } = opened()
    submit({ attestedSlot: 110n, finalizedSlot: 104n, withNextCommittee: true })
    const message = misbehaviourMessage(chain, chain.update(honest), chain.update(forked))
    const judge = (slot: bigint) => codeOf(() => client.verifyClientMessage(store, message, at(slot)))
    expect(judge(1090n)).toBe('accepted')
    expect(judge(1091n)).toBe('ethereum/15')
  })

  it('needs two headers', () => {
    const { client, store, chain, at } = opened()
    const header1 = headerOf(chain, chain.update(honest))
    const bytes = Misbehaviour.encode({ header1, header2: undefined }).finish()
    const message = packAny(ETHEREUM_MISBEHAVIOUR_TYPE_URL, bytes)
    expect(codeOf(() => client.verifyClientMessage(store, message, at(200n)))).toBe('ethereum/9')
  })
})

describe('a header that contradicts what is stored', () => {
  it('freezes the client: another block final at the same slot', () => {
    const { client, store, submit, at } = opened()
    submit({ ...honest, withNextCommittee: false })
    expect(submit({ ...forked, withNextCommittee: false })).toEqual([])
    expect(client.status(store, at(200n).timeNanoseconds)).toBe('Frozen')
    expect(codeOf(() => submit({ attestedSlot: 110n, finalizedSlot: 96n }))).toBe('ethereum/3')
  })

  it('is refused, not believed, when it names another next committee than the known one', () => {
    const { submit, chain } = opened()
    submit(honest)
    const nextCommittee = syncCommittee(chain.config, 9n)
    expect(codeOf(() => submit({ ...honest, attestedSlot: 100n, finalizedSlot: 80n, nextCommittee }))).toBe(
      'ethereum/26',
    )
  })
})
