import { describe, expect, it } from 'vitest'
import { packAny } from '@causeway/protocol'
import { Header } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import { codeOf } from '../../refusal.fixture.ts'
import { syncCommittee } from '../beacon-chain.fixture.ts'
import { START_SLOT, exampleClient, executionState, headerOf } from './example-client.fixture.ts'
import { readCommitteeBytes, readConsensusState } from './client-storage.ts'
import { ETHEREUM_HEADER_TYPE_URL } from './type-urls.ts'

const NONE = { revisionNumber: 0n, revisionHeight: 0n }
const height = (slot: bigint) => ({ ...NONE, revisionHeight: slot })

describe('updates', () => {
  it('follow a chain over periods and forks', () => {
    const { open, submit, client, store, at } = exampleClient([
      ['capella', 0n],
      ['deneb', 14n],
      ['electra', 20n],
      ['fulu', 26n],
    ])
    open()
    for (let period = 1n; period < 6n; period++) {
      const start = period * 64n
      expect(
        submit({ attestedSlot: start + 30n, finalizedSlot: start + 8n, withNextCommittee: true }),
      ).toEqual([start + 8n])
      expect(submit({ attestedSlot: start + 50n, finalizedSlot: start + 32n })).toEqual([start + 32n])
    }
    expect(client.latestHeight(store)).toEqual(height(352n))
    expect(client.timestampAtHeight(store, height(352n))).toBe(at(352n).timeNanoseconds)
    expect(client.status(store, at(360n).timeNanoseconds)).toBe('Active')
  })

  it('of a height that is stored change nothing but may lie between others', () => {
    const { open, submit, store, client } = exampleClient()
    open()
    const first = { attestedSlot: 110n, finalizedSlot: 96n, withNextCommittee: true }
    submit(first)
    const before = store.keys()
    expect(submit(first)).toEqual([96n])
    expect(store.keys()).toEqual(before)
    expect(submit({ attestedSlot: 100n, finalizedSlot: 88n })).toEqual([88n])
    expect(client.latestHeight(store)).toEqual(height(96n))
    expect(client.timestampAtHeight(store, height(88n))).toBeLessThan(
      client.timestampAtHeight(store, height(96n)),
    )
  })

  it('of a next committee are kept only once that is settled', () => {
    const { open, submit, store } = exampleClient()
    open()
    submit({ attestedSlot: 70n, finalizedSlot: 60n, withNextCommittee: true })
    expect(readCommitteeBytes(store, 2n)).toBeUndefined()
    submit({ attestedSlot: 80n, finalizedSlot: 66n, withNextCommittee: true })
    expect(readCommitteeBytes(store, 2n)).toBeDefined()
  })

  it('need two thirds: 21 of 32 are refused, 22 accepted', () => {
    const { open, submit } = exampleClient()
    open()
    const wish = { attestedSlot: 90n, finalizedSlot: 72n }
    expect(codeOf(() => submit({ ...wish, participants: 21 }))).toBe('ethereum/20')
    expect(codeOf(() => submit({ ...wish, participants: 21 }, 'LightClientOptimisticUpdate'))).toBe(
      'ethereum/20',
    )
    expect(codeOf(() => submit({ ...wish, participants: 22 }))).toBe('accepted')
  })

  it('from the future are refused, as far as the drift goes not', () => {
    const late = exampleClient()
    late.open()
    const wish = { attestedSlot: 90n, finalizedSlot: 72n }
    expect(codeOf(() => late.submit(wish, undefined, 90n))).toBe('ethereum/22')
    expect(codeOf(() => late.submit(wish, undefined, 91n))).toBe('accepted')
    const tolerant = exampleClient()
    tolerant.open({ maxClockDrift: { seconds: 12n, nanos: 0 } })
    expect(codeOf(() => tolerant.submit(wish, undefined, 88n))).toBe('ethereum/22')
    expect(codeOf(() => tolerant.submit(wish, undefined, 89n))).toBe('accepted')
  })

  it('that finalise nothing, or skip a period, are refused', () => {
    const { open, submit } = exampleClient()
    open()
    expect(codeOf(() => submit({ attestedSlot: 90n, withNextCommittee: true }))).toBe('ethereum/29')
    expect(codeOf(() => submit({ attestedSlot: 140n, finalizedSlot: 130n }))).toBe('ethereum/23')
    expect(codeOf(() => submit({ attestedSlot: 63n, finalizedSlot: 40n, signatureSlot: 65n }))).toBe(
      'ethereum/24',
    )
  })

  describe('at or below the latest final slot', () => {
    const known = { attestedSlot: 90n, finalizedSlot: 72n }
    const ahead = () => {
      const example = exampleClient()
      example.open()
      example.submit(known)
      example.submit({ attestedSlot: 126n, finalizedSlot: 112n, withNextCommittee: true })
      return example
    }

    it('change nothing when they say what is stored', () => {
      const { submit, store } = ahead()
      const before = store.keys().map((key) => [key, toHex(store.get(fromHex(key))!)])
      expect(submit(known, undefined, 130n)).toEqual([72n])
      expect(submit({ ...known, withNextCommittee: true }, undefined, 130n)).toEqual([72n])
      expect(store.keys().map((key) => [key, toHex(store.get(fromHex(key))!)])).toEqual(before)
    })

    it('freeze the client when they say another thing', () => {
      const { submit, client, store, at } = ahead()
      submit({ ...known, branchOfHistory: 'fork' }, undefined, 130n)
      expect(client.status(store, at(130n).timeNanoseconds)).toBe('Frozen')
    })

    it('are refused for slots that are not stored, without finality, or a true signature', () => {
      const { submit } = ahead()
      const judge = (wish: Parameters<typeof submit>[0], kind?: Parameters<typeof submit>[1], now = 130n) =>
        codeOf(() => submit({ ...known, ...wish }, kind, now))
      expect(judge({ attestedSlot: 90n, finalizedSlot: 80n })).toBe('ethereum/24')
      expect(judge({ attestedSlot: 90n }, 'LightClientOptimisticUpdate')).toBe('ethereum/24')
      expect(judge({ attestedSlot: 90n, signingPeriod: 2n })).toBe('ethereum/27')
      expect(judge({ attestedSlot: 90n, participants: 21 })).toBe('ethereum/20')
      expect(judge({ attestedSlot: 90n, signatureSlot: 64n * 9n + 1n }, undefined, 700n)).toBe('ethereum/11')
    })

    it('are refused when they were signed longer than a trusting period ago: old keys freeze nothing', () => {
      const { submit } = ahead()
      const wish = { ...known, branchOfHistory: 'fork' }
      expect(codeOf(() => submit(wish, undefined, 1_091n))).toBe('ethereum/15')
    })
  })

  it('with a next committee that has a key that is none are refused', () => {
    const { open, submit, chain } = exampleClient()
    open()
    const committee = syncCommittee(chain.config, 2n)
    const nextCommittee = { ...committee, pubkeys: committee.pubkeys.with(0, 0) }
    const wish = { attestedSlot: 90n, finalizedSlot: 72n, withNextCommittee: true, nextCommittee }
    expect(codeOf(() => submit(wish))).toBe('ethereum/16')
  })

  it('of headers without execution state are refused: before Capella, and from Gloas on', () => {
    for (const [fork, epoch] of [['gloas', 10n]] as const) {
      const { open, submit } = exampleClient([
        ['electra', 0n],
        [fork, epoch],
      ])
      open()
      expect(codeOf(() => submit({ attestedSlot: 100n, finalizedSlot: 88n }))).toBe('ethereum/13')
    }
    expect(codeOf(() => exampleClient([['bellatrix', 0n]]).open())).toBe('ethereum/13')
  })
})

