import { expect, it } from 'vitest'
import { createSparseTree } from '@causeway/light-clients'
import { packetCommitment, packetCommitmentKey } from '@causeway/messaging'
import { TOKEN_PROGRAM_ID } from '@solana/spl-token'
import { hubStateAddress } from '../src/hub-client.ts'
import { addClientInstruction } from '../src/core/instructions.ts'
import { initialiseVaultInstruction, openLineInstruction } from '../src/vault/instructions.ts'
import { CLIENT, HELD, balanceOf, deposit, done, makeMint, mintTo, openWallet } from './bridge.fixture.ts'
import type { Bridge } from './bridge.fixture.ts'
import { commitIbc, exampleSet, exampleStores, packedProofs, signHeader } from './example-hub.fixture.ts'
import { HUB_CLIENT_PROGRAM, UPLOAD_PROGRAM, show, startClient } from './hub-client.fixture.ts'
import { HUB_CLIENT, START_SECONDS, exampleKey } from './hub.fixture.ts'
import { answerOf, receive, withdrawal } from './relay.fixture.ts'
import { send, startSvm } from './svm.fixture.ts'

it('all programs: attested, proven, paid; update and packet within 1.4 million compute units', async () => {
  const [core, vault] = [exampleKey().publicKey, exampleKey().publicKey]
  const programs = { 'hub-client': HUB_CLIENT_PROGRAM, upload: UPLOAD_PROGRAM, core, vault }
  const signers = exampleSet('whole way', 4)
  const stores = exampleStores()
  const messageAt = (height: bigint, appHash: Uint8Array) => ({
    chainId: 'causeway-1',
    height,
    timeSeconds: START_SECONDS - 100n + height,
    appHash,
    nextSetHash: signers.setHash,
  })
  const first = commitIbc(stores, 1n, [[packetCommitmentKey('other-1', 1n), new Uint8Array(32)]])
  const chain = startClient(messageAt(2n, first), signers.setHash, START_SECONDS, startSvm(programs))
  const payer = chain.payer.publicKey
  const lightState = chain.address.client
  done(send(chain, [addClientInstruction(core, payer, 0, { lightState, counterparty: HUB_CLIENT })]))
  done(send(chain, [initialiseVaultInstruction(vault, core, payer)]))
  const [mint, owner] = [makeMint(chain, TOKEN_PROGRAM_ID), exampleKey()]
  const line = { vault, core, clientId: CLIENT, lightState, mint, tokenProgram: TOKEN_PROGRAM_ID }
  done(send(chain, [openLineInstruction(line, payer)]))
  done(send(chain, mintTo(chain, line, owner.publicKey, HELD)))
  let sent: Uint8Array = new Uint8Array()
  const hub = { prove: () => packedProofs(stores, [sent])[0]! } as unknown as Bridge['hub']
  const upload = UPLOAD_PROGRAM
  const bridge: Bridge = { ...chain, core, vault, upload, hub, line, owner, receipts: createSparseTree() }
  deposit(bridge, 4_000_000n, 1n)
  const recipient = exampleKey().publicKey
  openWallet(bridge, recipient)
  const packet = withdrawal(bridge, { sequence: 1n, recipient, amount: 1_000_000n })
  sent = packetCommitmentKey(HUB_CLIENT, 1n)
  const appHash = commitIbc(stores, 2n, [[sent, packetCommitment(packet)]])
  const updated = done(show(chain, signHeader(signers, messageAt(3n, appHash))))
  const state = hubStateAddress(chain.address, 3n)
  const received = done(await receive(bridge, packet, state, recipient))
  expect(answerOf(bridge, received)).toBe('success')
  expect(balanceOf(bridge, recipient)).toBe(1_000_000n)
  expect(updated.computeUnits + received.computeUnits).toBeLessThan(1_400_000)
})
