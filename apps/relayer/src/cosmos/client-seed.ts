import type { Any } from '@causeway/protocol/google/protobuf/any'
import { HashOp, LengthOp } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import type { ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { ClientState, ConsensusState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { RelayError } from '../errors.ts'
import type { ClientSeed } from '../chain.ts'
import type { LightBlock } from './light-block.ts'

/** Terms of a new client, in seconds. The trusting period has to stay below the chain's unbonding period. */
export interface ClientTerms {
  readonly trustingPeriodSeconds: bigint
  readonly unbondingPeriodSeconds: bigint
  readonly maxClockDriftSeconds: bigint
}

const LEAF = {
  hash: HashOp.SHA256,
  prehashKey: HashOp.NO_HASH,
  prehashValue: HashOp.SHA256,
  length: LengthOp.VAR_PROTO,
  prefix: Uint8Array.of(0),
} as const
const INNER = { childOrder: [0, 1], emptyChild: new Uint8Array(), hash: HashOp.SHA256 }

/**
 * How a Cosmos chain's state is proven: an IAVL tree under a Tendermint simple tree. Spec: ICS-23
 * `IavlSpec`, `TendermintSpec`.
 */
const PROOF_SPECS: readonly ProofSpec[] = [
  {
    leafSpec: LEAF,
    innerSpec: { ...INNER, childSize: 33, minPrefixLength: 4, maxPrefixLength: 12 },
    maxDepth: 0,
    minDepth: 0,
    prehashKeyBeforeComparison: false,
  },
  {
    leafSpec: LEAF,
    innerSpec: { ...INNER, childSize: 32, minPrefixLength: 1, maxPrefixLength: 1 },
    maxDepth: 0,
    minDepth: 0,
    prehashKeyBeforeComparison: false,
  },
]

/** The revision that a chain id carries (`name-7` → 7), 0 without one. Spec: ICS-02 `ParseChainID`. */
export function revisionOf(chainId: string): bigint {
  const match = /^.*[^\n-]-([1-9][0-9]*)$/.exec(chainId)
  return match?.[1] === undefined ? 0n : BigInt(match[1])
}

/** Client and consensus state of a 07-tendermint client that starts by trusting this block. */
export function makeClientSeed(block: LightBlock, terms: ClientTerms): ClientSeed {
  const header = block.signedHeader.header
  if (header?.time === undefined) throw new RelayError('endpoint', 'later', 'a header without time')
  const clientState = ClientState.encode({
    chainId: header.chainId,
    trustLevel: { numerator: 1n, denominator: 3n },
    trustingPeriod: { seconds: terms.trustingPeriodSeconds, nanos: 0 },
    unbondingPeriod: { seconds: terms.unbondingPeriodSeconds, nanos: 0 },
    maxClockDrift: { seconds: terms.maxClockDriftSeconds, nanos: 0 },
    frozenHeight: { revisionNumber: 0n, revisionHeight: 0n },
    latestHeight: { revisionNumber: revisionOf(header.chainId), revisionHeight: header.height },
    proofSpecs: [...PROOF_SPECS],
    upgradePath: ['upgrade', 'upgradedIBCState'],
    allowUpdateAfterExpiry: false,
    allowUpdateAfterMisbehaviour: false,
  }).finish()
  const consensusState = ConsensusState.encode({
    timestamp: header.time,
    root: { hash: header.appHash },
    nextValidatorsHash: header.nextValidatorsHash,
  }).finish()
  return {
    chainId: header.chainId,
    clientState: typed('ClientState', clientState),
    consensusState: typed('ConsensusState', consensusState),
  }
}

function typed(name: string, value: Uint8Array): Any {
  return { typeUrl: `/ibc.lightclients.tendermint.v1.${name}`, value }
}