describe('messages', () => {
  const { chain, client, store, open, at, message } = exampleClient()
  open()
  const update = chain.update({ attestedSlot: 90n, finalizedSlot: 72n })
  const judge = (value: Uint8Array, typeUrl = ETHEREUM_HEADER_TYPE_URL) =>
    codeOf(() => client.verifyClientMessage(store, packAny(typeUrl, value), at(100n)))
  const encode = (header: Partial<Header>) => Header.encode(Header.fromPartial(header)).finish()

  it('are decoded strictly', () => {
    const { value } = message(update)
    expect(judge(value)).toBe('accepted')
    expect(judge(value.subarray(0, -1))).toBe('ethereum/8')
    expect(judge(Uint8Array.of(...value, 0x38, 1))).toBe('ethereum/8')
    expect(judge(value, '/causeway.lightclients.ethereum.v1.ClientState')).toBe('ethereum/7')
    expect(judge(new Uint8Array(70_000))).toBe('ethereum/8')
  })

  it('hold exactly one update, in the types of its fork', () => {
    const header = headerOf(chain, update)
    expect(judge(encode({}))).toBe('ethereum/12')
    expect(judge(encode({ fork: 'electra' }))).toBe('ethereum/8')
    expect(judge(encode({ ...header, update: header.finalityUpdate }))).toBe('ethereum/8')
    expect(judge(encode({ ...header, fork: 'fulu' }))).toBe('ethereum/12')
    expect(judge(encode({ ...header, fork: 'phase0' }))).toBe('ethereum/12')
    expect(judge(encode({ ...header, fork: 'deneb' }))).toBe('ethereum/30')
    expect(judge(encode({ fork: 'electra', update: header.finalityUpdate }))).toBe('ethereum/30')
    expect(judge(encode({ fork: 'electra', finalityUpdate: header.finalityUpdate.subarray(0, -1) }))).toBe(
      'ethereum/21',
    )
  })
})

