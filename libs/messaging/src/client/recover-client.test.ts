import { beforeEach, describe, expect, it } from 'vitest'
import {
  MISBEHAVIOUR_URL,
  TRUSTING_SECONDS,
  clientState,
  consensusState,
} from '../testing/oracle-client.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import { CREATOR, createChains, openClient, register, update } from '../testing/two-chains.fixture.ts'
import { clientStatus } from './active-client.ts'
import { readClientStore } from './client-store.ts'
import { findCounterparty } from './counterparty.ts'
import { createClient } from './create-client.ts'
import { recoverClient } from './recover-client.ts'
import type { Recovery } from './recover-client.ts'
import { createLightClientRegistry } from './registry.ts'
import { updateClient } from './update-client.ts'

let a: TestChain
let b: TestChain

beforeEach(() => {
  const chains = createChains('alpha', 'beta')
  a = chains.alpha
  b = chains.beta
})

const SUBJECT = '07-tendermint-0'
const SUBSTITUTE = '07-tendermint-1'

const recover = (over: Partial<Recovery> = {}) => {
  const recovery = { clientId: SUBJECT, substituteClientId: SUBSTITUTE, ...over }
  return a.deliver((context) => recoverClient(context, a.lightClients, recovery))
}
const freeze = (clientId = SUBJECT) =>
  a.deliver((context) =>
    updateClient(context, a.lightClients, {
      clientId,
      clientMessage: { typeUrl: MISBEHAVIOUR_URL, value: new Uint8Array(8) },
      signer: CREATOR,
    }),
  )
const statusOf = (clientId = SUBJECT) => clientStatus(a.reader(), a.lightClients, clientId, a.timeNanoseconds)
const states = (clientId = SUBJECT) =>
  [...readClientStore(a.reader(), clientId).iterate()]
    .map(([key]) => new TextDecoder().decode(key))
    .filter((key) => key.startsWith('consensusStates/'))

/** Another client, at the height that the other chain has now. */
function addSubstitute(chain = b) {
  chain.advance(5n)
  const message = { clientState: clientState(chain), consensusState: consensusState(chain), signer: CREATOR }
  return a.deliver((context) => createClient(context, a.lightClients, message)).result.clientId
}

describe('recoverClient', () => {
  it('lets a Frozen client go on with id and counterparty, and with nothing that it had learnt', () => {
    openClient(a, b)
    register(a, SUBJECT, '07-tendermint-9')
    b.advance(5n)
    update(a, SUBJECT, b)
    const counterparty = findCounterparty(a.reader(), SUBJECT)
    expect(counterparty).toBeDefined()
    freeze()
    addSubstitute()
    expect(statusOf()).toBe('Frozen')
    expect(states().length).toBeGreaterThan(1)
    const { events } = recover()
    expect(statusOf()).toBe('Active')
    expect(states()).toEqual(states(SUBSTITUTE))
    expect(findCounterparty(a.reader(), SUBJECT)).toEqual(counterparty)
    expect(events).toEqual([
      {
        type: 'recover_client',
        attributes: [
          { key: 'subject_client_id', value: SUBJECT },
          { key: 'client_type', value: '07-tendermint' },
          { key: 'substitute_client_id', value: SUBSTITUTE },
        ],
      },
      { type: 'message', attributes: [{ key: 'module', value: 'ibc_client' }] },
    ])
  })

  it('is refused while a client is Active, and without an Active substitute', () => {
    openClient(a, b)
    addSubstitute()
    expect(refusal(() => recover())).toBe('ibc/69')
    freeze()
    freeze(SUBSTITUTE)
    expect(refusal(() => recover())).toBe('ibc/61')
    expect(refusal(() => recover({ substituteClientId: '07-tendermint-7' }))).toBe('ibc/60')
    expect(refusal(() => recover({ clientId: '07-tendermint-7' }))).toBe('ibc/60')
    expect(refusal(() => recover({ clientId: 'x' }))).toBe('ibc/1')
    expect(refusal(() => recover({ substituteClientId: SUBJECT }))).toBe('ibc/61')
  })

  it('takes an Expired client forwards only', () => {
    openClient(a, b)
    a.advance(TRUSTING_SECONDS + 100n)
    b.advance(TRUSTING_SECONDS + 100n)
    expect(statusOf()).toBe('Expired')
    addSubstitute()
    recover()
    expect(statusOf()).toBe('Active')
  })

  it('is refused where a client can not be given another state', () => {
    openClient(a, b)
    freeze()
    addSubstitute()
    const plain = createLightClientRegistry([
      { ...a.lightClients.byClientId(SUBJECT), recover: undefined } as never,
    ])
    const run = () =>
      a.deliver((context) =>
        recoverClient(context, plain, { clientId: SUBJECT, substituteClientId: SUBSTITUTE }),
      )
    expect(refusal(run)).toBe('ibc/70')
  })

  it('leaves what the client had learnt when it is only tried', () => {
    openClient(a, b)
    freeze()
    addSubstitute()
    const before = states()
    recover({ isRehearsal: true })
    expect(states().slice(0, before.length)).toEqual(before)
  })
})
