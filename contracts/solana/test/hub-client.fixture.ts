// A client of the hub in LiteSVM.
import { Keypair } from '@solana/web3.js'
import { concatBytes } from '@causeway/primitives'
import type { AttestationHeader, AttestationMessage } from '@causeway/light-clients'
import { decodeHubClient, decodeHubState } from '../src/generated/hub-client.ts'
import type { HubClientAccount, HubStateAccount } from '../src/generated/hub-client.ts'
import {
  hubClientAddress,
  hubStateAddress,
  initialiseHubClient,
  submitHubMisbehaviour,
  updateHubClient,
} from '../src/hub-client.ts'
import type { HubClientAddress } from '../src/hub-client.ts'
import { encodeHeader } from '../src/hub-message.ts'
import type { BufferedMessage } from '../src/instruction.ts'
import { UPLOAD_HEADER_BYTES } from '../src/upload.ts'
import { accountData, send, setAccount, setNow, startSvm } from './svm.fixture.ts'
import type { Sent, Svm } from './svm.fixture.ts'

/** Addresses of the programs in the tests. */
export const HUB_CLIENT_PROGRAM = Keypair.fromSeed(new Uint8Array(32).fill(1)).publicKey
/** See above. */
export const UPLOAD_PROGRAM = Keypair.fromSeed(new Uint8Array(32).fill(2)).publicKey

/** A chain with a client. */
export interface HubChain extends Svm {
  readonly address: HubClientAddress
}

/** A chain with the two programs. */
export function startHubChain(): Svm {
  return startSvm({ 'hub-client': HUB_CLIENT_PROGRAM, upload: UPLOAD_PROGRAM })
}

/** Makes a client at a time; throws when that is refused. */
export function startClient(
  trusted: AttestationMessage,
  setHash: Uint8Array,
  nowSeconds: bigint,
  chain: Svm = startHubChain(),
): HubChain {
  setNow(chain, nowSeconds)
  const begin = initialiseHubClient(HUB_CLIENT_PROGRAM, chain.payer.publicKey, trusted, setHash)
  const { error, logs } = send(chain, [begin])
  if (error !== undefined) throw new Error(`not made: ${error}\n${logs.join('\n')}`)
  return { ...chain, address: hubClientAddress(HUB_CLIENT_PROGRAM, trusted, setHash) }
}

/** Shows the client a header, `encoded` as it is or otherwise; one too long comes by a buffer. */
export function show(chain: HubChain, header: AttestationHeader, encoded = encodeHeader(header)): Sent {
  const buffer = bufferWith(chain, encoded)
  return send(chain, [updateHubClient(chain.address, chain.payer.publicKey, header, buffer)])
}

/** Shows the client two headers that contradict each other. */
export function showBoth(chain: HubChain, headers: readonly [AttestationHeader, AttestationHeader]): Sent {
  const buffer = bufferWith(chain, concatBytes(...headers.map(encodeHeader)))
  return send(chain, [submitHubMisbehaviour(chain.address, headers, buffer)])
}

/** A buffer that holds the bytes, without the transactions that write it (upload.test.ts has them). */
export function bufferWith(chain: Svm, bytes: Uint8Array): BufferedMessage {
  const buffer = Keypair.generate().publicKey
  const data = concatBytes(new Uint8Array(UPLOAD_HEADER_BYTES), bytes)
  setAccount(chain, buffer, { owner: UPLOAD_PROGRAM, data })
  return { account: buffer, offset: UPLOAD_HEADER_BYTES, length: bytes.length }
}

/** The client's account. */
export function clientOf(chain: HubChain): HubClientAccount {
  return decodeHubClient(accountData(chain, chain.address.client)!)!
}

/** The state's account at a height; undefined: there is none. */
export function stateOf(chain: HubChain, height: bigint): HubStateAccount | undefined {
  const data = accountData(chain, hubStateAddress(chain.address, height))
  return data && decodeHubState(data)
}