describe('status', () => {
  it('expires a trusting period after the latest final time, and then nothing is verified', () => {
    const { open, client, store, at, submit } = exampleClient()
    open()
    const last = START_SLOT + 999n
    expect(client.status(store, at(last).timeNanoseconds)).toBe('Active')
    expect(client.status(store, at(last + 1n).timeNanoseconds)).toBe('Expired')
    expect(codeOf(() => submit({ attestedSlot: 90n, finalizedSlot: 72n }, undefined, last + 1n))).toBe(
      'ethereum/4',
    )
    const proof = () =>
      client.verifyMembership(store, height(64n), new Uint8Array(0), [], new Uint8Array(32), at(last + 1n))
    expect(codeOf(proof)).toBe('ethereum/4')
  })

  it('of no client is a refusal', () => {
    const { client, store } = exampleClient()
    expect(codeOf(() => client.status(store, 0n))).toBe('ethereum/1')
    expect(codeOf(() => client.latestHeight(store))).toBe('ethereum/1')
  })

  it('prunes what expired: the lowest consensus state, committees of old periods', () => {
    const { open, submit, store } = exampleClient()
    open({ trustingPeriod: { seconds: 600n, nanos: 0 } })
    for (let period = 1n; period < 7n; period++) {
      const start = period * 64n
      submit({ attestedSlot: start + 30n, finalizedSlot: start + 8n, withNextCommittee: true })
    }
    expect(readConsensusState(store, START_SLOT)).toBeUndefined()
    expect(readCommitteeBytes(store, 1n)).toBeUndefined()
    for (const period of [5n, 6n, 7n]) expect(readCommitteeBytes(store, period), `${period}`).toBeDefined()
  })
})

describe('membership', () => {
  const value = sha256(utf8('commitment'))
  const small = Uint8Array.of(...new Uint8Array(30), 7, 9)
  const execution = executionState([
    ['path', value],
    ['small', small],
  ])
  const { open, client, store, at, submit } = exampleClient()
  open({}, execution.root)
  submit({ attestedSlot: 90n, finalizedSlot: 72n, finalizedStateRoot: execution.root })
  const member = (path: string, expected: Uint8Array, proof = execution.proof(path), slot = 72n) =>
    codeOf(() => client.verifyMembership(store, height(slot), proof, [utf8(path)], expected, at(100n)))
  const absent = (path: string, proof = execution.proof(path)) =>
    codeOf(() => client.verifyNonMembership(store, height(72n), proof, [utf8(path)], at(100n)))

  it('holds under finalised states, for words with leading zeros too', () => {
    expect(member('path', value)).toBe('accepted')
    expect(member('small', small)).toBe('accepted')
    expect(member('path', value, undefined, 64n)).toBe('accepted')
    expect(absent('nothing')).toBe('accepted')
  })

  it('of another value, of nothing, and absence of something are refused', () => {
    expect(member('path', sha256(utf8('other')))).toBe('ethereum/49')
    expect(member('nothing', value)).toBe('ethereum/50')
    expect(member('nothing', new Uint8Array(32))).toBe('ethereum/50')
    expect(absent('path')).toBe('ethereum/51')
    expect(member('small', small.subarray(30))).toBe('ethereum/52')
  })

  it('by the proof of another path is refused', () => {
    expect(member('path', value, execution.proof('small'))).not.toBe('accepted')
    expect(absent('path', execution.proof('nothing'))).not.toBe('accepted')
  })

  it('at heights that are unknown or not yet final is refused', () => {
    expect(member('path', value, undefined, 73n)).toBe('ethereum/10')
    expect(member('path', value, undefined, 70n)).toBe('ethereum/2')
  })

  it('takes one path element', () => {
    const judge = (path: Uint8Array[]) =>
      codeOf(() =>
        client.verifyMembership(store, height(72n), execution.proof('path'), path, value, at(100n)),
      )
    expect(judge([])).toBe('ethereum/52')
    expect(judge([utf8('pa'), utf8('th')])).toBe('ethereum/52')
    expect(judge([new Uint8Array(257)])).toBe('ethereum/52')
    expect(judge([utf8('')])).toBe('ethereum/52')
  })

  it('of malformed or oversize proofs is refused', () => {
    expect(member('path', value, new Uint8Array(0))).toBe('ethereum/43')
    expect(member('path', value, Uint8Array.of(1, 2, 3))).toBe('ethereum/8')
    expect(member('path', value, new Uint8Array(150_000))).toBe('ethereum/8')
  })
})

