import { packAny } from '@causeway/protocol'
import { Header } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import type { ForkName } from '../consensus/forks.ts'
import type { UpdateKind } from '../consensus/ssz-update.ts'
import { exampleClient, headerOf } from './example-client.fixture.ts'
import { ETHEREUM_HEADER_TYPE_URL } from './type-urls.ts'

/** Bits of an update that may differ and leave it valid: none, but for what nobody has to sign or prove. */
const STEP_BYTES = 7

describe('a header with a byte changed is refused', () => {
  const kinds: readonly [UpdateKind, keyof Header][] = [
    ['LightClientUpdate', 'update'],
    ['LightClientFinalityUpdate', 'finalityUpdate'],
    ['LightClientOptimisticUpdate', 'optimisticUpdate'],
  ]
  it.each<ForkName>(['capella', 'deneb', 'electra', 'fulu'])('in %s, wherever it is changed', (fork) => {
    const { chain, client, store, open, at } = exampleClient([[fork, 0n]])
    open()
    const update = chain.update({ attestedSlot: 90n, finalizedSlot: 72n, withNextCommittee: true })
    let tried = 0
    for (const [kind, member] of kinds) {
      const header = headerOf(chain, update, kind)
      const bytes = header[member] as Uint8Array
      for (let i = 0; i < bytes.length; i += STEP_BYTES) {
        const changed = { ...header, [member]: bytes.with(i, bytes[i]! ^ 0x10) }
        const message = packAny(ETHEREUM_HEADER_TYPE_URL, Header.encode(changed).finish())
        const verdict = codeOf(() => client.verifyClientMessage(store, message, at(95n)))
        expect(verdict, `${kind} byte ${i}`).toMatch(/^ethereum\/(12|20|21|22|23|24|25|26|27|29|30)$/)
        tried++
      }
    }
    expect(tried).toBeGreaterThan(500)
  })
})

describe('a valid message', () => {
  it('changes nothing while it is only verified', () => {
    const { chain, client, store, open, at, message } = exampleClient()
    open()
    const before = store.keys()
    const header = message(chain.update({ attestedSlot: 90n, finalizedSlot: 72n, withNextCommittee: true }))
    client.verifyClientMessage(store, header, at(95n))
    expect(client.checkForMisbehaviour(store, header)).toBe(false)
    expect(store.keys()).toEqual(before)
  })
})
