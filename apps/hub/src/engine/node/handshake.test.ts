import { describe, expect, it } from 'vitest'
import { utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import type { Storage, StorageWrite } from '@causeway/state-tree'
import { createMemorySignState } from '../keys/sign-state.ts'
import { createKeyValueApplication } from '../kvstore.fixture.ts'
import type { KeyValueApplication } from '../kvstore.fixture.ts'
import { BlockStore } from '../store/block-store.ts'
import { testChain } from '../test-chain.fixture.ts'

const code = (value: number): unknown => expect.objectContaining({ codespace: 'engine', code: value })

/** A storage whose contents can be copied, as a crash leaves them. */
function copyable(): Storage & { copy(): Storage } {
  const inner = createMemoryStorage()
  return {
    ...inner,
    copy() {
      const copy = createMemoryStorage()
      copy.write(inner.range(new Uint8Array(1), undefined).map(([key, value]) => ({ key, value })))
      return copy
    },
  }
}

/** A storage that throws at its n-th write: the process dies there. */
function dyingAt(storage: Storage, n: number): Storage {
  let writes = 0
  return {
    ...storage,
    write(batch: readonly StorageWrite[]) {
      if (++writes === n) throw new Error('killed')
      storage.write(batch)
    },
  }
}

describe('after a restart', () => {
  it('the chain goes on', () => {
    const storage = createMemoryStorage()
    const application = createKeyValueApplication()
    const first = testChain({ storage, application })
    for (let i = 0; i < 3; i++) first.produce([`k${i}=1`])
    const second = testChain({ storage, application })
    expect(second.core.state).toEqual(first.core.state)
    expect(second.core.extendedCommit).toEqual(first.core.extendedCommit)
    const { made } = second.produce()
    expect(made.header.height).toBe(4n)
    expect(made.header.lastBlockId).toEqual(first.core.state.lastBlockId)
  })

  it('an application that lost a block gets it again', () => {
    const storage = createMemoryStorage()
    const data = copyable()
    const application = createKeyValueApplication(data)
    const chain = testChain({ storage, application })
    chain.produce(['a=1'])
    const behind = createKeyValueApplication(data.copy())
    chain.produce(['b=2'])
    const restarted = testChain({ storage, application: behind })
    expect(behind.calls).toEqual(['info', 'finalizeBlock', 'commit'])
    expect(behind.requests).toEqual(application.requests.slice(1))
    expect(restarted.core.state).toEqual(chain.core.state)
  })

  it('a fresh application gets genesis and every block again, validator changes included', () => {
    const storage = createMemoryStorage()
    const application = createKeyValueApplication()
    const chain = testChain({ storage, application, validators: ['a', 'b'] })
    for (let i = 0; i < 70; i++) chain.produce([`k${i}=1`])
    const fresh = createKeyValueApplication()
    testChain({ storage, application: fresh, validators: ['a', 'b'] })
    expect(fresh.calls.slice(0, 4)).toEqual(['info', 'initChain', 'finalizeBlock', 'commit'])
    expect(fresh.requests).toEqual(application.requests)
  })

  it('an application ahead of the store is refused', () => {
    const application = createKeyValueApplication()
    testChain({ application }).produce()
    expect(() => testChain({ application })).toThrow(code(22))
  })

  it('an application of another history is refused, at once or in replay', () => {
    const storage = createMemoryStorage()
    testChain({ storage }).produce(['a=1'])
    const other = createKeyValueApplication()
    testChain({ application: other }).produce(['b=2'])
    expect(() => testChain({ storage, application: other })).toThrow(code(24))
    const forgetful: KeyValueApplication = {
      ...createKeyValueApplication(),
      finalizeBlock: (request) => ({
        events: [],
        txResults: request.txs.map(() => ({ ...emptyResult, code: 9 })),
        validatorUpdates: [],
        consensusParamUpdates: undefined,
        appHash: new BlockStore(storage).results(1n)!.appHash,
      }),
    }
    expect(() => testChain({ storage, application: forgetful })).toThrow(code(24))
    const divergent: KeyValueApplication = {
      ...createKeyValueApplication(),
      finalizeBlock: (request) => ({
        ...createKeyValueApplication().finalizeBlock(request),
        appHash: utf8('another'),
      }),
    }
    expect(() => testChain({ storage, application: divergent })).toThrow(code(24))
  })

  it('an application below the pruned blocks is refused', () => {
    const storage = createMemoryStorage()
    const chain = testChain({ storage })
    for (let i = 0; i < 5; i++) chain.produce()
    chain.application.behaviour.retainHeight = 4n
    chain.produce()
    expect(() => testChain({ storage })).toThrow(code(23))
    const same = testChain({ storage, application: chain.application })
    expect(same.produce().made.header.height).toBe(7n)
  })

  it('another genesis is refused', () => {
    const storage = createMemoryStorage()
    const application = createKeyValueApplication()
    testChain({ storage, application }).produce()
    expect(() => testChain({ storage, application, genesis: { app_state: 1 } })).toThrow(code(20))
  })

  it('a store that holds something else is refused', () => {
    const storage = createMemoryStorage()
    storage.write([{ key: Uint8Array.of(1), value: utf8('no state') }])
    expect(() => testChain({ storage })).toThrow(code(21))
  })
})

describe('killed between any two writes', () => {
  /** Writes of a node until it has made three blocks. */
  const WRITES = 7

  it.each(Array.from({ length: WRITES }, (_, i) => i + 1))(
    'at write %i the chain comes out the same',
    (n) => {
      const expected = testChain()
      for (let i = 0; i < 4; i++) expected.produce([`k${i}=1`])

      const storage = createMemoryStorage()
      const data = createMemoryStorage()
      const signState = createMemorySignState()
      const options = { signState: () => signState }
      let txs = 0
      const run = (dying: Storage): void => {
        const chain = testChain({
          ...options,
          storage: dying,
          application: createKeyValueApplication(data),
          clock: clockOf(() => chain.core.state.lastHeight),
        })
        while (chain.core.state.lastHeight < 4n) {
          txs = Number(chain.core.state.lastHeight)
          chain.produce([`k${txs}=1`])
        }
      }
      expect(() => run(dyingAt(storage, n))).toThrow('killed')
      run(storage)
      const store = new BlockStore(storage)
      const reference = expected.core.store
      for (let height = 1n; height <= 4n; height++) {
        expect(store.block(height)?.data).toEqual(reference.block(height)?.data)
        expect(store.results(height)?.appHash).toEqual(reference.results(height)?.appHash)
      }
      expect(store.loadPending()).toBeUndefined()
    },
  )

  it('after it signed it signs the same block again, though other transactions wait and time went on', () => {
    const storage = createMemoryStorage()
    const data = createMemoryStorage()
    const signState = createMemorySignState()
    const first = testChain({
      storage,
      application: createKeyValueApplication(data),
      signState: () => signState,
    })
    first.application.behaviour.breakAt = 'finalizeBlock'
    expect(() => first.produce(['a=1'])).toThrow('finalizeBlock is broken')
    const signed = signState.load()
    expect(signed).toMatchObject({ height: 1n, step: 3 })
    const second = testChain({
      storage,
      application: createKeyValueApplication(data),
      signState: () => signState,
      clock: () => 9_999_999_999_999_999_999n,
    })
    const { made } = second.produce(['b=2'])
    expect(made.block.data!.txs).toEqual([utf8('a=1')])
    expect(second.application.calls).not.toContain('prepareProposal')
    expect(second.core.extendedCommit!.extendedSignatures[0]!.signature).toEqual(signed.signature)
    expect(signState.load()).toEqual(signed)
    expect(second.produce(['b=2']).made.block.data!.txs).toEqual([utf8('b=2')])
  })
})

const emptyResult = {
  code: 0,
  data: new Uint8Array(0),
  log: '',
  info: '',
  gasWanted: 0n,
  gasUsed: 0n,
  events: [],
  codespace: '',
}

/** A clock that depends on the height only. */
function clockOf(height: () => bigint): () => bigint {
  return () => 1_767_323_046_000_000_000n + height() * 1_000_000_000n
}
