// The first blocks: clients and counterparties of both chains, money for everybody, session keys.
import { assert, utf8 } from '@causeway/primitives'
import { MsgCreateSessionKey } from '@causeway/protocol/causeway/accounts/v1/tx'
import { message } from '../testing/messages.fixture.ts'
import { packed } from './action.fixture.ts'
import { CLIENT_HERE } from './counterparty.fixture.ts'
import type { CounterpartyChain } from './counterparty.fixture.ts'
import { TOKENS } from './genesis.fixture.ts'
import type { Relays } from './relays.fixture.ts'
import type { Scene } from './scene.fixture.ts'
import { addresses } from './scene.fixture.ts'

const SESSION_SECONDS = 80n * 86_400n
/** To begin with: so much that two or three orders are all that margin lets them have. */
const AMOUNTS = { usdz: 60_000n * 10n ** 6n, eth: 5n * 10n ** 18n, btc: 10n ** 7n } as const

/** Lives them. */
export function bootstrap(scene: Scene, relays: Relays, block: () => void): void {
  for (let i = 0; i < 3; i++) block()
  for (const chain of scene.chains) open(scene, chain, block)
  for (const chain of scene.chains) fund(scene, relays, chain, block)
  for (const actor of scene.actors) {
    const expiresSeconds = scene.timeSeconds + SESSION_SECONDS
    const fields = { account: actor.address, sessionKey: actor.session.publicKey, expiresSeconds }
    scene.send('session key', actor, [packed('accounts.v1.MsgCreateSessionKey', MsgCreateSessionKey, fields)])
    actor.sessionExpirySeconds = expiresSeconds
  }
  block()
  const refused = scene.coverage.refused('session key') + scene.coverage.refused('relay of packets')
  assert(refused === 0, `the first blocks went wrong:\n${scene.coverage.report()}`)
}

function open(scene: Scene, chain: CounterpartyChain, block: () => void): void {
  const [relayer] = scene.relayers
  const signer = relayer!.address
  const fields = { ...chain.clientStates(), signer }
  const onResult = ({ code, log, events }: Parameters<NonNullable<OnResult>>[0]) => {
    assert(code === 0, log)
    const created = events.find(({ type }) => type === 'create_client')!
    chain.client = created.attributes.find(({ key }) => key === 'client_id')!.value
  }
  const options = { gasLimit: 3_000_000n, onResult }
  scene.send('client', relayer!, [message('ibc.core.client.v1.MsgCreateClient', fields)], options)
  block()
  const registration = {
    clientId: chain.client,
    counterpartyClientId: CLIENT_HERE,
    counterpartyMerklePrefix: [utf8('ibc'), new Uint8Array(0)],
    signer,
  }
  const registering = message('ibc.core.client.v2.MsgRegisterCounterparty', registration)
  scene.send('client', relayer!, [registering], { gasLimit: 3_000_000n })
  block()
}

type OnResult = NonNullable<Parameters<Scene['send']>[3]>['onResult']

function fund(scene: Scene, relays: Relays, chain: CounterpartyChain, block: () => void): void {
  for (const { base, asset } of TOKENS.filter(({ chainId }) => chainId === chain.chainId)) {
    for (const { id: account } of scene.actors)
      for (const subaccount of asset === 'usdz' ? [0, 1] : [0])
        chain.deposit({
          denom: base,
          amount: AMOUNTS[asset] / (subaccount === 0 ? 1n : 4n),
          receiver: addresses.encodeHolder({ account, subaccount }),
          timeoutSeconds: scene.timeSeconds + 3_600n,
        })
  }
  const packets = [...chain.sent.values()]
  for (let i = 0; i < packets.length; i += 40) {
    chain.block(scene.timeSeconds)
    relays.bring(chain, scene.relayers[0]!, packets.slice(i, i + 40))
    block()
  }
  for (const [sequence, { state }] of [...chain.sent]) chain.end(sequence, state === 'taken')
}
