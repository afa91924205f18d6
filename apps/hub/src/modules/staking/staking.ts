// The validator set of genesis, by height. Bonding and changes of power are to come: until then the set
// stays.
import { assert, sha256, toHex } from '@causeway/primitives'
import type { Validator } from '@causeway/protocol/causeway/staking/v1/staking'
import type { RequestInitChain, ValidatorUpdate } from '@causeway/protocol/tendermint/abci/types'
import type { ValidatorPorts } from '../../block/composition.ts'
import type { SetMember } from '../../block/transaction-zero.ts'
import { errors } from './errors.ts'
import { STAKING_STORE, readParams, readSet, writeParams, writeSet } from './state.ts'

const ADDRESS_BYTES = 20

/** What the block pipeline asks about validators. */
export function createStaking(): ValidatorPorts {
  // The set changes rarely; its stored bytes decode to the same members.
  let remembered: { from: readonly Validator[]; members: readonly SetMember[] } | undefined
  return {
    initChain(context, request) {
      const store = context.store(STAKING_STORE)
      const enabled = request.consensusParams?.abci?.voteExtensionsEnableHeight ?? 0n
      writeParams(store, { initialHeight: request.initialHeight, voteExtensionsEnableHeight: enabled })
      writeSet(store, request.initialHeight, { validators: genesisValidators(request) })
    },
    validatorsAt(context, height) {
      const { validators } = readSet(context.store(STAKING_STORE), height)
      if (remembered !== undefined && isSameSet(remembered.from, validators)) return remembered.members
      const members = validators.map(({ publicKey, power }) => ({
        address: addressOf(publicKey),
        publicKey,
        power,
      }))
      remembered = { from: validators, members }
      return members
    },
    initialHeight: (context) => readParams(context.store(STAKING_STORE)).initialHeight,
    voteExtensionsEnableHeight: (context) =>
      readParams(context.store(STAKING_STORE)).voteExtensionsEnableHeight,
    endBlock: (): ValidatorUpdate[] => [],
  }
}

function genesisValidators(request: RequestInitChain): Validator[] {
  if (request.validators.length === 0) throw errors.noValidators()
  const seen = new Set<string>()
  return request.validators.map(({ pubKey, power }, index) => {
    const publicKey = pubKey?.ed25519
    if (publicKey?.length !== 32 || power <= 0n || seen.has(toHex(publicKey)))
      throw errors.badValidator({ index })
    seen.add(toHex(publicKey))
    return { publicKey, power }
  })
}

function isSameSet(a: readonly Validator[], b: readonly Validator[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ publicKey, power }, i) => power === b[i]!.power && toHex(publicKey) === toHex(b[i]!.publicKey))
  )
}

/** Spec: CometBFT `crypto/ed25519` address. */
function addressOf(publicKey: Uint8Array): Uint8Array {
  const address = sha256(publicKey).slice(0, ADDRESS_BYTES)
  assert(address.length === ADDRESS_BYTES, 'a validator address has 20 bytes')
  return address
}
