// A CometBFT chain that a test makes up: validators with keys of any kind, headers of any state, evidence
// against itself.
import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha512 } from '@noble/hashes/sha2.js'
import sodium from 'sodium-native'
import {
  commitSignBytes,
  cosmosSpecs,
  createValidatorSet,
  fromNanoseconds,
  hashHeader,
  hashValidatorSet,
  newValidator,
} from '@causeway/light-clients'
import { concatBytes, fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  Header,
  Misbehaviour,
} from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { Commit, SignedHeader } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { messagingHeight } from '../block/messaging-context.ts'

/** `ed25519Slow`: signatures that ZIP-215 accepts and native libraries refuse. */
export type KeyKind = 'ed25519' | 'ed25519Slow' | 'secp256k1'

/** What a test wants of a chain. */
export interface ForeignChainOptions {
  readonly chainId: string
  readonly kind: KeyKind
  readonly validators: number
  /** Keys follow from it; the chain id by default. */
  readonly seed?: string
  /** Time of height 0; a block is a second. */
  readonly genesisSeconds: bigint
  /** Times of blocks otherwise: ascending, seconds since 1970. */
  readonly secondsOf?: (height: bigint) => bigint
}

type Sign = (message: Uint8Array) => Uint8Array

const TYPES = '/ibc.lightclients.tendermint.v1'
const { Point } = ed25519
const ORDER = Point.Fn.ORDER
/** A point of order 8. */
const TORSION = Point.fromBytes(fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'))

/** The chain. */
export class ForeignChain {
  readonly chainId: string
  readonly validators: ValidatorSet
  readonly #secondsOf: (height: bigint) => bigint
  readonly #signers = new Map<string, Sign>()

  constructor(options: ForeignChainOptions) {
    const { chainId, kind, validators, seed = chainId, genesisSeconds } = options
    this.chainId = chainId
    this.#secondsOf = options.secondsOf ?? ((height) => genesisSeconds + height)
    this.validators = createValidatorSet(
      Array.from({ length: validators }, (_, i) => {
        const { publicKey, sign } = keyOf(kind, sha256(utf8(`${seed} ${i}`)))
        const validator = newValidator(publicKey, 10n)
        this.#signers.set(toHex(validator.address), sign)
        return validator
      }),
    )
  }

  /** The header of a height over a state, committed by everyone. */
  signedHeader(height: bigint, appHash: Uint8Array = sha256(utf8(`state ${height}`))): SignedHeader {
    const hash = (what: string) => sha256(utf8(`${what} ${height}`))
    const validatorsHash = hashValidatorSet(this.validators)
    const header = {
      version: { block: 11n, app: 0n },
      chainId: this.chainId,
      height,
      time: this.#timeOf(height, 0),
      lastBlockId: { hash: hash('last block'), partSetHeader: { total: 1, hash: hash('last parts') } },
      lastCommitHash: hash('last commit'),
      dataHash: hash('data'),
      validatorsHash,
      nextValidatorsHash: validatorsHash,
      consensusHash: hash('consensus'),
      appHash,
      lastResultsHash: hash('results'),
      evidenceHash: hash('evidence'),
      proposerAddress: this.validators.validators[0]!.address,
    }
    const blockId = { hash: hashHeader(header), partSetHeader: { total: 1, hash: hash('parts') } }
    const commit: Commit = { height, round: 0, blockId, signatures: [] }
    const signBytes = commitSignBytes(this.chainId, commit)
    commit.signatures = this.validators.validators.map(({ address }, i) => {
      const timestamp = this.#timeOf(height, i)
      const signature = this.#signers.get(toHex(address))!(signBytes(timestamp))
      return { blockIdFlag: 2, validatorAddress: address, timestamp, signature }
    })
    return { header, commit }
  }

  /** States of a new client that trusts a height. */
  clientStates(height: bigint): { clientState: Any; consensusState: Any } {
    const { header } = this.signedHeader(height)
    const clientState: ClientState = {
      chainId: this.chainId,
      trustLevel: { numerator: 1n, denominator: 3n },
      trustingPeriod: { seconds: 1_000_000n, nanos: 0 },
      unbondingPeriod: { seconds: 2_000_000n, nanos: 0 },
      maxClockDrift: { seconds: 30n, nanos: 0 },
      frozenHeight: { revisionNumber: 0n, revisionHeight: 0n },
      latestHeight: messagingHeight(this.chainId, height),
      proofSpecs: [...cosmosSpecs],
      upgradePath: ['upgrade', 'upgradedIBCState'],
      allowUpdateAfterExpiry: false,
      allowUpdateAfterMisbehaviour: false,
    }
    const { time: timestamp, appHash, nextValidatorsHash } = header!
    const consensusState = { timestamp, root: { hash: appHash }, nextValidatorsHash }
    return {
      clientState: { typeUrl: `${TYPES}.ClientState`, value: ClientState.encode(clientState).finish() },
      consensusState: {
        typeUrl: `${TYPES}.ConsensusState`,
        value: ConsensusState.encode(consensusState).finish(),
      },
    }
  }

  /** The update from a trusted height to a later one. */
  update(height: bigint, trusted: bigint, appHash?: Uint8Array): Any {
    const header = this.#headerMessage(height, trusted, appHash)
    return { typeUrl: `${TYPES}.Header`, value: Header.encode(header).finish() }
  }

  /** Two headers of one height. */
  misbehaviour(clientId: string, height: bigint, trusted: bigint): Any {
    const header1 = this.#headerMessage(height, trusted)
    const header2 = this.#headerMessage(height, trusted, sha256(utf8('another state')))
    return {
      typeUrl: `${TYPES}.Misbehaviour`,
      value: Misbehaviour.encode({ clientId, header1, header2 }).finish(),
    }
  }

  #headerMessage(height: bigint, trusted: bigint, appHash?: Uint8Array): Header {
    return {
      signedHeader: this.signedHeader(height, appHash),
      validatorSet: this.validators,
      trustedHeight: messagingHeight(this.chainId, trusted),
      trustedValidators: this.validators,
    }
  }

  #timeOf(height: bigint, nanoseconds: number) {
    return fromNanoseconds(this.#secondsOf(height) * 1_000_000_000n + BigInt(nanoseconds))
  }
}