describe('the optimistic head', () => {
  const value = sha256(utf8('deposit'))
  const execution = executionState([['path', value]])
  const wish = { attestedSlot: 90n, stateRoot: execution.root }

  it('serves previews, never packets, and only while it is ahead of what is final', () => {
    const { open, client, store, at, submit } = exampleClient()
    open()
    const preview = () =>
      codeOf(() =>
        client.verifyOptimisticMembership(store, execution.proof('path'), [utf8('path')], value, at(100n)),
      )
    expect(preview()).toBe('ethereum/14')
    expect(submit(wish, 'LightClientOptimisticUpdate')).toEqual([])
    expect(preview()).toBe('accepted')
    expect(client.optimisticHead(store)).toMatchObject({ slot: 90n, blockNumber: 1090n })
    expect(client.latestHeight(store)).toEqual(height(START_SLOT))
    for (const slot of [90n, START_SLOT]) {
      const packet = () =>
        client.verifyMembership(store, height(slot), execution.proof('path'), [utf8('path')], value, at(100n))
      expect(codeOf(packet)).not.toBe('accepted')
    }
    submit({ attestedSlot: 110n, finalizedSlot: 96n })
    expect(client.optimisticHead(store)?.slot).toBe(110n)
    expect(preview()).not.toBe('accepted')
    submit({ attestedSlot: 126n, finalizedSlot: 112n })
    submit({ attestedSlot: 115n }, 'LightClientOptimisticUpdate')
    expect(client.optimisticHead(store)?.slot).toBe(126n)
  })

  it('is no misbehaviour when it is reorganised away', () => {
    const { open, client, store, submit, at, message, chain } = exampleClient()
    open()
    submit(wish, 'LightClientOptimisticUpdate')
    const other = message(
      chain.update({ ...wish, branchOfHistory: 'reorganised' }),
      'LightClientOptimisticUpdate',
    )
    client.verifyClientMessage(store, other, at(100n))
    expect(client.checkForMisbehaviour(store, other)).toBe(false)
    submit({ attestedSlot: 110n, finalizedSlot: 96n, branchOfHistory: 'reorganised' })
    expect(client.status(store, at(112n).timeNanoseconds)).toBe('Active')
  })
})

describe('work is charged before it is done', () => {
  it('an aggregate, and the keys that an update brings', () => {
    const { open, client, store, at, message, chain } = exampleClient()
    open()
    const bill = (wish: Parameters<typeof chain.update>[0]) => {
      const charged: string[] = []
      const charge = (work: string, count: number) => void charged.push(`${count} ${work}`)
      client.verifyClientMessage(store, message(chain.update(wish)), at(200n, { charge }))
      return charged
    }
    expect(bill({ attestedSlot: 90n, finalizedSlot: 72n })).toEqual(['1 blsAggregate'])
    expect(bill({ attestedSlot: 90n, finalizedSlot: 72n, withNextCommittee: true })).toEqual([
      '1 blsAggregate',
      '32 blsKey',
    ])
    expect(syncCommittee(chain.config, 1n).pubkeys.length).toBe(32 * 48)
  })

  it('who can not pay gets no verdict', () => {
    const execution = executionState([['path', sha256(utf8('x'))]])
    const { open, client, store, at, message, chain } = exampleClient()
    open({}, execution.root)
    const charge = () => {
      throw new Error('out of gas')
    }
    const header = message(chain.update({ attestedSlot: 90n, finalizedSlot: 72n, participants: 22 }))
    expect(() => client.verifyClientMessage(store, header, at(100n, { charge }))).toThrow('out of gas')
    const prove = () =>
      client.verifyNonMembership(
        store,
        height(64n),
        execution.proof('path'),
        [utf8('path')],
        at(100n, { charge }),
      )
    expect(prove).toThrow('out of gas')
  })
})
