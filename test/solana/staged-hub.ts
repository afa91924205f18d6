/* eslint-disable @nx/enforce-module-boundaries -- the programs' own fixture of a hub, not a second one */
import type { AttestationHeader, AttestationMessage } from '@causeway/light-clients'
import { packetCommitmentKey } from '@causeway/messaging'
import { AttestationHeader as WireHeader } from '@causeway/protocol/causeway/attestation/v1/attestation'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import {
  commitIbc,
  exampleSet,
  exampleStores,
  queryProofs,
  signHeader,
} from '../../contracts/solana/test/example-hub.fixture.ts'

/** Chain id of the hub. */
export const HUB = 'causeway-1'
/** What time it is on the cluster at first. */
export const NOW = 1_800_000_000n

/** A hub whose attestors sign what it commits to. */
export class StagedHub {
  readonly #signers
  readonly #stores = exampleStores()
  #version = 0n
  #timeSeconds = NOW - 1_000n
  readonly absent: number[] = []

  constructor(attestors: number) {
    this.#signers = exampleSet('stage', attestors)
    this.commit([[packetCommitmentKey('other-1', 1n), new Uint8Array(32)]])
  }

  /** Height whose attestation proves what was committed last. */
  get height(): bigint {
    return this.#version + 1n
  }

  /** Writes into the store of packets; the client message that shows it. */
  commit(entries: readonly (readonly [Uint8Array, Uint8Array])[], timeSeconds?: bigint): Any {
    this.#version += 1n
    const appHash = commitIbc(this.#stores, this.#version, entries)
    return this.attest(appHash, timeSeconds)
  }

  /** The newest height's attestation, or another one of that height. */
  attest(appHash: Uint8Array, timeSeconds = this.#timeSeconds + 1n): Any {
    this.#timeSeconds = timeSeconds
    const message: AttestationMessage = {
      ...{ chainId: HUB, height: this.height, timeSeconds, appHash },
      nextSetHash: this.#signers.setHash,
    }
    return toAny(signHeader(this.#signers, message, this.absent))
  }

  /** Merkle proof about a key, as the hub's queries give it. */
  prove(key: Uint8Array): Uint8Array {
    return queryProofs(this.#stores, [key])[0]!
  }
}

function toAny({ message, set, absentees, signature }: AttestationHeader): Any {
  const { height, timeSeconds, appHash, nextSetHash } = message
  const attestation = { timeSeconds, appHash, nextSetHash }
  const wire = WireHeader.fromPartial({
    ...{ height, attestation, set, signature },
    absentees: absentees.map((one) => ({ ...one, proof: [...one.proof] })),
  })
  return { typeUrl: '/causeway.attestation.v1.AttestationHeader', value: WireHeader.encode(wire).finish() }
}