function keyOf(kind: KeyKind, secret: Uint8Array) {
  if (kind === 'secp256k1') {
    const sign: Sign = (message) => secp256k1.sign(message, secret, { prehash: true, lowS: true })
    return { publicKey: { secp256k1: secp256k1.getPublicKey(secret, true) }, sign }
  }
  const publicKey = ed25519.getPublicKey(secret)
  const sign: Sign =
    kind === 'ed25519' ? nativeSigner(secret) : (message) => signSlow(message, secret, publicKey)
  return { publicKey: { ed25519: publicKey }, sign }
}

/** The same signatures as any other library's, in a tenth of the time: headers are signed by the thousand. */
function nativeSigner(seed: Uint8Array): Sign {
  const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES)
  const secret = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES)
  sodium.crypto_sign_seed_keypair(publicKey, secret, Buffer.from(seed))
  return (message) => {
    const signature = Buffer.alloc(sodium.crypto_sign_BYTES)
    sodium.crypto_sign_detached(signature, Buffer.from(message), secret)
    return Uint8Array.from(signature)
  }
}

/** R has a part of order 8, which the cofactor of ZIP-215 takes away again. */
function signSlow(message: Uint8Array, secret: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const { scalar } = ed25519.utils.getExtendedPublicKey(secret)
  const nonce = Point.Fn.create(littleEndian(sha512(concatBytes(secret, message))))
  const R = Point.BASE.multiply(nonce).add(TORSION).toBytes()
  const challenge = littleEndian(sha512(concatBytes(R, publicKey, message))) % ORDER
  const S = Point.Fn.toBytes(Point.Fn.create(nonce + challenge * scalar))
  return concatBytes(R, S)
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
}
